#pragma once
#include <filesystem>
#include <optional>
#include <string>

#include "fieldscan/campaign/fork_server.hpp"
#include "fieldscan/scan/scan.hpp"

namespace boost::mpi {
class communicator;
}

namespace fieldscan::campaign {

struct RunOptions {
  std::filesystem::path directory;
  std::optional<double> deadline_seconds;  ///< from now; else Slurm's end time; else none
  double task_seconds_limit = 0;           ///< time limit of one task; 0: ten times its estimate, at least 10 minutes
  int attempts = 3;                        ///< of a task that crashes or runs out of memory
  bool quiet = false;                      ///< no progress on stderr
  std::string file = "scan.yaml";          ///< name of the scan file, kept in the store
};

/// What the run came to; the exit status follows from it.
struct RunSummary {
  std::uint64_t done = 0, already = 0, results_not_done = 0, failed = 0, left = 0;
  std::uint64_t replicas = 0;  ///< with a result, there already or done now
  std::uint64_t without = 0;   ///< of these, replicas that ended without numbers: diverged, or a numerical error
  bool drained = false;        ///< deadline or signal: work is left
  double seconds = 0, busy_fraction = 0;
  /// Networks were trained, and not one of them has a number: nothing was measured.
  bool all_without() const { return replicas > 0 && without == replicas; }
  int exit_status() const { return drained && left > 0 ? 75 : failed > 0 || left > 0 || all_without() ? 4 : 0; }
};

/// The bytes that the processes of this node may use: of the machine, of the control group, of the Slurm job, whichever is smallest;
/// less a twentieth for the ranks themselves.
double node_memory();

/// Runs a scan, or goes on with it: what the store holds is not done again. All ranks of `world` call this with the same text;
/// rank 0 is the master and owns the store; with one rank it works through a compute child of its own. All ranks get the summary.
/// `server` was made before MPI_Init. Where the store or the directory fails, the other ranks return a summary, and then rank 0
/// throws (store::Busy, store::StoreError, EnvironmentError): no rank waits for another after that, so all can finish MPI.
RunSummary run(boost::mpi::communicator& world, ForkServer& server, const scan::Scan& scan, const RunOptions& options);

}  // namespace fieldscan::campaign
