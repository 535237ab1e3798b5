#!/usr/bin/env bash
# The schema that `fieldscan schema` prints fits all scans of the project, and none of them with a key misspelt, a kind that there is not, a list
# for a number. Arguments PROGRAM SOURCE_DIR. Ends with 77, and says so, where python3-jsonschema is not installed.
set -eu
program=$1 source=$2
python=
for candidate in /usr/bin/python3 python3; do
  if [ -z "$python" ] && "$candidate" -c 'import jsonschema, yaml' 2> /dev/null; then python=$candidate; fi
done
[ -n "$python" ] || { echo "skipped: python3-jsonschema and python3-yaml are not here"; exit 77; }
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
"$program" schema > "$place/schema.json"
"$program" init > "$place/starter.yaml"
scans=("$place/starter.yaml" "$source"/experiments/*/scan.yaml)
# The rest of the corpus has words that are known and not built.
for scan in "$source"/tests/scan/good/*.yaml; do
  if "$program" check "$scan" 2> /dev/null; then scans+=("$scan"); fi
done
"$python" "$source/tests/schema/validate.py" "$place/schema.json" "${scans[@]}"
