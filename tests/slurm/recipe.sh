#!/usr/bin/env bash
# The recipe of the README as it stands there, in a folder that holds nothing but the scan: the printed job script is submitted as it is.
. "$(dirname "$0")/../mpi/common.sh"
. "$here/jobs.sh"
sed "s/samples: 3000/samples: 100/" "$here/../mpi/scan.yaml" > my-scan.yaml
mkdir -p build/release
ln -s "$fieldscan" build/release/fieldscan
recipe=$(sed -n '/^## On a cluster/,/^The job/p' "$source_dir/README.md" | grep '^    ')
echo "$recipe" | grep -q "sbatch job.sbatch" || fail "the README does not say how to submit a job: $recipe"

"$here/cluster.sh" start "$cluster" 1 32 70000
export SLURM_CONF=$cluster/slurm.conf
[ ! -e runs ] || fail "the folder is not empty"

# submitted COMMANDS: runs them in a shell, waits for the job, and takes its state.
submitted() {
  bash -euc "$1" > submission.txt || fail "the recipe fails: $(cat submission.txt)"
  local job
  job=$(sed -n 's/^Submitted batch job //p' submission.txt)
  wait_for "$job" 'case $(field JobState) in PENDING | RUNNING | COMPLETING | CONFIGURING) false ;; esac' "the job did not end"
  [ "$(field JobState)" = COMPLETED ] || fail "the job ended as $(field JobState): $(cat ./*.out 2>/dev/null || echo 'without a word')"
}
submitted "$recipe"
[ -s runs/campaign-test/store.sqlite ] || fail "the job made no run"
grep -q . campaign-test.*.out || fail "the job said nothing"
scan=$work/my-scan.yaml
reference
mv runs/campaign-test job
same job

# Every option reaches the job, whatever signs are in it; so does the name of a scan file that looks like a gap of the template.
cp my-scan.yaml "it's @NAME@ \`touch witness\`.yaml"
submitted 'build/release/fieldscan slurm "it'"'"'s @NAME@ \`touch witness\`.yaml" --set seed=9 --set "data.target={kind: gegenbauer, levels: {1: 0.5, 2: 0.5}}" \
  --out "a \$(touch witness) place" --attempts 2 --tasks-per-node 2 > job.sbatch && sbatch job.sbatch'
[ ! -e witness ] || fail "a command in a name was run"
scan=$work/my-scan.yaml
run overridden 2 --set seed=9 --set "data.target={kind: gegenbauer, levels: {1: 0.5, 2: 0.5}}"
[ $status -eq 0 ] || fail "the run with overrides ended with $status"
rm -rf reference.tables
tables overridden
mv overridden.tables reference.tables
mv "a \$(touch witness) place" second
same second
