#pragma once
#include <filesystem>
#include <string>

namespace fieldscan::store {

/// Who writes to a run directory, as far as its lock file tells.
struct Writer {
  enum class State {
    none,     ///< no lock: nobody
    alive,    ///< on this host and running, or in a Slurm job that is not over
    dead,     ///< killed: it did not take its lock away
    unknown,  ///< on another host, which can not be asked
  } state = State::none;
  std::string who = {};  ///< "process 4711 on node7, Slurm job 12"; empty where nobody is named
  /// What is stopped (by SIGSTOP, a debugger, or with its job) of a writer on this host: "process 4711", or the one
  /// that started it, mpirun. Empty where nothing is, or nobody can know.
  std::string stopped = {};
};
Writer writer_of(const std::filesystem::path& directory);

}  // namespace fieldscan::store
