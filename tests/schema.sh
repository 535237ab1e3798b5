#!/usr/bin/env bash
# The schema that `fieldscan schema` prints fits all scans of the project, and none of them with a key misspelt, a kind that there is not, a list
# for a number. Arguments PROGRAM SOURCE_DIR. Ends with 77, and says so, where python3-jsonschema is not installed.
set -eu
program=$1 source=$2
python=
for candidate in python3 /usr/bin/python3; do
  if [ -z "$python" ] && "$candidate" -c 'import jsonschema, yaml' 2> /dev/null; then python=$candidate; fi
done
[ -n "$python" ] || { echo "skipped: python3-jsonschema and python3-yaml are not here"; exit 77; }
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
"$program" schema > "$place/schema.json"
"$program" init > "$place/starter.yaml"
"$python" "$source/tests/schema/validate.py" "$place/schema.json" "$place/starter.yaml" "$source"/experiments/*/*.yaml "$source"/tests/scan/good/*.yaml
