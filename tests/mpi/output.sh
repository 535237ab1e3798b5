#!/usr/bin/env bash
# What can not be written is a failure of every command, with a message; talk that can not be written stops nothing.
. "$(dirname "$0")/common.sh"
sed "s/samples: 3000/samples: 1000/" "$scan" > small.yaml
scan=$work/small.yaml
reference
id=$("$fieldscan" status reference --json >/dev/null && cut -d, -f1 reference.tables/points.csv | sed -n 2p)
printf 'fieldscan: 1\nname: wrong\n' > wrong.yaml

# refused STATUS COMMAND…: with a stdout that is full, or closed, the command ends with 1 and says so.
refused() {
  local got=0
  "$fieldscan" "$@" > /dev/full 2> said.txt || got=$?
  [ $got -eq 1 ] || fail "'$*' onto a full disk ended with $got"
  grep -q "can not be written" said.txt || fail "'$*' onto a full disk said: $(cat said.txt)"
  got=0
  "$fieldscan" "$@" >&- 2> said.txt || got=$?
  [ $got -eq 1 ] || fail "'$*' with a closed stdout ended with $got"
}
refused --help
refused --version
refused init
refused doctor
refused explain learning_rate
refused check "$scan" --json
refused plan "$scan"
refused plan "$scan" --json
refused theory "$scan" --points 1
refused theory "$scan" --points 1 --format csv
refused slurm "$scan"
refused status reference
refused status reference --json
refused show reference "$id"
refused repeat reference "$id"
refused test reference
refused test reference --json
refused report reference
refused verify reference --sample 0

# A reader that leaves early is no signal that kills.
got=0
"$fieldscan" explain learning_rate 2> said.txt | true || got=$?
status=("${PIPESTATUS[@]}")
[ "${status[0]}" -le 1 ] || fail "explain into a closed pipe ended with ${status[0]}"

# Tables and pages on a full file system: 1, a message, and no file that is cut off.
if unshare -m true 2>/dev/null; then
  small_disk() {
    mkdir -p small && mount -t tmpfs -o size=8k none small || exit 9
    for format in csv json netcdf; do
      got=0
      "$fieldscan" export reference --format $format --out small/tables 2> small.txt || got=$?
      [ $got -eq 1 ] && grep -q "No space left" small.txt && [ ! -e small/tables/values.$format ] || exit 3
      rm -r small/tables
    done
    got=0
    "$fieldscan" report reference --out small/page > /dev/null 2> small.txt || got=$?
    [ $got -eq 1 ] && grep -q "No space left" small.txt || exit 4
  }
  export -f small_disk
  export fieldscan
  unshare -m bash -c small_disk > out.txt 2>&1 || fail "tables and pages on a full disk: $? ($(cat small.txt))"
fi

# Talk: full, closed, and a pipe that nobody reads.
talk() {
  local expected=$1 got=0
  shift
  "$fieldscan" "$@" 2> /dev/full > out.txt || got=$?
  [ $got -eq "$expected" ] || fail "'$*' with a full stderr ended with $got"
  got=0
  "$fieldscan" "$@" 2>&- > out.txt || got=$?
  [ $got -eq "$expected" ] || fail "'$*' with a closed stderr ended with $got"
}
talk 0 check "$scan"
talk 3 check wrong.yaml
talk 3 run wrong.yaml
talk 1 status nothing
talk 2 explain no-such-name
talk 0 export reference --out talk.tables
diff -r -x provenance.csv reference.tables talk.tables || fail "the tables differ where stderr was closed"
for stderr in /dev/full closed; do
  got=0
  if [ $stderr = closed ]; then
    "$fieldscan" run "$scan" --out talked 2>&- >&- <&- || got=$?
  else
    "$fieldscan" run "$scan" --out talked 2> /dev/full || got=$?
  fi
  [ $got -eq 0 ] || fail "run with stderr $stderr ended with $got"
  same talked
  rm -r talked
done
mkfifo pipe
sleep 1000 < pipe &
reader=$!
got=0
timeout 120 "$fieldscan" run "$scan" --out talked --attempts 1 2> pipe || got=$?
kill $reader
[ $got -eq 0 ] || fail "run into a pipe that nobody reads ended with $got"
same talked
# A limit on the size of files stops a run in good order, with words.
got=0
(ulimit -f 100 && exec "$fieldscan" run "$scan" --out limited --quiet 2> said.txt) || got=$?
[ $got -eq 1 ] || fail "run under a limit of file size ended with $got"
grep -q "nothing acknowledged is lost" said.txt || fail "run under a limit of file size said: $(cat said.txt)"
run limited 0
[ $status -eq 0 ] || fail "the run after it ended with $status"
same limited
