#!/usr/bin/env bash
# The steps of `make check`, those of the workflow presets, each with its time. Where a step would leave a core without work others run beside it;
# what these say comes when they are waited for. A build that fails ends it; tests that fail do not keep the others from running.
# usage: check.sh
set -eu
cd "$(dirname "$0")/.."
declare -A process=() said=()
failed=0
trap 'for group in "${process[@]}"; do kill -- "-$group" 2> /dev/null || true; done' EXIT

step() { scripts/timed.sh "$@"; }

# beside STEP LOG COMMAND…
beside() {
  local name=$1 log=$2
  shift 2
  said[$name]=$log
  setsid scripts/timed.sh "$name" "$@" > "$log" 2>&1 &
  process[$name]=$!
}
# finish STEP: one that runs beside.
finish() {
  wait "${process[$1]}" || failed=1
  unset "process[$1]"
  cat "${said[$1]}"
}

rm -f build/times.txt
step "format" scripts/check-format.sh
step "dev: configure" cmake --preset dev
step "dev: build" cmake --build --preset dev
step "release: configure" cmake --preset release
beside "dev: tests" build/dev/tests.log ctest --preset dev
step "release: program" cmake --build --preset release --target fieldscan fieldscan_faults
# They wait for half of their time.
beside "mpi, slurm: tests" build/release/program-tests.log ctest --preset release -L 'mpi|slurm'
step "release: build" cmake --build --preset release
finish "dev: tests"
finish "mpi, slurm: tests"
step "tidy: configure" cmake --preset files
beside "tidy" build/files/tidy.log scripts/check-tidy.sh build/files
step "release: tests" ctest --preset release -L unit || failed=1
finish "tidy"
scripts/timed.sh
exit $failed
