#pragma once

/// Faults at the calls by which SQLite changes files: SQLite lets a program replace its calls of the system, for tests
/// like these.
namespace faults {

enum class Fault {
  kill,  ///< SIGKILL of this process in the middle of the call: a write is half done
  full,  ///< the disk is full: this call and all later ones fail with ENOSPC
  gone,  ///< the file system is gone: they fail with EIO
};

/// From now on, the call-th change of a file (write, truncation, removal; counted from 1) of this process fails. 0:
/// none does.
void install(Fault fault, long call);

}  // namespace faults
