"""Theta of one finite network (erf, two layers), in double precision, beside the faster of neural-tangents (contraction of Jacobians; its
structured derivatives do not run with the JAX that it needs, its products with vectors take longer) and of J Jᵀ by hand in JAX.
"""
from jax_network import output, unpack
from measure import Row, fastest

PROGRAM = "empirical_ntk"
NEURAL_TANGENTS = True


def rows(size):
    sizes = ((16, 8, 20),) if size == "tiny" else ((64, 64, 1000), (256, 128, 400))
    return [Row("empirical_ntk", f"empirical NTK, N = {width}, P = {points}",
                {"activation": "erf", "width": width, "dimension": dimension, "points": points}, wanted=2, tolerance=1e-10)
            for width, dimension, points in sizes]


def prepare(arrays, words):
    import numpy as np
    numbers = np.random.default_rng(1)
    width, dimension = words["width"], words["dimension"]
    arrays.give("x", numbers.standard_normal((words["points"], dimension)))
    arrays.give("theta", numbers.standard_normal(width * (dimension + width + 1)))


def theirs(arrays, words):
    import jax
    import neural_tangents as nt
    width, dimension = words["width"], words["dimension"]
    x = jax.numpy.asarray(arrays.take("x", words["points"], dimension))
    theta = unpack(jax.numpy.asarray(arrays.take("theta", width * (dimension + width + 1))), width, dimension)

    contraction = nt.empirical_ntk_fn(lambda theta, x: output(theta, x)[:, None], trace_axes=(-1,), vmap_axes=0,
                                      implementation=nt.NtkImplementation.JACOBIAN_CONTRACTION)
    gradient = jax.grad(lambda theta, point: output(theta, point[None])[0])

    def by_hand(x, theta):
        parts = [part.reshape(len(x), -1) for part in jax.vmap(lambda point: gradient(theta, point))(x)]
        return sum(part @ part.T for part in parts)

    def form(function):
        compiled = jax.jit(function)
        return lambda: compiled(x, theta).block_until_ready()

    tangent = fastest(form(lambda x, theta: contraction(x, None, theta)), form(by_hand))
    arrays.result("tangent", tangent()[:, :32])

    def work():
        tangent()

    return f"neural-tangents {nt.__version__}, JAX {jax.__version__}", work
