#pragma once
#include <string>
#include <vector>

#include "fieldscan/scan/points/scan.hpp"

namespace fieldscan::campaign {

/// What fills the gaps of slurm/template.sbatch.
struct SlurmOptions {
  std::string binary = "fieldscan";                 ///< path of the program
  std::vector<std::string> arguments{"scan.yaml"};  ///< of `run`, word by word: the scan file and its options
  int nodes = 1;
  int tasks_per_node = 32;
  double hours = 12;
  double memory_per_task_gigabytes = 2;
  int signal_seconds = 120;  ///< before the end of the job, when it begins to drain
  std::string modules = "# module load gcc openmpi boost     # what this site needs";
};

/// The template as it was built in; @NAME@ and the like are the gaps.
std::string slurm_template();
/// The job script for a scan: requeues itself until the scan is done.
std::string slurm_script(const scan::Scan& scan, const SlurmOptions& options = {});

}  // namespace fieldscan::campaign
