#!/usr/bin/env bash
# A job whose time limit is too short for its scan drains, exits with 75, is requeued by its own script and finishes; the tables are
# those of an undisturbed run. Slurm counts time limits in minutes, so the first round takes one.
. "$(dirname "$0")/../mpi/common.sh"
for program in munged slurmctld slurmd sbatch scontrol; do
  command -v $program >/dev/null || { echo "skipped: Slurm is not installed ($program is missing)"; exit 77; }
done
[ "$(id -u)" -eq 0 ] || { echo "skipped: Slurm's daemons need root"; exit 77; }

cluster=$work/cluster
cleanup() {
  status=$?
  "$here/cluster.sh" stop "$cluster"
  [ $status -eq 0 ] || tail -n 30 "$work"/job.*.out "$cluster"/log/*.log >&2 2>/dev/null || true
  (exit $status)
  finish
}
trap cleanup EXIT
chmod 755 "$work"  # munge wants to be reached
scan=$here/../mpi/scan.yaml

# Long enough for more than one job of a minute on any machine: as many draws as this one does in some 80 s.
seconds=$( { time -p "$fieldscan" run "$scan" --out probe --quiet; } 2>&1 | awk '/^real/ {print $2}')
draws=$(awk -v s="$seconds" 'BEGIN {print int(4 * 80 / (s > 1 ? s : 1)) + 4}')
sed "s/data_draws: 4/data_draws: $draws/" "$scan" > long.yaml

"$here/cluster.sh" start "$cluster" 1 2
export SLURM_CONF=$cluster/slurm.conf
"$fieldscan" slurm long.yaml > job.sbatch
grep -q "^#SBATCH --requeue" job.sbatch || fail "the job script does not ask to be requeued"
sed -i -e "s|^#SBATCH --ntasks-per-node=.*|#SBATCH --ntasks-per-node=2|" -e "s|^#SBATCH --time=.*|#SBATCH --time=00:01:00|" \
  -e "s|^#SBATCH --mem-per-cpu=.*||" -e "s|^#SBATCH --signal=.*|#SBATCH --signal=B:USR1@20|" \
  -e "s|^#SBATCH --output=.*|#SBATCH --output=$work/job.%j.out|" job.sbatch
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1
job=$(sbatch --parsable --chdir="$work" job.sbatch)
state=PENDING
for _ in $(seq 700); do
  state=$(scontrol show job "$job" | sed -n 's/.*JobState=\([A-Z_]*\).*/\1/p')
  case $state in PENDING | RUNNING | COMPLETING | CONFIGURING | REQUEUED) sleep 1 ;; *) break ;; esac
done
[ "$state" = COMPLETED ] || fail "the job ended as $state"
restarts=$(scontrol show job "$job" | sed -n 's/.*Restarts=\([0-9]*\).*/\1/p')
[ "$restarts" -ge 1 ] || fail "the job was not requeued: the scan was too short to say anything"
grep -q "exit status 75" runs/campaign-test/run.log || fail "no round ended with 75"
grep -q "finished" runs/campaign-test/run.log || fail "no round finished"

# The same tables as in one go.
scan=$work/long.yaml
run reference 3
[ $status -eq 0 ] || fail "the reference run ended with $status"
tables reference
mv runs/campaign-test jobs
same jobs
