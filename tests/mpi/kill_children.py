#!/usr/bin/env python3
"""kill_children.py DIR INTERVAL PID [one]: until process PID ends, kills (SIGKILL) every INTERVAL seconds the compute children of
the ranks that run in directory DIR, or one of them; prints how many it killed. A rank's child is its fork server, whose children
compute: three processes of the program, one below the other."""
import os
import random
import signal
import sys
import time

directory, interval, watched = sys.argv[1], float(sys.argv[2]), int(sys.argv[3])
only_one = len(sys.argv) > 4


def describe(pid):
    """(name, parent) of a process; None where it is gone or a zombie."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            text = file.read()
    except OSError:
        return None
    name = text[text.index("(") + 1:text.rindex(")")]
    state, parent = text[text.rindex(")") + 2:].split()[:2]
    return None if state == "Z" else (name, int(parent))


def compute_children():
    found = []
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            if os.readlink(f"/proc/{entry}/cwd") != directory:
                continue
        except OSError:
            continue
        chain, pid = [], int(entry)
        for _ in range(3):
            about = describe(pid)
            if about is None or about[0] != "fieldscan":
                break
            chain.append(pid)
            pid = about[1]
        if len(chain) == 3:
            found.append(chain[0])
    return found


kills = 0
while describe(watched) is not None:
    children = compute_children()
    if only_one and children:
        children = [random.choice(children)]
    for child in children:
        try:
            os.kill(child, signal.SIGKILL)
            kills += 1
        except ProcessLookupError:
            pass
    time.sleep(interval)
print(kills)
