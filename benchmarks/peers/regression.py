"""Regression with the NNGP kernel of two erf layers beside scipy by hand: mean and variance, and leave-one-out.

    python3 benchmarks/peers/regression.py build/release/benchmarks/benchmark_regression [points] [runs]

Ours and theirs in turn on one core, processor seconds; of the ratios theirs/ours the smallest, the median and the largest.
"""
import os
import statistics
import subprocess
import sys
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"  # before numpy
import numpy as np
from scipy.linalg import cho_factor, cho_solve, lapack, solve_triangular

DIMENSION, TEST_POINTS, RIDGE, DEPTH = 784, 1000, 0.1, 2


def averages(kernel, variance_a, variance_b):
    """⟨erf(u) erf(v)⟩ of every pair."""
    return 2 / np.pi * np.arcsin(2 * kernel / np.sqrt(np.outer(1 + 2 * variance_a, 1 + 2 * variance_b)))


def kernel_of(x, other):
    kernel = x @ other.T / DIMENSION
    a, b = (x**2).sum(1) / DIMENSION, (other**2).sum(1) / DIMENSION
    for _ in range(DEPTH):
        kernel = averages(kernel, a, b)
        a, b = 2 / np.pi * np.arcsin(2 * a / (1 + 2 * a)), 2 / np.pi * np.arcsin(2 * b / (1 + 2 * b))
    return kernel, b


def by_hand(x, y, test, leave_one_out):
    kernel, _ = kernel_of(x, x)
    cross, prior = kernel_of(x, test)
    kernel[np.diag_indices_from(kernel)] += RIDGE
    factor = cho_factor(kernel, lower=True, overwrite_a=True, check_finite=False)
    alpha = cho_solve(factor, y, check_finite=False)
    half = solve_triangular(factor[0], cross, lower=True, check_finite=False)
    numbers = [cross.T @ alpha, prior - (half**2).sum(0)]
    if leave_one_out:
        inverse, _ = lapack.dpotri(factor[0], lower=1)
        numbers.append(((alpha / np.diag(inverse)) ** 2).mean())
    return numbers


def seconds_of(work):
    start = time.process_time()
    work()
    return time.process_time() - start


def ours(program, points):
    """Seconds of one ridge, with leave-one-out and without."""
    out = subprocess.run([program, str(points), str(DIMENSION), str(TEST_POINTS), "1"], check=True, text=True,
                         capture_output=True).stdout.splitlines()
    find = lambda word: next(float(line[len(word):].split()[0]) for line in out if line.startswith(word))
    return {True: find("nngp"), False: find("estimates: none")}


def machine():
    with open("/proc/cpuinfo") as file:
        return next((line.split(":")[1].strip() for line in file if line.startswith("model name")), "unknown")


def main():
    program, points = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 4000
    runs = int(sys.argv[3]) if len(sys.argv) > 3 else 5
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    random = np.random.default_rng(1)
    x, test = random.standard_normal((points, DIMENSION)), random.standard_normal((TEST_POINTS, DIMENSION))
    y = random.standard_normal(points)
    print(f"{machine()}, P = {points}, {TEST_POINTS} test points, d = {DIMENSION}, one core")
    print(f"{'seconds':<32}{'ours':>8}{'scipy':>8}  theirs/ours: min, median, max")
    measured = {True: [], False: []}
    for _ in range(runs):
        own = ours(program, points)
        for estimates in measured:
            measured[estimates].append((own[estimates], seconds_of(lambda: by_hand(x, y, test, estimates))))
    for estimates, what in ((False, "mean and variance"), (True, "with leave-one-out")):
        ratios = [theirs / mine for mine, theirs in measured[estimates]]
        mine, theirs = (min(column) for column in zip(*measured[estimates]))
        print(f"{what:<32}{mine:>8.2f}{theirs:>8.2f}  {min(ratios):.2f}, {statistics.median(ratios):.2f}, {max(ratios):.2f}")


if __name__ == "__main__":
    main()
