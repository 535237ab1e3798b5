#!/usr/bin/env python3
"""Puts the faults of scripts/mutations.toml into a copy of the tree, one at a time, and asks whether the unit tests of the layer see them.

    scripts/mutations.py                 all that were not tried yet (it may be stopped and called again)
    scripts/mutations.py --layer store   those of one layer; --name WORDS: those whose name holds the words
    scripts/mutations.py --check         only whether every text is still found, once; takes no time
    scripts/mutations.py --summary       what is known

The copy, its build and what was found lie in build/mutations. A finding counts as long as neither the file nor the tests of the layer have
changed. Exit status: 0 where every mutation is caught, 1 where one survives, does not compile or was not tried, 2 where a text is not found.
"""
import argparse
import hashlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time
import tomllib

ROOT = pathlib.Path(__file__).resolve().parent.parent
PLACE = ROOT / "build" / "mutations"
TREE, BUILD, STATE = PLACE / "tree", PLACE / "build", PLACE / "state.json"
QUICK = "~[slow]~[long]~[.]"  # what the tests of a layer are here


def read_table():
    with open(ROOT / "scripts" / "mutations.toml", "rb") as file:
        return tomllib.load(file)["mutation"]


def not_found(table):
    """Mutations whose text does not stand exactly once in its file."""
    problems = []
    names = set()
    for one in table:
        path = ROOT / one["file"]
        count = path.read_text().count(one["find"]) if path.exists() else -1
        if count != 1:
            where = "does not exist" if count < 0 else f"has the text {count} times"
            problems.append(f"{one['layer']}: {one['name']}: {one['file']} {where}, not once: write the mutation anew\n    {one['find'].strip()}")
        if one["find"] == one["replace"] or one["name"] in names:
            problems.append(f"{one['layer']}: {one['name']}: changes nothing, or is there twice")
        names.add(one["name"])
    return problems


def tracked_files():
    out = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [pathlib.Path(line) for line in out.stdout.splitlines() if (ROOT / line).is_file()]


def copy_tree():
    """Brings the copy up to date; files that are the same keep their time, so that little is built again."""
    wanted = tracked_files()
    for file in wanted:
        source, target = ROOT / file, TREE / file
        if target.exists() and target.read_bytes() == source.read_bytes():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        shutil.copymode(source, target)
    known = set(wanted)
    for file in [path for path in TREE.rglob("*") if path.is_file()]:
        if file.relative_to(TREE) not in known:
            file.unlink()


def key_of(one):
    """A finding is one of this text in this file, under these tests."""
    digest = hashlib.sha256()
    for text in (one["find"], one["replace"], QUICK):
        digest.update(text.encode() + b"\0")
    digest.update((ROOT / one["file"]).read_bytes())
    for test in sorted((ROOT / "tests" / one["layer"]).rglob("*")):
        if test.is_file():
            digest.update(str(test.relative_to(ROOT)).encode() + test.read_bytes())
    return digest.hexdigest()


def read_state():
    return json.loads(STATE.read_text()) if STATE.exists() else {}


def write_state(state):
    new = STATE.with_suffix(".new")
    new.write_text(json.dumps(state, indent=1, sort_keys=True))
    new.replace(STATE)


def run(command, limit):
    """(exit status, output); the status is None where it took too long, and all its processes are ended."""
    with subprocess.Popen(command, cwd=TREE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                          start_new_session=True) as process:
        try:
            output, _ = process.communicate(timeout=limit)
            return process.returncode, output
        except BaseException as stop:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            if isinstance(stop, subprocess.TimeoutExpired):
                return None, ""
            raise


def build(layer, jobs):
    return run(["ninja", "-C", str(BUILD), f"-j{jobs}", f"test_{layer}"], 7200)


def tests(layer, limit):
    return run([str(BUILD / "tests" / f"test_{layer}"), QUICK, "--abort"], limit)


def configure():
    command = ["cmake", "-S", str(TREE), "-B", str(BUILD), "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release"]
    status, output = run(command, 600)
    if status != 0:
        sys.exit(f"the copy can not be configured:\n{output}")


def expect_sound(layer, jobs, sound, limit):
    """Without a mutation the tests must pass, or they would catch anything."""
    if layer in sound:
        return
    status, output = build(layer, jobs)
    if status != 0:
        sys.exit(f"the tests of {layer} can not be built:\n{output[-4000:]}")
    status, output = tests(layer, limit)
    if status != 0:
        sys.exit(f"the tests of {layer} fail without any mutation:\n{output[-4000:]}")
    sound.add(layer)


def try_one(one, jobs, limit):
    path = TREE / one["file"]
    original = path.read_text()
    try:
        path.write_text(original.replace(one["find"], one["replace"]))
        status, output = build(one["layer"], jobs)
        if status != 0:
            return "build error", output[-2000:]
        status, output = tests(one["layer"], limit)
        if status == 0:
            return "survived", ""
        return "caught", "takes for ever" if status is None else first_failure(output)
    finally:
        path.write_text(original)


def first_failure(output):
    """The name of the test case that failed: the line between the first two rules of Catch2's report."""
    lines = output.splitlines()
    rules = [number for number, line in enumerate(lines) if line.startswith("-----")]
    return " ".join(line.strip() for line in lines[rules[0] + 1:rules[1]]) if len(rules) > 1 else output[-300:].strip()


def summary(table, state):
    findings = [(one, state.get(key_of(one), {"finding": "not tried"})) for one in table]
    for one, found in findings:
        if found["finding"] != "caught":
            print(f"{found['finding']:>12}  {one['layer']}: {one['name']} ({one['file']})")
    counts = {}
    for _, found in findings:
        counts[found["finding"]] = counts.get(found["finding"], 0) + 1
    print(f"{len(table)} mutations: " + ", ".join(f"{count} {finding}" for finding, count in sorted(counts.items())))
    return 0 if counts.get("caught", 0) == len(table) else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--layer")
    parser.add_argument("--name", default="")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--limit", type=float, default=900, help="seconds for the tests of a layer (default: 900)")
    parser.add_argument("--again", action="store_true", help="try also what was tried")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--summary", action="store_true")
    arguments = parser.parse_args()
    table = read_table()
    if problems := not_found(table):
        print("\n".join(problems), file=sys.stderr)
        return 2
    if arguments.check:
        print(f"{len(table)} mutations, each in its place")
        return 0
    state = read_state()
    if arguments.summary:
        return summary(table, state)
    chosen = [one for one in table if arguments.layer in (None, one["layer"]) and arguments.name in one["name"]]
    if arguments.again:
        for one in chosen:
            state.pop(key_of(one), None)
    waiting = [one for one in chosen if key_of(one) not in state]
    if waiting:
        os.nice(10)
        TREE.mkdir(parents=True, exist_ok=True)
        copy_tree()
        configure()
    sound = set()
    for one in waiting:
        expect_sound(one["layer"], arguments.jobs, sound, arguments.limit)
        began = time.monotonic()
        finding, why = try_one(one, arguments.jobs, arguments.limit)
        state[key_of(one)] = {"finding": finding, "why": why, "layer": one["layer"], "name": one["name"]}
        write_state(state)
        print(f"{finding:>12}  {one['layer']}: {one['name']} ({time.monotonic() - began:.0f} s)" + (f": {why}" if why else ""), flush=True)
    return summary(chosen, state)


if __name__ == "__main__":
    sys.exit(main())
