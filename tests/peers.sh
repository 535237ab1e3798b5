#!/usr/bin/env bash
# peers.sh BUILD ROOT: whether the program and those that it is measured beside compute the same numbers, at sizes of no interest; skipped
# where benchmarks/peers/run.sh has not installed them.
set -eu
peers=${PEERS:-$2/build/peers}
[ -e "$peers/latest/ready" ] && [ -e "$peers/neural-tangents/ready" ] && [ -x "$1/benchmarks/benchmark_peers" ] ||
  { echo "skipped: benchmarks/peers/run.sh did not run here"; exit 77; }
exec "$peers/latest/bin/python" "$2/benchmarks/peers/run.py" --build "$1" --neural-tangents "$peers/neural-tangents/bin/python" --tiny --rounds 1
