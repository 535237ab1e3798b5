#!/usr/bin/env bash
# A task that is longer than every job is done over several of them, with the bits of an undisturbed one.
. "$(dirname "$0")/common.sh"
scan=$here/long.yaml
run reference 0
[ $status -eq 0 ] || fail "the reference run ended with $status"
tables reference

jobs=0
while :; do
  run cut 2 --deadline 8s
  [ $status -eq 75 ] || break
  jobs=$((jobs + 1))
  [ $jobs -lt 30 ] || fail "the task does not get on"
  ls cut/checkpoints/*.state >/dev/null || fail "no state is kept"
done
[ $status -eq 0 ] || fail "the last run ended with $status"
[ $jobs -ge 1 ] || fail "the task was done in one job: make it longer"
[ -z "$(ls cut/checkpoints 2>/dev/null)" ] || fail "the state of a finished task is still there"
same cut
