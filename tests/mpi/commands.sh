#!/usr/bin/env bash
# What the command line says of itself: unknown commands, readers that leave early, predictions without numbers.
. "$(dirname "$0")/common.sh"

# ends STATUS WORDS COMMAND…: the command ends so, and says these words on stderr.
ends() {
  local want=$1 words=$2 got=0
  shift 2
  "$fieldscan" "$@" > out.txt 2> said.txt || got=$?
  [ $got -eq "$want" ] || fail "'$*' ended with $got, not $want: $(cat said.txt)"
  [ -z "$words" ] || grep -q -- "$words" said.txt || fail "'$*' said: $(cat said.txt)"
}
ends 2 "there is no command 'chekc'" chekc scan.yaml
ends 2 "there is no command" $'x\x1b[31my'
! grep -q $'\x1b' said.txt || fail "a command's control characters reach the terminal"
ends 2 "." check
ends 1 "no-such.yaml" check no-such.yaml

# What bears the name of a command, and what else does.
for command in check plan run theory slurm status stop points show repeat test report export verify invalidate doctor explain init schema manual; do
  ends 0 "" explain $command
  grep -q "^$command (a command): " out.txt || fail "explain $command: $(cat out.txt)"
done
ends 0 "" explain theory
grep -q "theories to compute" out.txt || fail "explain theory forgets the section: $(cat out.txt)"
ends 2 "nothing is called" explain plna

# Readers that leave early: no signal, no message, and the status tells that not all was read.
for command in "explain learning_rate" "init" "schema" "manual"; do
  for reader in "head -n 1" true; do
    set +e
    # shellcheck disable=SC2086
    "$fieldscan" $command 2> said.txt | $reader > /dev/null
    status=("${PIPESTATUS[@]}")
    set -e
    [ "${status[0]}" -le 1 ] || fail "$command | $reader ended with ${status[0]}"
    [ ! -s said.txt ] || fail "$command | $reader said: $(cat said.txt)"
  done
done

# Predictions: 0 with numbers, 4 where there are none, or where the time was too short for one.
cat > theory.yaml <<'END'
fieldscan: 1
data: {input: {kind: sphere, dim: 8}, train_size: 8, test_size: 10}
network: {activation: erf, width: 32}
ridge: 0.1
training: {kind: hmc, samples: 40}
ensemble: {data_draws: 8}
theory: [nngp]
END
ends 0 "" theory theory.yaml
ends 0 "" theory theory.yaml --limit 60
cp out.txt limited.txt
ends 0 "" theory theory.yaml
cmp -s out.txt limited.txt || fail "a limit of time changes numbers"
ends 4 "applies at no point" theory theory.yaml --set 'theory=[ntk]'
ends 4 "" theory theory.yaml --set data.train_size=2500 --set ensemble.theory_draws=40 --limit 0.2
grep -q "given up after 0.2 s" out.txt || fail "a prediction that takes too long: $(cat out.txt)"
[ "$("$fieldscan" theory theory.yaml --limit 0 > /dev/null 2>&1; echo $?)" -eq 2 ] || fail "a limit of 0 was taken"

# A run says at once what it begins, and at the end what to type next; its points are found by what they are.
cat > points.yaml <<'END'
fieldscan: 1
name: points
data: {input: {kind: sphere, dim: 2}, target: {kind: gegenbauer, levels: {1: 1}}, train_size: 2, test_size: 2}
network: {depth: 1, width: 2, activation: linear, train: readout}
ridge: 0.1
training: {kind: exact_readout}
ensemble: {data_draws: 3}
observe: [error_test]
scan: {grid: {data.noise: [0.125, 0.25], network.width: [2, 3]}}
END
ends 0 "start of points: .* on 1 worker, writing to runs/points$" run points.yaml
grep -q "^fieldscan: next: fieldscan test runs/points, and fieldscan report runs/points$" said.txt || fail "no next step: $(cat said.txt)"
head -n 1 said.txt | grep -q "start of points" || fail "the start is not the first line: $(cat said.txt)"
ends 0 "" points runs/points
[ "$(wc -l < out.txt)" -eq 5 ] || fail "four points are listed as: $(cat out.txt)"
[ "$(grep -c "3/3 done" out.txt)" -eq 4 ] || fail "states of points: $(cat out.txt)"
ends 0 "" points runs/points "noise == 0.25 && width > 2"
[ "$(wc -l < out.txt)" -eq 2 ] || fail "one point is listed as: $(cat out.txt)"
id=$(sed -n 's/^\([0-9a-f]\{8\}\) .*/\1/p' out.txt)
ends 0 "" show runs/points "$id"
cp out.txt by-id.txt
ends 0 "" show runs/points "noise == 0.25 && width == 3"
cmp -s out.txt by-id.txt || fail "a point by its id and by its settings differ: $(cat out.txt)"
# A condition may begin with a minus, and is no option.
ends 0 "" points runs/points "-width == -3"
[ "$(wc -l < out.txt)" -eq 3 ] || fail "two points of that width are listed as: $(cat out.txt)"
ends 0 "" show runs/points "-width < -2 && noise > 0.2"
cmp -s out.txt by-id.txt || fail "a condition with a minus shows another point: $(cat out.txt)"
ends 1 "no point fulfils '-width == 3'" points runs/points "-width == 3"
ends 2 "" points runs/points -width
ends 0 "" repeat runs/points "noise == 0.25 && width == 3"
ends 1 "no point fulfils 'noise == 7': data.noise is " show runs/points "noise == 7"
ends 1 "training is 'exact_readout'" points runs/points "training == 'nosuch'"
ends 1 "is no field of a point" points runs/points "error_test > 0"
ends 1 "'1/0' is infinite: compared with something it says nothing" points runs/points "1/0 > 0"
ends 1 "no point fulfils 'false'" points runs/points false
ends 1 "'sqrt(-1 - noise)' compares nothing" points runs/points "sqrt(-1 - noise)"
ends 1 "'width' compares nothing: a condition is true or false at a point" points runs/points width
ends 1 "'width + noise' compares nothing" points runs/points "width + noise"
ends 1 "write 2 <= width && width <= 3" points runs/points "2 <= width <= 3"
ends 1 "." points runs/points "wdith == 2"
ends 1 "repeat one of them" repeat runs/points "width == 2"
