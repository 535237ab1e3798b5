#include "fieldscan/campaign/cluster/slurm.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "fieldscan/core/shell.hpp"

namespace fieldscan::campaign {

namespace {

/// The same text as slurm/template.sbatch; a test compares them.
constexpr const char* job_script = R"sbatch(#!/bin/bash
# Job script of the scan @NAME@. It drains before its time limit, exits with 75 and is requeued until the scan is done:
# submit it once. Made by `fieldscan slurm`; slurm/README.md of fieldscan says how to choose ranks, threads and memory.
#SBATCH --job-name=@NAME@
#SBATCH --nodes=@NODES@
#SBATCH --ntasks-per-node=@TASKS_PER_NODE@
#SBATCH --cpus-per-task=1
#SBATCH --mem-per-cpu=@MEMORY_MB@M
#SBATCH --time=@TIME@
#SBATCH --signal=B:USR1@@SIGNAL_SECONDS@
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=@NAME@.%j.out
@MODULES@

# Large tasks choose their threads themselves; idle ranks give way.
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
export OMPI_MCA_mpi_yield_when_idle=1

mpirun --bind-to none @BINARY@ run @ARGUMENTS@ &
pid=$!
# Both signals mean: stop in good order. mpirun passes USR1 on to all ranks; TERM it would take for itself.
trap 'kill -USR1 $pid' USR1 TERM
while :; do
  wait $pid
  status=$?
  kill -0 $pid 2>/dev/null || break   # else the signal ended the wait, not the program
done

# 75: work is left, submit again. A job that went around a hundred times stays where it is.
if [ $status -eq 75 ] && [ "${SLURM_RESTART_COUNT:-0}" -lt 100 ]; then
  scontrol requeue "$SLURM_JOB_ID" && sleep 60
fi
exit $status
)sbatch";

std::string time_text(double hours) {
  const long minutes = std::lround(hours * 60);
  return fmt::format("{:02}:{:02}:00", minutes / 60, minutes % 60);
}

struct Gap {
  std::string name, value;
};

/// The template with its gaps filled, in one pass: a value may look like a gap.
std::string filled(std::string_view in, const std::vector<Gap>& gaps) {
  std::string out;
  while (!in.empty()) {
    const auto gap = std::ranges::find_if(gaps, [&](const Gap& g) { return in.starts_with(g.name); });
    out += gap == gaps.end() ? std::string(1, in.front()) : gap->value;
    in.remove_prefix(gap == gaps.end() ? 1 : gap->name.size());
  }
  return out;
}

std::string shell_words(const std::vector<std::string>& words) {
  std::string line;
  for (const std::string& word : words) line += (line.empty() ? "" : " ") + shell_word(word);
  return line;
}

}  // namespace

std::string slurm_template() { return job_script; }

std::string slurm_script(const scan::Scan& scan, const SlurmOptions& options) {
  // The name of a scan holds letters, digits and - _ . only: nothing that a directive of sbatch would take for more.
  return filled(slurm_template(),
                {{"@NAME@", scan.name()},
                 {"@NODES@", std::to_string(options.nodes)},
                 {"@TASKS_PER_NODE@", std::to_string(options.tasks_per_node)},
                 {"@MEMORY_MB@", std::to_string(std::lround(options.memory_per_task_gigabytes * 1024))},
                 {"@TIME@", time_text(options.hours)},
                 {"@SIGNAL_SECONDS@", std::to_string(options.signal_seconds)},
                 {"@MODULES@", options.modules},
                 {"@BINARY@", shell_word(options.binary)},
                 {"@ARGUMENTS@", shell_words(options.arguments)}});
}

}  // namespace fieldscan::campaign
