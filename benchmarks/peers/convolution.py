#!/usr/bin/env python3
"""Training steps of a convolutional network, ours and PyTorch's in turn, on one core.

    pip install -r benchmarks/peers/requirements.txt
    ninja -C build/release benchmark_convolution
    python benchmarks/peers/convolution.py [--rounds 15] [--steps 5] [--build build/release]

Images of 28 x 28, filters of 3 x 3, two layers of relu units with zeros around, one weight per position and channel, one output, batches
of 64. A step is the loss, its gradient by all parameters, and theta <- theta - rate gradient. In every round `benchmark_convolution` and
PyTorch make some steps each, first the one, then the other, on the same core; the shortest of each counts, in time of the processor. The
table has the ratio of both (above 1: ours is faster) over the rounds. PyTorch is given the memory order that is faster of the two that it
has, found before the first round.
"""
import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import time

for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "1"

SIDE, BATCH, RATE = 28, 64, 1e-5


def torch_step(torch, channels, dtype, order):
    """One step of stochastic gradient descent on the network that `benchmark_convolution` has."""
    torch.manual_seed(1)
    network = torch.nn.Sequential(
        torch.nn.Conv2d(1, channels, 3, padding=1, bias=False), torch.nn.ReLU(),
        torch.nn.Conv2d(channels, channels, 3, padding=1, bias=False), torch.nn.ReLU(),
        torch.nn.Flatten(), torch.nn.Linear(channels * SIDE * SIDE, 1, bias=False))
    network = network.to(dtype=dtype, memory_format=order)
    optimiser = torch.optim.SGD(network.parameters(), lr=RATE)
    x = torch.randn(BATCH, 1, SIDE, SIDE, dtype=dtype).to(memory_format=order)
    y = x[:, 0, 0, :1].clone()

    def step():
        optimiser.zero_grad()
        loss = 0.5 * ((network(x) - y) ** 2).sum()
        loss.backward()
        optimiser.step()

    return step


def shortest(step, steps):
    """Milliseconds of the processor."""
    best = float("inf")
    for _ in range(steps):
        start = time.process_time()
        step()
        best = min(best, time.process_time() - start)
    return 1e3 * best


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--rounds", type=int, default=15)
    arguments.add_argument("--steps", type=int, default=5, help="of each in a round")
    arguments.add_argument("--build", type=pathlib.Path, default=pathlib.Path("build/release"))
    given = arguments.parse_args()
    program = given.build / "benchmarks" / "benchmark_convolution"
    if not program.exists():
        sys.exit(f"{program} is not there: ninja -C {given.build} benchmark_convolution")
    try:
        import torch
    except ImportError:
        sys.exit("PyTorch is not installed: pip install -r benchmarks/peers/requirements.txt")
    torch.set_num_threads(1)
    if hasattr(os, "sched_setaffinity"):  # what is started from here on stays on this core, too
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})

    def ours(channels, precision):
        done = subprocess.run([program, str(given.steps), str(channels), precision], capture_output=True, text=True, check=True)
        return float(done.stdout)

    print(f"PyTorch {torch.__version__}, one core, {given.rounds} rounds of {given.steps} steps each; milliseconds are the medians of the rounds")
    print(f"{'channels':>8} {'':<7} {'ours':>8} {'PyTorch':>8}   ratio: {'least':>6} {'median':>6} {'most':>6}")
    for channels in (16, 64):
        for precision, dtype in (("double", torch.float64), ("single", torch.float32)):
            orders = (torch.contiguous_format, torch.channels_last)
            steps = [torch_step(torch, channels, dtype, order) for order in orders]
            for step in steps:
                step()
            theirs = min(steps, key=lambda step: shortest(step, given.steps))
            pairs = [(ours(channels, precision), shortest(theirs, given.steps)) for _ in range(given.rounds)]
            ratios = sorted(theirs_ms / ours_ms for ours_ms, theirs_ms in pairs)
            own, other = (statistics.median(column) for column in zip(*pairs))
            print(f"{channels:>8} {precision:<7} {own:>8.1f} {other:>8.1f}          "
                  f"{ratios[0]:>6.2f} {statistics.median(ratios):>6.2f} {ratios[-1]:>6.2f}", flush=True)


if __name__ == "__main__":
    main()
