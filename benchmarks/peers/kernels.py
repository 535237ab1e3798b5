"""K and Theta of infinitely wide networks, beside neural-tangents; sigma_w^2 = 2, no biases, in double precision."""
import math

from measure import Row

PROGRAM = "kernels"
NEURAL_TANGENTS = True


def rows(size):
    points = 100 if size == "tiny" else 4000
    return [Row("kernels", f"K and Θ, {activation}, two layers, P = {points}, d = {dimension}",
                {"activation": activation, "depth": 2, "points": points, "dimension": dimension},
                # rectifiers of neural-tangents lose half of the digits on the diagonal
                wanted=4, tolerance=1e-6 if activation == "relu" else 1e-10, runs=2)
            for activation, dimension in (("erf", 20), ("relu", 20), ("erf", 784))]


def prepare(arrays, words):
    import numpy as np
    arrays.give("x", np.random.default_rng(1).standard_normal((words["points"], words["dimension"])))


def theirs(arrays, words):
    import jax
    import neural_tangents as nt
    from neural_tangents import stax
    phi = {"erf": stax.Erf, "relu": stax.Relu}[words["activation"]]
    # W_std is multiplied by 1/sqrt(fan-in), and Erf() is erf(z), not erf(z/sqrt 2).
    hidden = [layer for _ in range(words["depth"]) for layer in (stax.Dense(1, W_std=math.sqrt(2)), phi())]
    kernel = stax.serial(*hidden, stax.Dense(1))[2]
    both = jax.jit(lambda x: tuple(kernel(x, None, ("nngp", "ntk"))))
    x = jax.numpy.asarray(arrays.take("x", words["points"], words["dimension"]))
    for name, found in zip(("nngp", "tangent"), both(x)):
        arrays.result(name, found[:, :32])

    def work():
        jax.block_until_ready(both(x))

    return f"neural-tangents {nt.__version__}, JAX {jax.__version__}", work
