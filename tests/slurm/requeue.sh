#!/usr/bin/env bash
# A job whose time limit is too short for its scan drains, exits with 75, is requeued by its own script and finishes; the tables are
# those of an undisturbed run. Slurm counts time limits in minutes, so the first round takes one.
. "$(dirname "$0")/../mpi/common.sh"
. "$here/jobs.sh"
scan=$here/../mpi/scan.yaml

# Long enough for more than one job of a minute on any machine: as many draws as this one does in some 80 s.
seconds=$( { time -p "$fieldscan" run "$scan" --out probe --quiet; } 2>&1 | awk '/^real/ {print $2}')
draws=$(awk -v s="$seconds" 'BEGIN {print int(4 * 80 / (s > 1 ? s : 1)) + 4}')
sed "s/data_draws: 4/data_draws: $draws/" "$scan" > long.yaml

"$here/cluster.sh" start "$cluster" 1 2
export SLURM_CONF=$cluster/slurm.conf
job_script long.yaml 20
job=$(sbatch --parsable --chdir="$work" job.sbatch)
wait_for "$job" 'case $(field JobState) in PENDING | RUNNING | COMPLETING | CONFIGURING | REQUEUED) false ;; esac' "the job did not end"
[ "$(field JobState)" = COMPLETED ] || fail "the job ended as $(field JobState)"
[ "$(field Restarts)" -ge 1 ] || fail "the job was not requeued: the scan was too short to say anything"
grep -q "exit status 75" runs/campaign-test/run.log || fail "no round ended with 75"
grep -q "finished" runs/campaign-test/run.log || fail "no round finished"

# The same tables as in one go.
scan=$work/long.yaml
run reference 3
[ $status -eq 0 ] || fail "the reference run ended with $status"
tables reference
mv runs/campaign-test jobs
same jobs
