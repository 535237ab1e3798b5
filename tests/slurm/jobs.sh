# Sourced by the tests after mpi/common.sh: a cluster that ends with the test, job scripts, waiting for jobs.
# shellcheck shell=bash
for program in munged slurmctld slurmd sbatch scontrol; do
  command -v $program >/dev/null || { echo "skipped: Slurm is not installed ($program is missing)"; exit 77; }
done
[ "$(id -u)" -eq 0 ] || { echo "skipped: Slurm's daemons need root"; exit 77; }

cluster=$work/cluster
cleanup() {
  status=$?
  "$here/cluster.sh" stop "$cluster"
  [ $status -eq 0 ] || tail -n 30 "$work"/*.out "$cluster"/log/*.log >&2 2>/dev/null || true
  (exit $status)
  finish
}
trap cleanup EXIT
chmod 755 "$work"  # munge wants to be reached
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1

# job_script SCAN SECONDS: job.sbatch of two ranks with a limit of one minute, and the signal so many seconds before.
job_script() {
  "$fieldscan" slurm "$1" --tasks-per-node 2 --hours 0.0167 --memory 0.5 > job.sbatch
  grep -q "^#SBATCH --requeue" job.sbatch || fail "the job script does not ask to be requeued"
  sed -i "s|^#SBATCH --signal=.*|#SBATCH --signal=B:USR1@$2|" job.sbatch
  grep -q "^#SBATCH --time=00:01:00" job.sbatch || fail "the job script has another limit than a minute"
}

# field NAME: of the job that was looked at last.
field() { sed -n "s/.*[ ^]$1=\([^ ]*\).*/\1/p" about.txt | head -n 1; }

# wait_for JOB CONDITION COMPLAINT: looks at the job every half second until the condition holds, ten minutes at most.
wait_for() {
  for _ in $(seq 1200); do
    scontrol show job "$1" > about.txt || true
    eval "$2" && return 0
    sleep 0.5
  done
  fail "$3: $(cat about.txt)"
}
