#!/usr/bin/env bash
# chain.sh FIELDSCAN SOURCE_DIR: one campaign over a chain of jobs on a real Slurm of two nodes. Jobs are cut by their time limit and requeue
# themselves, one is cancelled, one loses its node; the tables are those of an undisturbed run. Three to five minutes: by hand.
. "$(dirname "$0")/../mpi/common.sh"
. "$here/jobs.sh"
scan=$here/../mpi/scan.yaml

# Long enough for some jobs of a quarter of a minute each.
seconds=$( { time -p "$fieldscan" run "$scan" --out probe --quiet; } 2>&1 | awk '/^real/ {print $2}')
draws=$(awk -v s="$seconds" 'BEGIN {print int(4 * 60 / (s > 1 ? s : 1)) + 4}')
sed "s/data_draws: 4/data_draws: $draws/" "$scan" > long.yaml

"$here/cluster.sh" start "$cluster" 2 2
export SLURM_CONF=$cluster/slurm.conf
# Slurm's shortest limit is a minute; the signal comes 45 s before its end.
job_script long.yaml 45

first=$(sbatch --parsable --chdir="$work" job.sbatch)
wait_for "$first" '[ "$(field Restarts)" -ge 1 ] && [ "$(field JobState)" = RUNNING ]' "the first job was not cut by its limit and requeued"
sleep 3
scancel "$first"
wait_for "$first" '[ "$(field JobState)" = CANCELLED ]' "the first job could not be cancelled"
echo "cut by its limit: $(grep -c "exit status 75" runs/campaign-test/run.log) rounds; then cancelled"

second=$(sbatch --parsable --chdir="$work" job.sbatch)
wait_for "$second" '[ "$(field JobState)" = RUNNING ]' "the second job did not start"
sleep 4
node=$(field NodeList)
scontrol update nodename="$node" state=down reason=test
wait_for "$second" '[ "$(field Restarts)" -ge 1 ]' "the second job was not requeued when its node went down"
echo "node $node set down: requeued"
sleep 1
scontrol update nodename="$node" state=resume 2>/dev/null || true  # it may have come back by itself
wait_for "$second" 'case $(field JobState) in PENDING | RUNNING | COMPLETING | CONFIGURING | REQUEUED) false ;; esac' "the second job did not end"
[ "$(field JobState)" = COMPLETED ] || fail "the second job ended as $(field JobState)"
echo "finished after $(field Restarts) restarts of the second job"

scan=$work/long.yaml
run reference 3
[ $status -eq 0 ] || fail "the reference run ended with $status"
tables reference
mv runs/campaign-test jobs
same jobs
echo "the same tables as without jobs"
