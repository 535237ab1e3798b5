#!/usr/bin/env bash
# Random scans, data files and names against the readers, for so many seconds: scripts/fuzz.sh SECONDS [BUILD]
# FIELDSCAN_FUZZ_SEED repeats a run; a failing text is kept, and its place is said.
set -eu
cd "$(dirname "$0")/.."
seconds=${1:?scripts/fuzz.sh SECONDS [BUILD]}
build=${2:-build/dev}
export FIELDSCAN_FUZZ_SECONDS=$seconds
pids=()
for layer in scan data analysis; do
  "$build/tests/test_$layer" "[.fuzz]" &
  pids+=($!)
done
status=0
for pid in "${pids[@]}"; do wait "$pid" || status=1; done
exit $status
