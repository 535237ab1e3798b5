"""Mean and variance of a Gaussian process given its kernel, beside scipy by hand; ridge 0.1, in double precision."""
from measure import Row

PROGRAM = "regression"
RIDGE = 0.1


def rows(size):
    points, tests = (200, 50) if size == "tiny" else (4000, 1000)
    return [Row("regression", f"regression, {what}, P = {points}, {tests} test points",
                {"points": points, "tests": tests, "estimates": estimates}, wanted=wanted, tolerance=1e-8, runs=2)
            for estimates, what, wanted in (("none", "mean and variance", 2), ("all", "and leave-one-out", 1.5))]


def prepare(arrays, words):
    """The kernel of one layer of erf units on normal inputs."""
    import numpy as np
    points, tests = words["points"], words["tests"]
    x = np.random.default_rng(1).standard_normal((points + tests, 20))
    root = np.sqrt(1 + 2 * np.sum(x * x, axis=1) / 20)
    kernel = x @ x[:points].T / 10
    kernel /= root[:, None] * root[:points]
    kernel = 2 / np.pi * np.arcsin(kernel)
    arrays.give("kernel", kernel[:points])
    arrays.give("cross", kernel[points:].T)
    arrays.give("diagonal", 2 / np.pi * np.arcsin(1 - 1 / root[points:]**2))
    arrays.give("label", np.sin(x[:points, 0]) + 0.3 * x[:points, 1])


def theirs(arrays, words):
    import numpy as np
    import scipy
    from scipy.linalg import cho_solve, cholesky, lapack, solve_triangular
    points, tests = words["points"], words["tests"]
    kernel, cross = arrays.take("kernel", points, points), arrays.take("cross", points, tests)
    label, diagonal = arrays.take("label", points), arrays.take("diagonal", tests)

    def regression():
        lower = kernel.copy(order="F")
        lower[np.diag_indices(points)] += RIDGE
        lower = cholesky(lower, lower=True, overwrite_a=True, check_finite=False)
        alpha = cho_solve((lower, True), label, check_finite=False)
        half = solve_triangular(lower, cross, lower=True, check_finite=False)
        found = {"mean": cross.T @ alpha, "variance": diagonal - np.einsum("ij,ij->j", half, half)}
        if words["estimates"] == "all":
            inverse = lapack.dpotri(lower, lower=1, overwrite_c=1)[0]
            found["leave_one_out"] = np.mean((alpha / np.diag(inverse))**2)
        return found

    for name, values in regression().items():
        arrays.result(name, values)

    def work():
        regression()

    return f"scipy {scipy.__version__}, {linear_algebra()}", work


def linear_algebra():
    """Which library scipy computes with, and the processor whose kernels that one chose."""
    try:
        import threadpoolctl
    except ImportError:
        return "linear algebra unknown: threadpoolctl is not installed"
    libraries = [one for one in threadpoolctl.threadpool_info() if "scipy" in one["filepath"]]
    return ", ".join(f"{one['internal_api']} {one['version']} for {one.get('architecture', '?')}" for one in libraries)
