#!/usr/bin/env bash
# A lock on the store that another program holds: the run goes on, says who holds it, and stores what it has when the lock goes; the deadline and
# signals act all the same, and what could not be stored is computed by the next run.
. "$(dirname "$0")/common.sh"
reference

# hold DIR: holds the store from when it is there, until let_go.
hold() {
  python3 - "$1/store.sqlite" <<'PYTHON' &
import os, sqlite3, sys, time
while not os.path.exists(sys.argv[1]) or os.path.getsize(sys.argv[1]) == 0:
    time.sleep(0.01)
connection = sqlite3.connect(sys.argv[1], timeout=60, isolation_level=None)
while not connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'scan'").fetchone()[0] or \
        not connection.execute("SELECT count(*) FROM scan").fetchone()[0]:
    time.sleep(0.01)
connection.execute("BEGIN IMMEDIATE")
open("held", "w").close()
while os.path.exists("held"):
    time.sleep(0.01)
PYTHON
  holder=$!
  for _ in $(seq 400); do [ -e held ] && return; sleep 0.05; done
  fail "the store can not be held"
}
let_go() { rm held; wait $holder; }

"$fieldscan" run "$scan" --out waits 2> said.txt &
campaign=$!
hold waits
for _ in $(seq 400); do grep -q "another program holds" said.txt && break; sleep 0.05; done
grep -q "process $holder (python3)" said.txt || fail "it is not said who holds the store: $(cat said.txt)"
grep -q "store_held" waits/run.jsonl || fail "the log does not say that the store is held"
let_go
got=0
wait $campaign || got=$?
[ $got -eq 0 ] || fail "after the lock the run ended with $got"
same waits

"$mpirun" -n 3 "$fieldscan" run "$scan" --out late --deadline 2s 2> said.txt &
campaign=$!
hold late
got=0
wait $campaign || got=$?
[ $got -eq 75 ] || fail "with a lock and a deadline the run ended with $got"
grep -q "are not stored" said.txt || fail "it is not said that results are not stored: $(cat said.txt)"
let_go
run late 3
[ $status -eq 0 ] || fail "the run after the deadline ended with $status"
same late

"$fieldscan" run "$scan" --out signalled 2> said.txt &
campaign=$!
hold signalled
kill -USR1 $campaign
got=0
wait $campaign || got=$?
[ $got -eq 75 ] || fail "with a lock and a signal the run ended with $got"
let_go
run signalled 0
[ $status -eq 0 ] || fail "the run after the signal ended with $status"
same signalled
