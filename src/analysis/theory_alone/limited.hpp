#pragma once
#include <functional>
#include <optional>

#include "fieldscan/core/flat.hpp"

namespace fieldscan::analysis {

/// Computes in a process of its own, which may take so many seconds of processor time; nothing where it took more.
/// Throws EnvironmentError where the process could not be made, or died.
std::optional<Bytes> compute_within(double seconds, const std::function<Bytes()>& compute);

}  // namespace fieldscan::analysis
