#!/usr/bin/env bash
# Compute children that are killed cost an attempt, not the campaign: the tables are those of an undisturbed run. A child that is
# killed at every attempt leaves its point incomplete, with the reason, and the next run completes it.
. "$(dirname "$0")/common.sh"
reference
"$mpirun" -n 3 "$fieldscan" run "$scan" --out killed --quiet --attempts 50 &
campaign=$!
kills=$("$here/kill_children.py" "$work" 0.3 $campaign one)
status=0
wait $campaign || status=$?
[ $status -eq 0 ] || fail "with $kills kills the run ended with $status"
[ "$kills" -gt 0 ] || fail "no child was there to be killed"
same killed

"$fieldscan" run "$scan" --out incomplete --quiet --attempts 1 &
campaign=$!
kills=$("$here/kill_children.py" "$work" 0.005 $campaign)
status=0
wait $campaign || status=$?
[ $status -eq 4 ] || fail "with one attempt and $kills kills the run ended with $status instead of 4"
"$fieldscan" status incomplete | grep -q "killed by signal 9" || fail "status does not give the reason"
run incomplete 0
[ $status -eq 0 ] || fail "the run after it ended with $status"
same incomplete
