#!/usr/bin/env bash
# Thousands of tiny tasks: they travel together and ahead, so long messages cross each other; the tables are those of one process, and a
# child that is killed costs no more than a second try of its order.
. "$(dirname "$0")/common.sh"
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
    data.noise: {linspace: [0.001, 1], num: 100}
    ridge: {linspace: [0.01, 1], num: 60}
SCAN
scan=$work/tiny.yaml
reference
run together 3
[ $status -eq 0 ] || fail "the run ended with $status"
same together
tasks=$(sed -n 's/.*"event": "end".*"done": \([0-9]*\).*/\1/p' together/run.jsonl)
[ "$tasks" = 6000 ] || fail "run.jsonl says $tasks done instead of 6000"

"$mpirun" -n 3 "$fieldscan" run "$scan" --out killed --quiet --attempts 50 &
campaign=$!
"$here/kill_children.py" "$work" 0.05 $campaign one > kills.txt
status=0
wait $campaign || status=$?
[ $status -eq 0 ] || fail "with $(cat kills.txt) kills the run ended with $status"
same killed
