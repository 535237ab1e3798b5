"""Seconds of the processor for the mean predictor of a posterior to 1%, beside BlackJAX: erf, N = P = 100, ridge 0.1.

Each side samples the same posterior in its own way, here the collapsed sampler, there Hamiltonian Monte Carlo or NUTS of all
parameters, adapted before. A chain of some length has an error, that of its mean over 100 test points relative to the mean, from the
effective sample sizes; its seconds times (error/1%)² are what counts. Ours has its burn-in in them, the other side not its adaptation.
"""
import math

from measure import Row

PROGRAM = "posterior"
RIDGE, WIDTH, DIMENSION, TESTS = 0.1, 100, 50, 100


def rows(size):
    samples, draws, adaptation = {"tiny": (20, 20, 30), "default": (400, 400, 300), "long": (400, 2000, 1000)}[size]
    return [Row("posterior", f"posterior to 1%, {precision}, beside {sampler}",
                {"activation": "erf", "precision": precision, "width": WIDTH, "dimension": DIMENSION, "points": 100,
                 "tests": TESTS, "burn_in": 30, "samples": samples, "draws": draws, "adaptation": adaptation,
                 "sampler": sampler},
                wanted=30, tolerance=math.inf if size == "tiny" else 2.5)  # in standard errors
            for precision, sampler in (("double", "HMC"), ("double", "NUTS"))]


def prepare(arrays, words):
    import numpy as np
    numbers = np.random.default_rng(1)
    x, test = (numbers.standard_normal((count, DIMENSION)) for count in (words["points"], TESTS))
    along = x[:, 0]
    arrays.give("x", x)
    arrays.give("test", test)
    arrays.give("label", along - 0.3 * (along**3 - 3 * along) / math.sqrt(6))
    arrays.give("start", numbers.standard_normal(WIDTH * (DIMENSION + 1)))


def theirs(arrays, words):
    import blackjax
    import jax
    import jax.numpy as jnp
    x, test = (jnp.asarray(arrays.take(name, rows, DIMENSION)) for name, rows in (("x", words["points"]), ("test", TESTS)))
    label = jnp.asarray(arrays.take("label", words["points"]))

    def output(theta, x):
        w, readout = theta
        return jax.scipy.special.erf(x @ w / math.sqrt(DIMENSION)) @ readout / math.sqrt(WIDTH)

    def log_density(theta):
        prior = sum(jnp.sum(part**2) for part in theta)
        return -0.5 * prior - 0.5 / RIDGE * jnp.sum((output(theta, x) - label)**2)

    start = jnp.asarray(arrays.take("start", WIDTH * (DIMENSION + 1)))
    theta = [start[:WIDTH * DIMENSION].reshape(DIMENSION, WIDTH), start[WIDTH * DIMENSION:]]
    algorithm, more = (blackjax.nuts, {}) if words["sampler"] == "NUTS" else (blackjax.hmc, {"num_integration_steps": 30})
    adapt = blackjax.window_adaptation(algorithm, log_density, **more)
    (state, parameters), _ = adapt.run(jax.random.key(1), theta, words["adaptation"])
    step = algorithm(log_density, **parameters).step

    def chain(state, key):
        def one(state, key):
            state, _ = step(key, state)
            return state, output(state.position, test)
        return jax.lax.scan(one, state, jax.random.split(key, words["draws"]))

    compiled = jax.jit(chain).lower(state, jax.random.key(2)).compile()
    calls = 0

    def work():
        nonlocal state, calls
        calls += 1
        state, outputs = compiled(state, jax.random.fold_in(jax.random.key(2), calls))
        arrays.result("outputs", outputs)

    return f"BlackJAX {blackjax.__version__}, JAX {jax.__version__}", work


def variance_of_mean(series):
    """Of each column, by its integrated autocorrelation time: sums of pairs as long as they are positive and fall (Geyer 1992)."""
    import numpy as np
    count = len(series)
    centred = series - series.mean(axis=0)
    spectrum = np.fft.rfft(centred, 2 * count, axis=0)
    covariance = np.fft.irfft(abs(spectrum)**2, axis=0)[:count] / count
    pairs = covariance[0:count - 1:2] + covariance[1::2]
    pairs = np.minimum.accumulate(np.where(np.cumprod(pairs > 0, axis=0) > 0, pairs, 0), axis=0)
    return (2 * pairs.sum(axis=0) - covariance[0]) / count


def outputs_of(arrays, words, side):
    import numpy as np
    samples = words["samples"] if side == "ours" else words["draws"]
    outputs = arrays.take(f"{side}_outputs", samples, TESTS)
    return outputs.mean(axis=0), np.sum(variance_of_mean(outputs))


def cost(arrays, words, side, seconds):
    """Seconds to 1%."""
    import numpy as np
    mean, variance = outputs_of(arrays, words, side)
    return seconds * variance / (0.01 * np.linalg.norm(mean))**2


def difference(arrays, words):
    """Of the two means over the test points, in standard errors."""
    import numpy as np
    (ours, variance), (theirs, variance_theirs) = (outputs_of(arrays, words, side) for side in ("ours", "theirs"))
    return float(np.linalg.norm(ours - theirs) / math.sqrt(variance + variance_theirs))
