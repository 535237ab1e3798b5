#!/usr/bin/env bash
# kill -9 of mpirun, three times, and then of a rank: the next run goes on, and the tables are those of an undisturbed run.
. "$(dirname "$0")/common.sh"
reference

# Whether ranks of this test are alive: they die with mpirun, in a moment.
ranks_left() {
  local pid
  for pid in $(pgrep -x fieldscan); do
    [ "$(readlink "/proc/$pid/cwd" 2>/dev/null)" = "$work" ] && return 0
  done
  return 1
}

killed=0
for round in 1 2 3 4; do
  "$mpirun" -n 3 "$fieldscan" run "$scan" --out resumed --quiet &
  campaign=$!
  sleep "1.$round"
  victim=$campaign
  [ "$round" -lt 4 ] || victim=$(pgrep -P $campaign -x fieldscan | tail -n 1)
  kill -9 "$victim" 2>/dev/null && killed=$((killed + 1))
  wait $campaign 2>/dev/null || true
  for _ in $(seq 100); do ranks_left || break; sleep 0.1; done
  ! ranks_left || fail "round $round: ranks outlived mpirun"
  # The first kill may come before there is a store.
  [ ! -s resumed/store.sqlite ] || [ "$("$fieldscan" verify resumed | grep -c '^damaged')" -eq 0 ] || fail "round $round: the store is damaged"
done
[ $killed -ge 2 ] || fail "the runs were over before they could be killed"
run resumed 2
[ $status -eq 0 ] || fail "the last run ended with $status"
same resumed
