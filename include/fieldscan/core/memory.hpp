#pragma once
#include <string>

namespace fieldscan {

/// Bytes that this machine can still give without swapping: MemAvailable of /proc/meminfo. Infinite where that file
/// does not say.
double available_memory();

/// Throws EnvironmentError with both numbers where `bytes` are more than `available_memory()`, so that a large matrix
/// ends in a sentence and not in a killed process. `what` is the subject of the sentence: "a kernel of 20000 × 20000
/// points". Small needs (below 64 MB) are not checked.
void require_memory(double bytes, const std::string& what);

/// Asks for large pages for a block that is about to be filled: a matrix of gigabytes is then not mapped 4 kB at a
/// time. A request only.
void prefer_large_pages(void* begin, double bytes);

}  // namespace fieldscan
