#pragma once

/// What the members of a task cost: plans, placement and batches stand on these numbers.
namespace fieldscan {

/// An estimate for one member: a replica, or a prediction for one draw. Finite numbers, whatever the sizes.
struct Cost {
  double seconds = 0;  ///< on one core, within a factor of some 3; a campaign corrects the factor from what it measures
  double bytes = 0;    ///< held at most, beside the program and the data
  int threads = 1;     ///< that BLAS and LAPACK use, `threads_of(rows)`
  bool operator==(const Cost&) const = default;
};

/// Products of matrices on one core.
inline constexpr double flops_per_second = 2e10;

/// Threads for algebra with matrices of so many rows. It follows from the sizes alone, never from the machine: the
/// order of sums, and so the last bits, depend on it.
constexpr int threads_of(double rows) { return rows >= 16384 ? 8 : rows >= 4096 ? 4 : 1; }

}  // namespace fieldscan
