#!/usr/bin/env bash
# A deadline, and a signal: the campaign stops in good order with 75, and the next run finishes.
. "$(dirname "$0")/common.sh"
reference
run late 2 --deadline 1s
[ $status -eq 75 ] || fail "the run with a deadline of one second ended with $status instead of 75"
grep -q '"state": "drained"' late/status.json || fail "status.json does not say 'drained'"
grep -q '"exit_status": 75' late/status.json || fail "status.json does not say 75"
for _ in $(seq 8); do
  run late 3 --deadline 3s
  [ $status -eq 75 ] || break
done
[ $status -eq 0 ] || run late 3
[ $status -eq 0 ] || fail "the runs after it ended with $status"
same late

"$mpirun" -n 3 "$fieldscan" run "$scan" --out signalled --quiet &
campaign=$!
sleep 1.2
kill -USR1 $campaign
status=0
while :; do
  wait $campaign && status=0 || status=$?
  kill -0 $campaign 2>/dev/null || break
done
[ $status -eq 75 ] || [ $status -eq 0 ] || fail "after USR1 the run ended with $status"
grep -q "draining" signalled/run.log || [ $status -eq 0 ] || fail "the log does not say that it drained"
run signalled 2
[ $status -eq 0 ] || fail "the run after the signal ended with $status"
same signalled
