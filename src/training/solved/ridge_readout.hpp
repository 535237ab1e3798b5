#pragma once
#include "fieldscan/core/matrix.hpp"

namespace fieldscan::training {

/// Ridge regression on features Ψ [P × N]: the β of f(x) = ψ(x)·β,
///
///     β = Ψᵀ (ΨΨᵀ + κ I)⁻¹ y = (ΨᵀΨ + κ I)⁻¹ Ψᵀ y
///
/// (of several outputs, y [P × C], all at once) by the smaller of the two matrices: Cholesky for κ > 0, a
/// pseudo-inverse for κ = 0, whose eigenvalues up to ε·P·w_max count as zero.
struct RidgeReadout {
  Matrix weights;  ///< β [N × C]
  double condition =
      0;  ///< condition number of the matrix that was solved (1-norm estimate; for κ = 0 of the eigenvalues kept)
  double jitter = 0;   ///< see `factor`
  double digits = 16;  ///< of f at the probes, that rounding leaves, see `digits_left`; of several outputs the fewest
};

/// `probes`: features of a few points [points × N], where the digits are looked at. Throws NumericalError where Ψ is
/// not finite or the factorisation fails.
RidgeReadout solve_readout(const MatrixView& features, const MatrixView& labels, double ridge,
                           const MatrixView& probes);

}  // namespace fieldscan::training
