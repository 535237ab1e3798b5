#!/usr/bin/env bash
# One run directory has one writer: a second run is refused, all its ranks end, and the first is not disturbed. Readers are let in.
. "$(dirname "$0")/common.sh"
reference
"$mpirun" -n 2 "$fieldscan" run "$scan" --out twice --quiet &
campaign=$!
for _ in $(seq 200); do
  [ -s twice/lock ] && break
  sleep 0.05
done
second=0
timeout 60 "$mpirun" -n 2 "$fieldscan" run "$scan" --out twice --quiet 2> refused.txt || second=$?
"$fieldscan" status twice >/dev/null || fail "status can not read while the run writes"
first=0
wait $campaign || first=$?
[ $first -eq 0 ] || fail "the first run ended with $first"
[ $second -eq 1 ] || fail "the second run ended with $second instead of 1"
grep -q "already writes to" refused.txt || fail "the refusal does not say who writes: $(cat refused.txt)"
same twice
