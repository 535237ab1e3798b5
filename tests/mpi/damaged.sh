#!/usr/bin/env bash
# A damaged number is said by every command that reads the store, with 7; a run offers to compute it again, and does when asked.
. "$(dirname "$0")/common.sh"
sed "s/samples: 3000/samples: 1000/" "$scan" > small.yaml
scan=$work/small.yaml
reference
id=$(cut -d, -f1 reference.tables/points.csv | sed -n 2p)

damage() {
  rm -rf damaged
  cp -r reference damaged
  python3 - "$1" <<'PYTHON'
import sqlite3, sys
connection = sqlite3.connect("damaged/store.sqlite", isolation_level=None)
connection.execute(sys.argv[1])
assert connection.execute("SELECT changes()").fetchone()[0] > 0
connection.close()
PYTHON
}

for change in "UPDATE value SET value = value * 1.001 WHERE key = 5" "UPDATE result SET seconds = 1e9 WHERE key = 2" \
  "UPDATE result SET invalid = 'x' WHERE key = 2" "UPDATE owner SET id = randomblob(16) WHERE key = 1" \
  "UPDATE scan SET text = replace(text, 'ridge', 'ridge ')"; do
  damage "$change"
  for command in "status damaged" "status damaged --json" "show damaged $id" "repeat damaged $id" "test damaged" "report damaged" \
    "export damaged --out damaged.csv" "export damaged --format json --out damaged.json" "export damaged --format netcdf --out damaged.nc" \
    "verify damaged --sample 0" "plan $scan --out damaged" "run $scan --out damaged --quiet"; do
    got=0
    # shellcheck disable=SC2086
    "$fieldscan" $command > out.txt 2>&1 || got=$?
    [ $got -eq 7 ] || fail "after '$change' the command '$command' ended with $got: $(cat out.txt)"
  done
  grep -q -e "--recompute-damaged" out.txt || fail "the run does not offer to compute it again: $(cat out.txt)"
  run damaged 0 --recompute-damaged
  [ $status -eq 0 ] || fail "after '$change' the run that computes it again ended with $status"
  same damaged
done
