#!/usr/bin/env python3
"""Speed beside other programs, in one table: benchmarks/peers/run.sh, which installs them first, or

    python benchmarks/peers/run.py [--build build/release] [--neural-tangents PYTHON] [--only steps kernels] [--rounds 5] [--long] [--tiny]

Each row is measured in rounds, ours and theirs in turn on the same core, in time of the processor; what counts is the ratio of both in
a round (above 1: ours takes less). Before the first round both have to compute the same numbers, or the row fails, and so does the
program (exit status 1). Rows whose programs are not installed are skipped with a line that says so; status 77 where that is all.
The table is written as text, Markdown and JSON beside the build too. The posterior takes minutes: it comes with `--long`, or in a short form
with `--only posterior`. `--tiny`: sizes of no interest, to see that all of it works. neural-tangents needs a JAX of its time, and may have an
environment of its own.
"""
import argparse
import importlib
import os
import pathlib
import statistics
import sys
import tempfile
import time

import machine
import measure
import table

SUBJECTS = ("kernels", "convolutional_kernel", "regression", "empirical_ntk", "steps", "ensembles", "convolution", "tasks", "posterior")


def agree(module, folder, row):
    """How far the two sides are from one another; raises ValueError beyond the tolerance."""
    own = getattr(module, "difference", None)
    apart = own(measure.Arrays(folder), row.words) if own else measure.difference(folder)
    if not apart <= row.tolerance:
        raise ValueError(f"they differ by {apart:.2g}, more than {row.tolerance:.2g}")
    return apart


def measure_rounds(row, module, arrays, sides, rounds):
    """Seconds [rounds][side] of what the row's times are of, and the bytes that each side held at most."""
    cost = getattr(module, "cost", lambda arrays, words, side, seconds: seconds)
    seconds, most = [], [0, 0]
    for _ in range(rounds):
        pair = []
        for k, side in enumerate(sides):
            taken, most[k] = side.measure(row.runs)
            pair.append(cost(arrays, row.words, side.name, taken) / row.units)
        seconds.append(pair)
    return seconds, most


def measure_row(row, module, folder, build, given):
    """The row's results; raises Missing, or ValueError where the two sides do not compute the same."""
    arrays = measure.Arrays(folder)
    module.prepare(arrays, row.words)
    theirs = given.neural_tangents if getattr(module, "NEURAL_TANGENTS", False) else sys.executable
    sides = measure.sides_of(row, module, folder, build, theirs)
    try:
        names = [side.wait_until_ready() for side in sides]
        for side in sides:
            side.measure(1)
        apart = agree(module, folder, row)
        seconds, most = measure_rounds(row, module, arrays, sides, given.rounds)
    finally:
        for side in sides:
            side.close()
    ratios = sorted(theirs / ours for ours, theirs in seconds)
    return {"what": row.what, "programs": names, "difference": apart, "tolerance": row.tolerance, "wanted": row.wanted,
            "seconds": [statistics.median(column) for column in zip(*seconds)], "bytes": most,
            "ratio": [ratios[0], statistics.median(ratios), ratios[-1]]}


def options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, default=pathlib.Path("build/release"))
    parser.add_argument("--only", nargs="+", choices=SUBJECTS)
    parser.add_argument("--neural-tangents", default=sys.executable, help="the interpreter that has it")
    parser.add_argument("--rounds", type=int, default=5)
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--long", action="store_const", dest="size", const="long", default="default")
    size.add_argument("--tiny", action="store_const", dest="size", const="tiny")
    parser.add_argument("--core", type=int, default=max(os.sched_getaffinity(0)))
    return parser.parse_args()


def measure_all(given, build):
    """Results of rows, what is said of the others, and whether one of them failed."""
    results, notes, failed, skipped = [], [], False, set()
    for subject in given.only or SUBJECTS[:None if given.size != "default" else -1]:
        module = importlib.import_module(subject)
        for row in module.rows(given.size):
            if subject in skipped:
                continue
            try:
                with tempfile.TemporaryDirectory(prefix="peers-") as folder:
                    results.append(measure_row(row, module, pathlib.Path(folder), build, given))
                print(table.line(results[-1]), flush=True)
                continue
            except (measure.Missing, ImportError) as missing:
                skipped.add(subject)
                notes.append(f"{subject}: skipped: {missing} (benchmarks/peers/run.sh installs it)")
            except (ValueError, RuntimeError) as problem:
                failed = True
                notes.append(f"{row.what}: FAILED: {problem}")
            print(notes[-1], flush=True)
    return results, notes, failed


def main():
    given = options()
    build = given.build.resolve()
    if not (build / "benchmarks" / "benchmark_peers").exists():
        print(f"{build}/benchmarks/benchmark_peers is not there: cmake --build {given.build} --target benchmark_peers benchmark_sleepers")
        return 77
    os.environ["FIELDSCAN_BUILD"] = str(build)
    measure.one_thread()
    described = machine.description()
    os.sched_setaffinity(0, {given.core})
    print("\n".join(f"{name}: {text}" for name, text in described.items()))
    print(table.heading(), flush=True)
    begin = time.monotonic()
    results, notes, failed = measure_all(given, build)
    notes.append(f"{time.monotonic() - begin:.0f} s in all, {given.rounds} rounds")
    print(notes[-1])
    table.write(build / "benchmarks", described, results, notes)
    return 1 if failed else 0 if results else 77


if __name__ == "__main__":
    sys.exit(main())
