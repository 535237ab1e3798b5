#!/usr/bin/env bash
# campaign.sh BUILD: what the campaign itself costs. Builds nothing; prints a line per figure. About two minutes.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=$(realpath "${1:-$here/../build/release}")
mpirun="$here/../scripts/mpirun-here.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat > tiny.yaml <<'SCAN'
fieldscan: 1
name: tiny
data:
  input: {kind: sphere, dim: 2}
  target: {kind: gegenbauer, levels: {1: 1}}
  train_size: 1
  test_size: 1
network: {depth: 1, width: 1, activation: linear, train: readout}
training: {kind: exact_readout}
observe: [error_test]
scan:
  grid:
    data.noise: {linspace: [0.001, 1], num: 1000}
    ridge: {linspace: [0.01, 1], num: 100}
SCAN
seconds() { { time -p "$@" >output 2>&1; } 2>&1 | awk '/^real/ {print $2}'; }
echo "100 000 trivial points: plan $(seconds "$build/fieldscan" plan tiny.yaml) s"
echo "  run with 3 ranks $(seconds "$mpirun" -n 3 "$build/fieldscan" run tiny.yaml --out tiny) s in all;" \
  "$(sed -n 's/.*finished: \([0-9]*\) done.*after \([0-9.]*\) s.*/\1 points recorded in \2 s/p' tiny/run.log)"
echo "  resume $(seconds "$mpirun" -n 3 "$build/fieldscan" run tiny.yaml --out tiny) s"

sleepers() {
  local ranks=$1 samples=$2 number=$3 scatter=$4 total=$5
  sed -e '/^scan:/,$d' -e '/^training/d' -e 's/, train: readout//' tiny.yaml > sleep.yaml
  printf 'training: {kind: hmc}\nscan:\n  grid:\n    training.samples: {logspace: [%s], num: %s}\n' "$samples" "$number" >> sleep.yaml
  rm -rf sleep
  "$mpirun" -n "$ranks" "$build/benchmarks/benchmark_sleepers" sleep.yaml sleep "$scatter" "$total"
}
echo "tasks that sleep, over three decades, known up to 30 %:"
for workers in 2 4 8; do sleepers $((workers + 1)) "300, 300000" 200 1.3 30; done
echo "tasks of a second:"
sleepers 3 "10000, 10100" 12 1 12
