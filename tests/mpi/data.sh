#!/usr/bin/env bash
# Files of data that change, go, or stay behind: a run ends with the reason and stores nothing of other data, and goes on when they are
# back; what was computed is read without them.
. "$(dirname "$0")/common.sh"
mkdir study elsewhere
# table FIRST: 60 rows of the same shape.
table() {
  echo "a,b,label"
  for k in $(seq 60); do echo "$(((k * 37 + $1) % 101)),$(((k * 53 + $1) % 89)),$((k % 2))"; done
}
table 1 > study/data.csv
cp study/data.csv original.csv
cat > study/scan.yaml <<'YAML'
fieldscan: 1
name: data
data: {input: {kind: file, path: data.csv, classes: [0, 1], centred: true}, target: labels, train_size: 20, test_size: rest}
network: {depth: 1, width: 16, activation: erf}
ridge: 0.1
training: {kind: hmc, samples: 1500}
ensemble: {data_draws: 6, chains: 4}
theory: [nngp]
scan: {grid: {network.width: [8, 16], ridge: [0.1, 0.2, 0.3, 0.4]}}
YAML
scan=$work/study/scan.yaml
reference

# The compute children of this test: each is the child of a fork server, which is the child of a rank.
of_program() { case "$(cat "/proc/$1/comm" 2>/dev/null)" in fieldscan*) return 0 ;; *) return 1 ;; esac; }
parent() { sed -n 's/^PPid:[[:space:]]*//p' "/proc/$1/status" 2>/dev/null; }
end_compute_children() {
  for entry in /proc/[0-9]*; do
    [ "$(readlink "$entry/cwd" 2>/dev/null)" = "$work" ] || continue
    child=${entry#/proc/}
    server=$(parent "$child")
    if of_program "$child" && of_program "$server" && of_program "$(parent "$server")"; then kill -9 "$child"; fi
  done
  return 0
}

# The file is replaced during a run, of one rank that computes itself and of several. A child that has the rows in memory goes on with
# the right ones; one that has to load them ends the run.
for ranks in 0 3; do
  (run "changed$ranks" "$ranks" 2> "said$ranks"; exit "$status") &
  campaign=$!
  for _ in $(seq 400); do
    [ "$(sqlite3 "changed$ranks/store.sqlite" 'SELECT count(*) FROM result' 2>/dev/null || echo 0)" -gt 4 ] && break
    sleep 0.02
  done
  table 2 > new.csv && mv new.csv study/data.csv
  end_compute_children
  status=0
  wait $campaign || status=$?
  [ "$status" -eq 1 ] || fail "$ranks ranks: the run ends with $status while its data change: $(cat "said$ranks")"
  grep -q "data.csv has changed since the scan was read" "said$ranks" || fail "the end has no reason: $(cat "said$ranks")"
  [ "$(sqlite3 "changed$ranks/store.sqlite" 'SELECT count(*) FROM result WHERE outcome = 6')" -eq 0 ] || fail "failures are stored"
  run "changed$ranks" "$ranks" 2> "refused$ranks"
  [ "$status" -eq 1 ] || fail "$ranks ranks: a run goes on with other data, and ends with $status"
  grep -q "data.csv is not what it was when this run began" "refused$ranks" || fail "the refusal does not say why: $(cat "refused$ranks")"
  cp original.csv study/data.csv
  run "changed$ranks" "$ranks"
  [ "$status" -eq 0 ] || fail "$ranks ranks: the run does not go on when the file is back: $status"
  same "changed$ranks"
done
"$fieldscan" check "$scan" 2> told
grep -q "line 1 is the header: a,b,label" told || fail "check does not tell the header: $(cat told)"

table 2 > study/data.csv
# What computes again sees it as well; what only reads does not care.
for command in "verify reference --sample 2" "repeat reference $(sqlite3 reference/store.sqlite "SELECT lower(hex(id)) FROM owner LIMIT 1")"; do
  # shellcheck disable=SC2086
  if "$fieldscan" $command > said 2>&1; then fail "$command computes from other data"; fi
  grep -q "data.csv has changed" said || fail "$command does not say why: $(cat said)"
done
rm study/data.csv
cd elsewhere
for command in "status ../reference" "status ../reference --json" "export ../reference --format csv --out tables" "report ../reference --out page" \
  "verify ../reference --sample 0" "show ../reference $(sqlite3 ../reference/store.sqlite "SELECT lower(hex(id)) FROM owner LIMIT 1")"; do
  # shellcheck disable=SC2086
  "$fieldscan" $command > said 2>&1 || fail "$command without the data: $(cat said)"
done
"$fieldscan" status ../reference | grep -q "192/192 done" || fail "status does not know what is done: $("$fieldscan" status ../reference)"
"$fieldscan" test ../reference > said 2>&1 || [ $? -le 5 ] || fail "test without the data: $(cat said)"
rm -f tables/provenance.csv
diff -r ../reference.tables tables || fail "the tables without the data differ"
if "$fieldscan" verify ../reference --sample 2 > said 2>&1; then fail "verify --sample computes without data"; fi
grep -q "data.csv': does not exist" said || fail "verify --sample does not say what is missing: $(cat said)"
"$fieldscan" verify ../reference > said 2>&1 || fail "verify asks for data that only its sample needs: $(cat said)"
grep -q "^sound: " said || fail "verify does not say what it has checked: $(cat said)"
grep -q "could not be computed again.*does not exist" said || fail "verify does not say what it has not checked: $(cat said)"
