#include "fieldscan/campaign/slurm.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

namespace fieldscan::campaign {

namespace {

/// The same text as slurm/template.sbatch; a test compares them.
constexpr const char* text = R"sbatch(#!/bin/bash
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
#SBATCH --output=@DIRECTORY@.%j.out
@MODULES@

# Large tasks choose their threads themselves; idle ranks give way.
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
export OMPI_MCA_mpi_yield_when_idle=1

mpirun --bind-to none @BINARY@ run @FILE@ --out @DIRECTORY@ &
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

/// A word for the shell: in single quotes where it holds anything but letters, digits and / . _ - + =.
std::string quoted(const std::string& word) {
  if (!word.empty() && word.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+=") ==
                           std::string::npos)
    return word;
  std::string out = "'";
  for (const char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

void replace_all(std::string& in, const std::string& what, const std::string& with) {
  for (std::size_t at = in.find(what); at != std::string::npos; at = in.find(what, at + with.size()))
    in.replace(at, what.size(), with);
}

std::string time_text(double hours) {
  const long minutes = std::lround(hours * 60);
  return fmt::format("{:02}:{:02}:00", minutes / 60, minutes % 60);
}

/// A directive of sbatch ends at a blank.
std::string without_blanks(std::string word) {
  for (char& c : word)
    if (c == ' ' || c == '\t') c = '_';
  return word;
}

}  // namespace

std::string slurm_template() { return text; }

std::string slurm_script(const scan::Scan& scan, const SlurmOptions& options) {
  const std::string directory = options.directory.empty() ? "runs/" + scan.name() : options.directory;
  std::string script = slurm_template();
  replace_all(script, "--output=@DIRECTORY@", "--output=" + without_blanks(directory));
  const std::pair<const char*, std::string> values[] = {
      {"@NAME@", scan.name()},
      {"@NODES@", std::to_string(options.nodes)},
      {"@TASKS_PER_NODE@", std::to_string(options.tasks_per_node)},
      {"@MEMORY_MB@", std::to_string(std::lround(options.memory_per_task_gigabytes * 1024))},
      {"@TIME@", time_text(options.hours)},
      {"@SIGNAL_SECONDS@", std::to_string(options.signal_seconds)},
      {"@MODULES@", options.modules},
      {"@BINARY@", quoted(options.binary)},
      {"@FILE@", quoted(options.file)},
      {"@DIRECTORY@", quoted(directory)},
  };
  for (const auto& [name, value] : values) replace_all(script, name, value);
  return script;
}

}  // namespace fieldscan::campaign
