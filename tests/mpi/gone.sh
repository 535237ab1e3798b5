#!/usr/bin/env bash
# The run directory, or a file of it, vanishes or is replaced during a run: the run ends with 1 and says so, nothing that was computed is
# lost, and the next run finishes with the tables of an undisturbed one. Links are not followed; nothing is made where nothing was.
. "$(dirname "$0")/common.sh"
reference

# Waits until the run has stored something.
wait_for_results() {
  for _ in $(seq 400); do
    [ -e "$1/store.sqlite" ] && [ "$("$fieldscan" verify "$1" --sample 0 2>/dev/null | sed -n 's/sound: \([0-9]*\).*/\1/p')" -gt 0 ] 2>/dev/null && return
    sleep 0.05
  done
  fail "the run stores nothing"
}

# disturbed DIR RANKS WORDS COMMAND…: the run is disturbed by the command, ends with 1 and says the words.
disturbed() {
  local directory=$1 ranks=$2 words=$3
  shift 3
  if [ "$ranks" -eq 0 ]; then
    "$fieldscan" run "$scan" --out "$directory" --quiet 2> said.txt &
  else
    "$mpirun" -n "$ranks" "$fieldscan" run "$scan" --out "$directory" --quiet 2> said.txt &
  fi
  local campaign=$! got=0
  wait_for_results "$directory"
  "$@"
  wait $campaign || got=$?
  [ $got -eq 1 ] || fail "after '$*' the run ended with $got"
  grep -q "$words" said.txt || fail "after '$*' the run said: $(cat said.txt)"
}

# goes_on DIR: what was stored is there again, and the next run finishes.
goes_on() {
  "$fieldscan" verify "$1" --sample 0 | grep -q "sound: [1-9]" || fail "$1: what was stored is lost"
  run "$1" 0
  [ $status -eq 0 ] || fail "$1: the run after it ended with $status"
  same "$1"
}

remove() { rm -rf "$1" || true; }  # a file may be made in it meanwhile
disturbed one 0 "was removed" remove one
goes_on one
disturbed three 3 "was removed" remove three
goes_on three
disturbed file 0 "was removed" rm file/store.sqlite
goes_on file
disturbed log 0 "was removed" rm log/store.sqlite-wal
goes_on log
cut() { : > cut/store.sqlite-wal; }
disturbed cut 0 "is lost" cut
run cut 0
[ $status -eq 0 ] || fail "cut: the run after it ended with $status"
same cut
disturbed moved 0 "was moved" mv moved elsewhere
"$fieldscan" status elsewhere > out.txt
head -n 1 out.txt | grep -q "ended.*its log says: .* was moved" || fail "a run whose directory was moved: $(cat out.txt)"
goes_on elsewhere
cp -r reference other
swap() { mv swapped away && mv other swapped && rm -rf away; }
disturbed swapped 0 "store.saved.sqlite" swap
same swapped
mkdir saved && mv swapped/store.saved.sqlite saved/store.sqlite
goes_on saved

# The words of a run stand where they are looked for, also where somebody removed the log.
"$fieldscan" run "$scan" --out logged --quiet &
campaign=$!
wait_for_results logged
rm logged/run.log logged/lock
wait $campaign || fail "without its log and lock the run ended with $?"
grep -q finished logged/run.log || fail "the end of the run is not in run.log"
same logged

# Links in a run directory: replaced or refused, never followed.
mkdir -p linked
for name in lock run.log run.jsonl store.sqlite status.json status.json.new; do
  echo precious > precious
  rm -rf linked/*
  ln -s "$work/precious" linked/$name
  run linked 0 --deadline 1s 2> said.txt
  [ "$(cat precious)" = precious ] || fail "the link $name was followed"
  [ $status -eq 75 ] || [ $status -eq 1 ] || fail "with a link $name the run ended with $status"
done
for name in index.html figures; do
  echo precious > precious
  mkdir -p empty
  rm -rf reference/report
  mkdir reference/report
  if [ $name = figures ]; then ln -s "$work/empty" reference/report/figures; else ln -s "$work/precious" reference/report/$name; fi
  "$fieldscan" report reference > out.txt 2>&1 || true
  [ "$(cat precious)" = precious ] && [ -z "$(ls empty)" ] || fail "the link report/$name was followed"
done
rm -rf reference/report

# Commands that read or change make nothing where nothing was.
for command in "status none" "show none 0" "repeat none 0" "test none" "report none" "export none --out none.tables" "verify none" \
  "invalidate none 0 --reason x" "plan $scan --out none"; do
  # shellcheck disable=SC2086
  "$fieldscan" $command > out.txt 2>&1 || true
  [ ! -e none ] && [ ! -e none.tables ] || fail "'$command' made something"
done
