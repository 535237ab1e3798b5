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

# A finished run on a file system that can not be written is read; what would write there says so.
read_only() {
  mount --bind twice twice && mount -o remount,ro,bind twice || exit 3
  "$fieldscan" verify twice --sample 0 && "$fieldscan" report twice --out page && "$fieldscan" export twice --out archive || exit 4
  "$fieldscan" run "$scan" --out twice --quiet 2> refused.txt && exit 5
  grep -q "choose a directory that can be written" refused.txt || exit 6
}
export -f read_only
export fieldscan scan
if unshare -m true 2>/dev/null; then
  unshare -m bash -c read_only >/dev/null 2>&1 || fail "a run directory that is read-only: status $? ($(cat refused.txt))"
  [ -s page/index.html ] && [ -s archive/values.csv ] || fail "no report or tables from a run directory that is read-only"
fi
