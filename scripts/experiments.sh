#!/usr/bin/env bash
# Runs experiments, goes on with those that were interrupted, and compares their verdicts with those their READMEs tell.
# usage: experiments.sh [NAME ...]     names of folders in experiments/, all by default; results in runs/experiments/NAME
# Ends with 0 where every verdict is the one told, else with 1.
set -u
cd "$(dirname "$0")/.."
program=$PWD/build/release/fieldscan
ranks=$(($(nproc) + 1))
[ $# -gt 0 ] || set -- $(cd experiments && ls -d [0-9]*)

# The block ```verdicts of a README: a line per test, its verdict before its name.
told() { sed -n '/^```verdicts$/,/^```$/{//!p}' "experiments/$1/README.md"; }
found() { "$program" test "runs/experiments/$1" | grep -E '^(supported|contradicted|undecided) '; }

differing=0
for name in "$@"; do
  start=$SECONDS
  mkdir -p runs/experiments
  if ! scripts/mpirun-here.sh -n "$ranks" "$program" run "experiments/$name/scan.yaml" --out "runs/experiments/$name"; then
    echo "$name: the run did not end well; the same command goes on with it"
    differing=1
    continue
  fi
  if difference=$(diff <(told "$name" | sort) <(found "$name" | sort)); then
    echo "$name: as told ($((SECONDS - start)) s)"
  else
    echo "$name: not what its README tells ($((SECONDS - start)) s; < told, > found)"
    echo "$difference"
    differing=1
  fi
done
exit $differing
