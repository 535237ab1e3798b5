"""worker.py SUBJECT SIDE FOLDER NAME=VALUE…: one side of a row, see measure.py."""
import importlib
import os
import sys
import time

from measure import Arrays


def words_of(texts):
    words = dict(text.split("=", 1) for text in texts)
    return {name: int(value) if value.isdigit() else value for name, value in words.items()}


def most_kilobytes():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))


def run(work):
    """Seconds of the processor and kilobytes; work that other processes do tells both itself."""
    start = time.process_time()
    told = work()
    return told or (time.process_time() - start, most_kilobytes())


def main():
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # what libraries print is no answer
    subject, side, folder, *texts = sys.argv[1:]
    try:
        name, work = getattr(importlib.import_module(subject), side)(Arrays(folder, side), words_of(texts))
    except ImportError as missing:
        print("missing", missing, file=answers)
        return
    print("ready", name, file=answers)
    for line in sys.stdin:
        seconds, kilobytes = min(run(work) for _ in range(int(line)))
        print(seconds, kilobytes, file=answers)


if __name__ == "__main__":
    main()
