#!/usr/bin/env bash
# What docs/reading-results.md says of exported files holds: its pieces of Python run on a small scan, and the numbers of all its figures
# are made again from the NetCDF; the notebook of experiment 06 runs. Arguments PROGRAM SOURCE_DIR. Ends with 77, and says so, where xarray is not installed.
set -eu
program=$1 source=$2
python=
for candidate in python3 /usr/bin/python3; do
  if [ -z "$python" ] && "$candidate" -c 'import xarray, netCDF4, pandas' 2> /dev/null; then python=$candidate; fi
done
[ -n "$python" ] || { echo "skipped: python3-xarray, python3-netcdf4 and python3-pandas are not here"; exit 77; }
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
"$program" run "$source/tests/reading/scan.yaml" --out run -q
"$program" report run > /dev/null
mv run/report .
"$program" export run --format netcdf --out tables 2> /dev/null
"$program" export run --format csv --out tables 2> /dev/null
"$python" - "$source/docs/reading-results.md" << 'PYTHON'
import re, sys
pieces = re.findall(r"```python\n(.*?)```", open(sys.argv[1]).read(), re.S)
assert len(pieces) >= 4
names = {}
for piece in pieces:
    exec(piece, names)
PYTHON
"$python" "$source/tests/reading/figures.py" "$place"
if command -v ncdump > /dev/null; then
  ncdump -h tables/values.nc > header.txt
  for part in ':program = "fieldscan ' ':seed = "4"' ':scan = "# What docs' ':machine = ' 'ntk_flow_error_test:long_name = "test error'; do
    grep -q -- "$part" header.txt || { echo "ncdump -h does not show $part" >&2; exit 1; }
  done
fi

# The notebook of experiment 06, on a run with few members: its cells run one after the other, and say something.
mkdir notebook
cd notebook
"$program" run "$source/experiments/06-deep-linear/scan.yaml" --set ensemble.data_draws=3 --set ensemble.chains=3 --out run -q 2> /dev/null
"$program" export run --format netcdf --out tables 2> /dev/null
MPLBACKEND=Agg "$python" - "$source/experiments/06-deep-linear/reading.ipynb" > said << 'PYTHON'
import json, sys
names = {}
for cell in json.load(open(sys.argv[1]))["cells"]:
    if cell["cell_type"] == "code":
        exec("".join(cell["source"]), names)
PYTHON
grep -q '^nngp .*%$' said && grep -q 'spread of chains' said
cd ..

"$program" test run --json > verdicts.json || true
"$python" -c "
import json
for test in json.load(open('verdicts.json')):
    for part in test['parts']:
        low, high = part['interval']
        assert low <= part['value'] <= high and part['standard_error'] > 0 and part['data_draws'] == 8, part
"
