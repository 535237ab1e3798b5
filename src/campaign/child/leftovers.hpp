#pragma once
#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

/// Files that Open MPI leaves behind where mpirun is killed: shared memory of the ranks, and the directory of the job.
namespace fieldscan::campaign {

struct Leftovers {
  pid_t owner =
      0;  ///< mpirun or the daemon of this node, which removes them itself as long as it lives; 0: nobody is known
  std::vector<std::string> paths;
};

/// What this process has mapped of them; `maps` is the text of /proc/PID/maps. Nothing where the owner is not known.
Leftovers find_leftovers(const std::string& maps);
/// Removes them, unless the owner still lives when the patience is over.
void remove_leftovers(const Leftovers& leftovers, std::chrono::milliseconds patience = std::chrono::seconds(2));

}  // namespace fieldscan::campaign
