#!/usr/bin/env bash
# A prediction of many minutes heeds a wish to stop within seconds, whosever it is: it has no result then, and the next run begins it again.
. "$(dirname "$0")/common.sh"
scan=$here/predictions.yaml

# start DIR [launcher]: in the background; its process in $process. Returns when the prediction is being computed.
start() {
  local directory=$1
  shift
  "$@" "$fieldscan" run "$scan" --out "$directory" 2> "$directory.err" &
  process=$!
  for _ in $(seq 600); do
    grep -q "start of" "$directory/run.log" 2>/dev/null && return 0
    sleep 0.05
  done
  fail "$directory: the run does not begin"
}
# ended DIR PROCESS SECONDS: with a reason that makes the next run go on, and nothing stored.
ended() {
  for _ in $(seq $((20 * $3))); do
    kill -0 "$2" 2>/dev/null || break
    sleep 0.05
  done
  kill -0 "$2" 2>/dev/null && fail "$1: the run does not end within $3 s"
  status=0
  wait "$2" || status=$?
  [ $status -eq 75 ] || fail "$1 ended with $status: $(cat "$1.err")"
  "$fieldscan" export "$1" --format csv --out "$1.tables" > /dev/null
  [ "$(wc -l < "$1.tables/values.csv")" -le 1 ] || fail "$1: what was ended has a result"
}

start term
term=$process
start asked "$mpirun" -n 2
asked=$process
start now "$mpirun" -n 2
now=$process
sleep 1
kill -TERM $term
"$fieldscan" stop asked > /dev/null
"$fieldscan" stop now --now > /dev/null
ended now $now 20
ended asked $asked 40
ended term $term 40
grep -q "a prediction on .* is ended" term/run.log || fail "the log does not say what was ended: $(cat term/run.log)"

# The next run begins it again; a second signal waits for nothing.
rm term/run.log
start term
grep -q "0 of 1 already there, 1 tasks" term/run.log || fail "the next run does not begin it again: $(cat term/run.log)"
sleep 1
kill -TERM $process
sleep 3
kill -TERM $process
ended term $process 15
exit 0
