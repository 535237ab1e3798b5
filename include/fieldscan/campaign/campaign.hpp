#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "fieldscan/campaign/child/fork_server.hpp"
#include "fieldscan/scan/points/scan.hpp"

namespace boost::mpi {
class communicator;
}

namespace fieldscan::campaign {

/// What a run does where the store holds results that are damaged.
enum class Damaged { refuse, recompute };

/// Who started the ranks: mpirun kills them within two seconds of SIGINT or SIGTERM.
enum class Launch : std::uint8_t { alone, by_launcher };

struct RunOptions {
  std::filesystem::path directory;
  std::optional<double> deadline_seconds;  ///< from now; else Slurm's end time; else none
  double task_seconds_limit = 0;           ///< processor time of one task, per thread; 0: none
  int attempts = 3;                        ///< of a task that crashes or runs out of memory
  bool quiet = false;                      ///< no progress on stderr
  std::string file = "scan.yaml";          ///< name of the scan file, kept in the store
  std::string again = "fieldscan run";     ///< the command that goes on with this run
  Launch launch = Launch::alone;
  Damaged damaged = Damaged::refuse;
};

/// The processor seconds of a task in so many threads; 0: no limit. Nobody's but the user's: an estimate that is wrong
/// is corrected, and no reason to give up a task.
double limit_of(const RunOptions& options, int threads);

/// Why a run ended with work left.
enum class Cut : std::uint8_t {
  none,
  in_good_order,  ///< deadline, signal, wish, or nobody left who can compute: another run gets further
  no_use,         ///< another run like this one would get no further
};

/// What the run came to; the exit status follows from it.
struct RunSummary {
  std::uint64_t done = 0, already = 0, results_not_done = 0, failed = 0, left = 0;
  Cut cut = Cut::none;
  bool without_result = false;  ///< everything is there, and nothing of it is done: all diverged, and the like
  double seconds = 0, busy_fraction = 0;
  int exit_status() const {
    if (left > 0 && cut != Cut::none) return cut == Cut::in_good_order ? 75 : 1;
    return failed > 0 || left > 0 || without_result ? 4 : 0;
  }
};

/// The bytes that the processes of this node may use: of the machine, of the control group, of the Slurm job, whichever
/// is smallest; less a twentieth for the ranks themselves.
double node_memory();

/// Runs a scan, or goes on with it: what the store holds is not done again. All ranks of `world` call this with the
/// same text; rank 0 is the master and owns the store; with one rank it works through a compute child of its own. All
/// ranks get the summary. `server` was made before MPI_Init. Where the store or the directory fails, the other ranks
/// return a summary, and then rank 0 throws (store::Busy, store::StoreError, EnvironmentError): no rank waits for
/// another after that, so all can finish MPI.
///
/// Not so where ranks do not answer (stopped, or their file system is dead): then rank 0 returns or throws alone, with
/// their names in `silent`, and MPI must be aborted.
RunSummary run(boost::mpi::communicator& world, ForkServer& server, const scan::Scan& scan, const RunOptions& options,
               std::vector<std::string>& silent);

}  // namespace fieldscan::campaign
