"""Steps of gradient descent of an erf network with two layers, beside JAX: ½ Σ (f − y)², its gradient, θ ← θ − η ∇.

Ours is the trainer's step. Also ensembles (ensembles.py): many networks on the same data, in JAX by vmap.
"""
from jax_network import output, unpack
from measure import Row, fastest

PROGRAM = "steps"
RATE = 1e-5


def operations(width, dimension, points):
    return 4 * width * dimension * points + 6 * width * width * points + 6 * width * points


def step_row(subject, what, size, members, precision, wanted):
    width, dimension, points = size
    repeat = max(5, int(3e8 / (members * operations(*size))))
    words = {"layers": "connected", "activation": "erf", "precision": precision, "width": width, "dimension": dimension,
             "points": points, "members": members, "repeat": repeat}
    return Row(subject, f"{what}, {precision}", words, wanted=wanted, tolerance=1e-10 if precision == "double" else 1e-4,
               units=members * repeat, runs=5)


def rows(size):
    sizes = ((16, 8, 32),) if size == "tiny" else ((64, 64, 256), (256, 128, 256), (1024, 128, 256))
    return [step_row("steps", f"step {size[0]} × {size[2]}", size, 1, precision,
                     1 if size[0] >= 1024 and precision == "single" else 1.2)
            for size in sizes for precision in ("double", "single")]


def prepare(arrays, words):
    import numpy as np
    numbers = np.random.default_rng(1)
    width, dimension = words["width"], words["dimension"]
    x = numbers.standard_normal((words["points"], dimension))
    arrays.give("x", x)
    arrays.give("label", x[:, 0])
    arrays.give("theta", numbers.standard_normal((width * (dimension + width + 1), words["members"])))


def theirs(arrays, words):
    import jax
    import jax.numpy as jnp
    width, dimension, members, repeat = (words[name] for name in ("width", "dimension", "members", "repeat"))
    dtype = jnp.float64 if words["precision"] == "double" else jnp.float32
    x = jnp.asarray(arrays.take("x", words["points"], dimension), dtype)
    y = jnp.asarray(arrays.take("label", words["points"]), dtype)
    flat = jnp.asarray(arrays.take("theta", width * (dimension + width + 1), members).T, dtype)
    theta = jax.vmap(lambda one: unpack(one, width, dimension))(flat)

    def loss(theta):
        return 0.5 * jnp.sum((output(theta, x) - y)**2)

    def update(theta):
        return [parameters - RATE * slope for parameters, slope in zip(theta, gradient(theta))]

    found, slope = jax.vmap(jax.value_and_grad(loss))(theta)
    arrays.result("loss", found)
    arrays.result("gradient", jnp.concatenate([part.reshape(members, -1) for part in slope], axis=1).T)
    gradient = jax.grad(loss) if members == 1 else jax.vmap(jax.grad(loss))
    if members == 1:
        theta = [part[0] for part in theta]
    one_step = jax.jit(update)
    all_steps = jax.jit(lambda theta: jax.lax.fori_loop(0, repeat, lambda _, theta: update(theta), theta))

    def one_by_one():
        now = theta
        for _ in range(repeat):
            now = one_step(now)
        jax.block_until_ready(now)

    def in_a_loop():
        jax.block_until_ready(all_steps(theta))

    return f"JAX {jax.__version__}", fastest(one_by_one, in_a_loop)
