#!/usr/bin/env bash
# Numbers of regressions do not depend on the processor whose kernels the linear algebra library chose: the same scan under
# two of them, compared digit by digit, all seventeen. Arguments PROGRAM SOURCE_DIR. Ends with 77, and says so, where the
# library is not told what to run.
set -eu
program=$1 source=$2
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
kernels() { OPENBLAS_CORETYPE=$1 "$program" doctor 2>&1 | grep -o 'kernels for [A-Za-z]*' | head -1; }
one=Prescott other=Haswell
[ "$(kernels $one)" = "kernels for $one" ] && [ "$(kernels $other)" = "kernels for $other" ] ||
  { echo "skipped: the linear algebra library does not run the kernels it is told to"; exit 77; }
for core in $one $other; do
  OPENBLAS_CORETYPE=$core "$program" run "$source/tests/cores/scan.yaml" --out $core -q > /dev/null 2>&1
  "$program" export $core --format csv --out tables_$core > /dev/null 2>&1
done
[ "$(wc -l < tables_$one/values.csv)" -gt 20 ] || { echo "nothing was computed"; exit 1; }
cmp tables_$one/values.csv tables_$other/values.csv
