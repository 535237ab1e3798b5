#pragma once
#include <stdexcept>
#include <string>

namespace fieldscan {

/// Numerics failed at one task: not positive definite, not finite, did not converge.
/// Caught at one place, where it becomes a result with outcome `numerical_error`; never retried.
class NumericalError : public std::runtime_error {
 public:
  explicit NumericalError(const std::string& what) : std::runtime_error(what) {}
};

/// Something outside the program is not as needed: a file that is missing or has another format, a directory that can
/// not be written. The text says *problem (why it is one), suggestion*.
class EnvironmentError : public std::runtime_error {
 public:
  explicit EnvironmentError(const std::string& what) : std::runtime_error(what) {}
};

}  // namespace fieldscan
