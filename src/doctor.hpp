#pragma once
#include <string>

namespace fieldscan {

/// What this build and this machine are: compiler and instruction set, libraries, processor, memory, MPI, file system
/// of the working directory. For `fieldscan doctor` and for the provenance of a run.
std::string doctor_report();

}  // namespace fieldscan
