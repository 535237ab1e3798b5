"""Processor time of a task of a scan beyond the task itself, its result in a durable store, beside plain Python: a pool of one
process and a commit of SQLite for every task. Times are of one task, everything in them from start to end of the program.

Tasks that sleep take no time of the processor: `benchmark_sleepers` and `time.sleep`. Tasks of no length are those of
campaign.sh: the exact readout of one unit on one point.

    python tasks.py TASKS SECONDS DATABASE     the other side
"""
import array
import itertools
import os
import pathlib
import sqlite3
import subprocess
import sys
import time

SCAN = """fieldscan: 1
name: tasks
data:
  input: {{kind: sphere, dim: 2}}
  target: {{kind: gegenbauer, levels: {{1: 1}}}}
  train_size: 1
  test_size: 1
network: {{depth: 1, width: 1, activation: linear{train}}}
training: {training}
observe: [error_test]
scan:
  grid: {grid}
"""


def rows(size):
    from measure import Row
    short, asleep = (100, 20) if size == "tiny" else (2000, 200)
    return [Row("tasks", what, {"tasks": tasks, "milliseconds": milliseconds}, wanted=1.2, tolerance=0, units=tasks)
            for what, tasks, milliseconds in ((f"a task of no length, of {short}", short, 0), (f"a task of 5 ms, of {asleep}", asleep, 5))]


def prepare(arrays, words):
    if words["milliseconds"] == 0:
        text = SCAN.format(train=", train: readout", training="{kind: exact_readout}",
                           grid=f"{{data.noise: {{linspace: [0.001, 1], num: {words['tasks']}}}}}")
    else:
        text = SCAN.format(train="", training="{kind: hmc}",
                           grid=f"{{training.samples: {{linspace: [10001, {10000 + words['tasks']}], num: {words['tasks']}}}}}")
    (arrays.folder / "scan.yaml").write_text(text)


def finished(command, folder):
    """Seconds of the processor and kilobytes of a program and of all that it began."""
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"{command[0]} ended with {process.returncode}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss


def counted(arrays, database, table, seconds, kilobytes):
    """What is compared is how many results are stored."""
    with sqlite3.connect(database) as connection:
        stored = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    with open(arrays.folder / f"{arrays.side}_stored.bin", "wb") as file:
        array.array("d", [stored]).tofile(file)
    return seconds, kilobytes


def runner(arrays, words, command, table, database):
    """Work in a new folder each time."""
    number = itertools.count()

    def work():
        folder = arrays.folder / f"{arrays.side}-{next(number)}"
        folder.mkdir()
        return counted(arrays, folder / database, table, *(finished(command, folder)))

    return work


def ours(arrays, words):
    build = pathlib.Path(os.environ["FIELDSCAN_BUILD"])
    scan = str(arrays.folder / "scan.yaml")
    command = [str(build / "fieldscan"), "run", scan, "--out", "run"]
    if words["milliseconds"] > 0:
        command = [str(build / "benchmarks" / "benchmark_sleepers"), scan, "run", "1", str(1e-3 * words["milliseconds"] * words["tasks"])]
    return "fieldscan", runner(arrays, words, command, "result", "run/store.sqlite")


def theirs(arrays, words):
    command = [sys.executable, os.path.abspath(__file__), str(words["tasks"]), str(1e-3 * words["milliseconds"]), "results.sqlite"]
    name = f"Python {sys.version.split()[0]} multiprocessing, SQLite {sqlite3.sqlite_version}"
    return name, runner(arrays, words, command, "result", "results.sqlite")


def task(number, seconds):
    """A number that depends on the point, as short as can be."""
    import random
    value = random.Random(number).gauss(0, 1)
    if seconds > 0:
        time.sleep(seconds)
    return number, value * value


def main():
    import functools
    import multiprocessing
    tasks, seconds, file = int(sys.argv[1]), float(sys.argv[2]), sys.argv[3]
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE result (number INTEGER PRIMARY KEY, value REAL NOT NULL)")
    with multiprocessing.Pool(1) as pool:
        for row in pool.imap_unordered(functools.partial(task, seconds=seconds), range(tasks)):
            with connection:
                connection.execute("INSERT INTO result VALUES (?, ?)", row)


if __name__ == "__main__":
    main()
