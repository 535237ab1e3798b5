#!/usr/bin/env bash
# The job scripts for one node and for an array of campaigns, as they lie in slurm/: the tables are those of runs without jobs.
. "$(dirname "$0")/../mpi/common.sh"
. "$here/jobs.sh"
scan=$work/first.yaml
sed "s/samples: 3000/samples: 300/" "$here/../mpi/scan.yaml" > first.yaml
sed "s/^seed: 7/seed: 8/" first.yaml > second.yaml
reference

"$here/cluster.sh" start "$cluster" 1 2
export SLURM_CONF=$cluster/slurm.conf FIELDSCAN=$fieldscan
submit() { sbatch --parsable --chdir="$work" --time=5 "$@"; }
node=$(submit --output="$work/job.node.out" "$source_dir/slurm/one-node.sbatch" first.yaml one)
array=$(submit --output="$work/job.array.%a.out" --array=0-1 --ntasks-per-node=2 --mem-per-cpu=500 "$source_dir/slurm/array.sbatch" first.yaml second.yaml)
for job in "$node" "$array"; do
  for _ in $(seq 240); do
    [ -z "$(squeue -h -j "$job" 2>/dev/null)" ] && break
    sleep 0.5
  done
  scontrol show job "$job" > about.txt
  ! grep "JobState=" about.txt | grep -qv "JobState=COMPLETED" || fail "not completed: $(cat about.txt)"
done
grep -q "for 2 workers" one/run.log || fail "one-node.sbatch does not use both cores: $(head -n 1 one/run.log)"
same one
mv runs/first array
same array
[ -s runs/second/store.sqlite ] || fail "the second campaign of the array did not run"
