#pragma once
#include <functional>
#include <vector>

#include "fieldscan/core/blocked_cholesky.hpp"
#include "fieldscan/core/packed_lower.hpp"

namespace fieldscan {

/// `Factor` (core/linear_algebra.hpp) in half of the memory. What is solved for sixteen columns or more has the same
/// bits; fewer are solved one by one in another order of summation.
struct PackedFactor {
  PackedLower lower;                                   ///< C with C Cᵀ = A + jitter·I
  std::vector<BlockedCholesky<double>> diagonal = {};  ///< the factors of its tiles on the diagonal
  double jitter = 0;                                   ///< what had to be added to the diagonal; 0 in the regular case
  double norm = 0;                                     ///< largest absolute column sum of A

  /// A⁻¹ B for a vector or a matrix B.
  template <class Right>
  typename Right::PlainObject solve(const Eigen::MatrixBase<Right>& right) const {
    typename Right::PlainObject x = right;
    solve_in_place(x);
    return x;
  }
  /// C⁻¹ B for a vector or a matrix B.
  template <class Right>
  typename Right::PlainObject half_solve(const Eigen::MatrixBase<Right>& right) const {
    typename Right::PlainObject x = right;
    half_solve_in_place(x);
    return x;
  }
  void solve_in_place(Eigen::Ref<Matrix> x) const;       ///< x ← A⁻¹x [P × anything]
  void half_solve_in_place(Eigen::Ref<Matrix> x) const;  ///< x ← C⁻¹x [P × anything]
  double log_determinant() const;                        ///< log det A
  Vector inverse_diagonal() const;                       ///< [A⁻¹]_ii [P]
  double condition() const;                              ///< as of `Factor`
};

/// Factor of K + κ I, of the kernel that `make` gives: once more where jitter is needed, since the factor takes its
/// place. Policy and errors as of `factor`; `factor_room` says what is held beside it.
PackedFactor packed_factor(const std::function<PackedLower()>& make, double ridge);

}  // namespace fieldscan
