#pragma once
#include <string>

namespace fieldscan::scan {

/// A scan to start from: valid, small enough to run in minutes, with a comment on every line that may be changed.
std::string starter_scan();

}  // namespace fieldscan::scan
