"""Theta of infinitely many channels, beside neural-tangents: filters of 3 x 3 with zeros around the image, two layers of
relu units, sigma_w^2 = 2, in double precision."""
import math

from measure import Row

PROGRAM = "convolutional_kernel"
NEURAL_TANGENTS = True


def rows(size):
    # With a weight per position a pair of images is S pairs of positions, with means over positions S^2.
    sizes = (("flatten", 8, 5), ("pooling", 4, 5)) if size == "tiny" else (("flatten", 300, 14), ("pooling", 24, 14))
    return [Row("convolutional_kernel", f"Θ of convolutions, {head}, {side} × {side}, P = {points}",
                {"head": head, "depth": 2, "points": points, "side": side}, wanted=3, tolerance=1e-6, runs=2)
            for head, points, side in sizes]


def prepare(arrays, words):
    import numpy as np
    arrays.give("x", np.random.default_rng(1).standard_normal((words["points"], words["side"]**2)))


def theirs(arrays, words):
    import jax
    import neural_tangents as nt
    from neural_tangents import stax
    hidden = [layer for _ in range(words["depth"])
              for layer in (stax.Conv(1, (3, 3), padding="SAME", W_std=math.sqrt(2)), stax.Relu())]
    head = stax.GlobalAvgPool() if words["head"] == "pooling" else stax.Flatten()
    kernel = stax.serial(*hidden, head, stax.Dense(1))[2]
    tangent = jax.jit(lambda x: kernel(x, None, "ntk"))
    images = arrays.take("x", words["points"], words["side"]**2).reshape(-1, words["side"], words["side"], 1)
    x = jax.numpy.asarray(images)
    arrays.result("tangent", tangent(x)[:, :32])

    def work():
        tangent(x).block_until_ready()

    return f"neural-tangents {nt.__version__}, JAX {jax.__version__}", work
