#!/usr/bin/env python3
"""String literals that are cut in the middle of a line that had room: what a formatter leaves when it breaks a text that was broken by hand.

    scripts/torn-literals.py          says where, and ends with 1
    scripts/torn-literals.py --fix    joins them
"""
import re
import subprocess
import sys

WIDTH = 120
END = re.compile(r'"((?:[^"\\]|\\.)*)"$')  # a line that ends with a literal
BEGIN = re.compile(r'^\s*"((?:[^"\\]|\\.)*)"(.*)$')  # one that begins with a literal
BEFORE_DIGITS = re.compile(r"\\(x[0-9a-fA-F]+|[0-7]{1,3})$")  # an escape that would swallow what follows


def joined(first, second):
    """The two lines as one, or None where they belong apart."""
    end, begin = END.search(first), BEGIN.match(second)
    if not end or not begin or 'R"' in first or 'R"' in second:
        return None
    text = end.group(1)
    if not text or text.endswith("\\n") or BEFORE_DIGITS.search(text):
        return None  # apart by intention
    line = first[:-1] + begin.group(1) + '"' + begin.group(2)
    return line if len(line) <= WIDTH else None


def mended(lines):
    out = []
    for line in lines:
        while out and (one := joined(out[-1], line)):
            out.pop()
            line = one
        out.append(line)
    return out


def main():
    fix = "--fix" in sys.argv[1:]
    files = subprocess.run(["git", "ls-files", "*.cpp", "*.hpp"], capture_output=True, text=True, check=True).stdout.split()
    torn = 0
    for file in files:
        with open(file, encoding="utf-8") as source:
            lines = source.read().split("\n")
        after = mended(lines)
        if after == lines:
            continue
        torn += len(lines) - len(after)
        if fix:
            with open(file, "w", encoding="utf-8") as target:
                target.write("\n".join(after))
        else:
            print(f"{file}: {len(lines) - len(after)} literals are torn: scripts/check-format.sh --fix")
    return 1 if torn and not fix else 0


if __name__ == "__main__":
    sys.exit(main())
