"""Rows, their arrays, and the processes that compute the two sides of a row.

Each side is a process of its own: what it holds at most is then its own. A side says "ready" and what it is, after it has
written the results that are compared; then it answers every number of runs with the seconds of the shortest and the
kilobytes that it held at most.
"""
import dataclasses
import os
import pathlib
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
SIDES = "ours", "theirs"


@dataclasses.dataclass(frozen=True)
class Row:
    subject: str  # the module of this folder
    what: str  # in the table
    words: dict  # what both sides are told
    wanted: float  # median of theirs/ours
    tolerance: float  # relative, of what both compute
    units: int = 1  # in one piece of work, of what the table's times are of
    runs: int = 1  # in a round, of which the shortest counts


class Arrays:
    """Files of doubles, column by column: inputs, and results of one side."""

    def __init__(self, folder, side=""):
        self.folder = pathlib.Path(folder)
        self.side = side

    def give(self, name, values):
        import numpy as np
        np.asarray(values, dtype=np.float64).ravel(order="F").tofile(self.folder / f"{name}.bin")

    def take(self, name, *shape):
        import numpy as np
        return np.fromfile(self.folder / f"{name}.bin").reshape(shape, order="F")

    def result(self, name, values):
        self.give(f"{self.side}_{name}", values)


def difference(folder):
    """The largest relative difference between what the two sides wrote, each array by its norm."""
    import numpy as np
    names = [{path.name.removeprefix(f"{side}_") for path in folder.glob(f"{side}_*.bin")} for side in SIDES]
    if names[0] != names[1] or not names[0]:
        raise ValueError(f"one side computes {sorted(names[0])}, the other {sorted(names[1])}")
    largest = 0.0
    for name in names[0]:
        ours, theirs = (np.fromfile(folder / f"{side}_{name}") for side in SIDES)
        if ours.shape != theirs.shape:
            raise ValueError(f"{name} has {ours.size} numbers of ours and {theirs.size} of theirs")
        largest = max(largest, float(np.linalg.norm(ours - theirs) / np.linalg.norm(theirs)))
    return largest if np.isfinite(largest) else float("inf")


class Missing(Exception):
    """What a side needs is not installed."""


class Side:
    """A process that computes one side of a row."""

    def __init__(self, command, name):
        self.name = name
        try:
            self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        except FileNotFoundError as missing:
            raise Missing(f"{missing.filename} is not there") from missing

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.name} ended with status {self.process.wait()}")
        return line.rstrip("\n")

    def wait_until_ready(self):
        word, _, text = self.answer().partition(" ")
        if word != "ready":
            raise Missing(text)
        return text

    def measure(self, runs):
        """Seconds and bytes."""
        self.process.stdin.write(f"{runs}\n")
        self.process.stdin.flush()
        seconds, kilobytes = self.answer().split()
        return float(seconds), 1024 * float(kilobytes)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def sides_of(row, module, folder, build, python):
    """Both processes, as far as they have begun: theirs is in `theirs` of the subject's module, ours in `ours` of it where it has one, else
    in benchmark_peers."""
    words = [str(folder), *(f"{name}={value}" for name, value in row.words.items())]
    worker = [str(HERE / "worker.py"), row.subject]
    own = [sys.executable, *worker, "ours"]
    if hasattr(module, "PROGRAM"):
        own = [str(build / "benchmarks" / "benchmark_peers"), module.PROGRAM]
    theirs = Side([python, *worker, "theirs", *words], "theirs")  # first: it may be missing
    return [Side([*own, *words], "ours"), theirs]


def one_thread():
    """What is started from here on has one thread and stays on one core."""
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = "1"
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
    os.environ["JAX_PLATFORMS"] = "cpu"
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"  # neural-tangents imports TensorFlow
    os.environ["JAX_ENABLE_X64"] = "1"


def fastest(*forms):
    """Of several ways to the same numbers the one that takes least here; the first call of each compiles it."""
    times = []
    for form in forms:
        form()
        start = time.process_time()
        form()
        form()
        times.append(time.process_time() - start)
    return forms[times.index(min(times))]
