# Sourced by the tests: arguments FIELDSCAN SOURCE_DIR; a working directory of its own; a few words.
# shellcheck shell=bash
set -eu
fieldscan=$1
source_dir=$2
here=$(cd "$(dirname "$0")" && pwd)
mpirun="$source_dir/scripts/mpirun-here.sh"
work=$(mktemp -d)
scan=$here/scan.yaml

# Ends what this test started, and nothing else: the processes whose working directory is the test's own.
end_processes() {
  for entry in /proc/[0-9]*; do
    [ "$(readlink "$entry/cwd" 2>/dev/null)" = "$work" ] && [ "${entry#/proc/}" != $$ ] && kill -9 "${entry#/proc/}" 2>/dev/null
  done
  return 0
}
finish() {
  status=$?
  end_processes
  if [ $status -eq 0 ]; then rm -rf "$work"; else echo "FAILED (files in $work)" >&2; fi
}
trap finish EXIT
cd "$work"

fail() { echo "$*" >&2; exit 1; }

# run DIR RANKS [more arguments]: the exit status of the campaign in $status.
run() {
  local directory=$1 ranks=$2
  shift 2
  status=0
  if [ "$ranks" -eq 0 ]; then
    "$fieldscan" run "$scan" --out "$directory" --quiet "$@" || status=$?
  else
    "$mpirun" -n "$ranks" "$fieldscan" run "$scan" --out "$directory" --quiet "$@" || status=$?
  fi
}

# tables DIR: the exported tables that must be the same bytes, in DIR.tables.
tables() {
  "$fieldscan" export "$1" --format csv --out "$1.tables"
  rm -f "$1.tables/provenance.csv"
}

# same DIR: its tables are those of the reference.
same() {
  tables "$1"
  diff -r reference.tables "$1.tables" >/dev/null || fail "$1: the tables differ from the reference: $(diff -rq reference.tables "$1.tables")"
  "$fieldscan" verify "$1" --sample 0 >/dev/null || fail "$1: the store is damaged"
}

# The reference: one process, from beginning to end.
reference() {
  run reference 0
  [ $status -eq 0 ] || fail "the reference run ended with $status"
  tables reference
  [ "$(wc -l < reference.tables/values.csv)" -gt 50 ] || fail "the reference has hardly any values"
}
