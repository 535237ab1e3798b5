#pragma once
#include <string>

/// What this program is and how it was built: in one source, so that nothing else is compiled again when it changes.
namespace fieldscan::build {

/// "0.2.0": the version of the program.
std::string release();
/// "0.2.0 (62e30e4, clean)": the version, the commit, and whether the sources differ from it; "0.2.0" outside a
/// repository. What the store, the log, checkpoints and `--version` say.
std::string version();
/// The instruction set asked for: native, x86-64-v3 or x86-64-v4.
std::string architecture();
/// The processor that the compiler was told to tune for; empty where it chose.
std::string tuning();

}  // namespace fieldscan::build
