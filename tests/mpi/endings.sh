#!/usr/bin/env bash
# How runs end: whatever dies, is stopped or is asked, the campaign goes on or ends with a reason, an exit status that a job script can follow,
# and logs that stay small; the next run finishes with the bits of an undisturbed one.
. "$(dirname "$0")/common.sh"
reference

# start DIR RANKS [more]: in the background, its process in $campaign; returns when rank 0 has begun.
start() {
  local directory=$1 ranks=$2 launcher=()
  shift 2
  [ "$ranks" -eq 0 ] || launcher=("$mpirun" -n "$ranks")
  "${launcher[@]}" "$fieldscan" run "$scan" --out "$directory" "$@" 2> "$directory.err" &
  campaign=$!
  for _ in $(seq 400); do
    grep -q "start of" "$directory/run.log" 2>/dev/null && return 0
    sleep 0.05
  done
  fail "$directory: the run does not begin"
}
# ended SECONDS: its exit status in $status; a run that does not end in time has failed.
ended() {
  for _ in $(seq $((20 * $1))); do
    kill -0 $campaign 2>/dev/null || break
    sleep 0.05
  done
  kill -0 $campaign 2>/dev/null && fail "the run does not end within $1 s"
  status=0
  wait $campaign || status=$?
}
says() { grep -q -- "$2" "$1.err" || fail "$1 does not say '$2': $(cat "$1.err")"; }
small() { [ "$(cat "$1"/run.log "$1"/run.jsonl | wc -c)" -lt 100000 ] || fail "$1: the logs are large"; }
finish_and_compare() {
  run "$1" 2
  [ $status -eq 0 ] || fail "$1: the run after it ended with $status"
  same "$1"
}

# The fork server of the only worker dies: a spare takes its place, and the run goes on.
start spared 0
sleep 0.3
kill -9 "$(pgrep -o -P $campaign)"
ended 120
[ $status -eq 0 ] || fail "without its first fork server the run ended with $status: $(cat spared.err)"
same spared

# The spares die too: the run ends, and says why.
start alone 0
sleep 0.3
pgrep -P $campaign | xargs kill -9
ended 60
[ $status -eq 75 ] || fail "without its fork server the run ended with $status"
says alone "fork server"
says alone "nobody is left who can compute"
small alone
finish_and_compare alone

# Of one of two workers: the other one does the rest.
start half 3
rank=$(pgrep -P $campaign fieldscan | tail -n 1)
kill -9 "$(pgrep -o -P "$rank")"
ended 120
[ $status -eq 0 ] || fail "without one of two fork servers the run ended with $status"
same half

# TERM to mpirun: what is there is saved, and the last line says how to go on.
start term 3
sleep 0.7
kill -TERM $campaign
ended 30
[ $status -ne 0 ] || fail "TERM came too late"
grep "^fieldscan:" term.err | tail -n 1 | grep -q "^fieldscan: stopped; go on with: mpirun -n 3 .*fieldscan run .*--out term$" \
  || fail "the last line is not how to go on: $(cat term.err)"
grep -q '"exit_status": 75' term/status.json || fail "status.json does not say that the run was stopped"
finish_and_compare term

# A run that was killed is known as such at once.
start killed 0
kill -9 $campaign
ended 10
"$fieldscan" status killed | head -n 1 | grep -q "killed" || fail "status does not know that the run was killed"
"$fieldscan" stop killed 2> killed.err && fail "a dead run can be asked to stop"
says killed "is gone"
finish_and_compare killed

# Asked from outside.
start asked 3
"$fieldscan" stop asked 2> stop.txt || fail "can not ask the run to stop: $(cat stop.txt)"
ended 60
[ $status -eq 75 ] || [ $status -eq 0 ] || fail "asked to stop the run ended with $status"
[ ! -e asked/stop ] || fail "the wish is still there"
finish_and_compare asked
"$fieldscan" stop asked 2> stop.txt && fail "a finished run can be asked to stop"

# A rank that is stopped, with work and a deadline: a grace, then 75; idle at the end of a finished run: its status.
start silent 3 --deadline 2s
pid=$(pgrep -P $campaign fieldscan | tail -n 1)
kill -STOP "$pid"
ended 60
[ $status -eq 75 ] || [ $status -eq 0 ] || fail "with a stopped rank the run ended with $status"
says silent "can not be waited for"
finish_and_compare silent

# No time at all: a reason, and not the status that makes a job script submit again.
for end in 1000 $(($(date +%s) - 5)); do
  status=0
  SLURM_JOB_END_TIME=$end "$fieldscan" run "$scan" --out past 2> past.err || status=$?
  [ $status -eq 1 ] || fail "after the end of the job the run ended with $status"
  says past "the deadline has passed already (SLURM_JOB_END_TIME)"
done
run short 0 --deadline 0s 2> short.err
[ $status -eq 1 ] || fail "without time the run ended with $status"
sed 's/steps: 400000/steps: 40000000/; s/kind: langevin, steps: 40000000/kind: gradient_descent, learning_rate: 1e-6, steps: 2000000000/' \
  "$here/long.yaml" > endless.yaml
status=0
"$fieldscan" run endless.yaml --out endless --deadline 3s 2> endless.err || status=$?
[ $status -eq 75 ] || [ $status -eq 1 ] || fail "with too little time the run ended with $status"
"$fieldscan" run endless.yaml --out endless --deadline 3s 2> endless.err && fail "an endless task was done"
says endless "give each job more time"

# Numbers of the command line that are none.
for option in "--task-limit nan" "--task-limit -1" "--task-limit 0" "--task-limit inf" "--task-limit 1e300" "--task-limit x" \
  "--deadline -1:00:00" "--deadline nan" "--deadline inf" "--deadline -5" "--deadline 1e300h" "--attempts 0" "--attempts 1e9"; do
  status=0
  # shellcheck disable=SC2086
  "$fieldscan" run "$scan" --out none $option > /dev/null 2>&1 || status=$?
  [ $status -eq 2 ] || fail "$option: exit status $status"
  [ ! -e none ] || fail "$option: the run has begun"
done

# No result at all.
cat > diverging.yaml <<'SCAN'
fieldscan: 1
name: diverging
data: {input: {kind: sphere, dim: 5}, target: {kind: gegenbauer, levels: {1: 1}}, train_size: 12}
network: {depth: 1, width: 16, activation: relu}
training: {kind: gradient_descent, learning_rate: 1e6, steps: 200}
ensemble: {data_draws: 4, initialisations: 3}
observe: [error_test]
scan: {grid: {network.width: [16, 32]}}
SCAN
for _ in 1 2; do
  status=0
  "$fieldscan" run diverging.yaml --out diverging --quiet 2> diverging.err || status=$?
  [ $status -eq 4 ] || fail "where all diverged the run ended with $status"
  says diverging "there are no results because all 24 replicas diverged"
done
exit 0
