#!/usr/bin/env bash
# Runs a step of `make check` and notes what it took; without arguments prints what was noted. Steps may run beside one another: the wall time
# of all is from the first start to the last end.
# usage: timed.sh [STEP COMMAND ...]
set -eu
export LC_ALL=C
notes=$(cd "$(dirname "$0")/.." && pwd)/build/times.txt
if [ $# -eq 0 ]; then
  [ -f "$notes" ] || exit 0
  awk -F '\t' 'BEGIN { printf "%-20s %10s %10s\n", "step", "wall", "CPU" }
    function minutes(s) { return sprintf("%d:%04.1f", s / 60, s - 60 * int(s / 60)) }
    { printf "%-20s %10s %10s%s\n", $1, minutes($2), minutes($3), $4 == 0 ? "" : "  failed"; cpu += $3
      if (NR == 1 || $5 < first) first = $5
      if ($5 + $2 > last) last = $5 + $2 }
    END { printf "%-20s %10s %10s\n", "all", minutes(last - first), minutes(cpu) }' "$notes"
  exit 0
fi
step=$1
shift
mkdir -p "$(dirname "$notes")"
start=$EPOCHREALTIME
status=0
"$@" || status=$?
end=$EPOCHREALTIME
# The second line is that of all that was waited for: "1m2.345s 0m6.789s".
cpu=$(mktemp)
times > "$cpu"
awk -v step="$step" -v start="$start" -v end="$end" -v status=$status -F '[ms ]+' \
  'NR == 2 { printf "%s\t%.3f\t%.3f\t%d\t%.3f\n", step, end - start, 60 * ($1 + $3) + $2 + $4, status, start }' "$cpu" >> "$notes"
rm -f "$cpu"
exit $status
