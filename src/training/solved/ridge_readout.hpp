#pragma once
#include "fieldscan/core/matrix.hpp"

namespace fieldscan::training {

/// Ridge regression on features Ψ [P × N]: the β of f(x) = ψ(x)·β,
///
///     β = Ψᵀ (ΨΨᵀ + κ I)⁻¹ y = (ΨᵀΨ + κ I)⁻¹ Ψᵀ y
///
/// by the smaller of the two matrices: Cholesky for κ > 0, a pseudo-inverse for κ = 0, whose eigenvalues up to ε·P·w_max count as zero.
struct RidgeReadout {
  Vector weights;  ///< β [N]
  double condition =
      0;  ///< condition number of the matrix that was solved (1-norm estimate; for κ = 0 of the eigenvalues kept)
  double jitter = 0;   ///< see `factor`
  double digits = 16;  ///< of f at the probes, that rounding leaves, see `digits_left`
};

/// `probes`: features of a few points [points × N], where the digits are looked at. Throws NumericalError where Ψ is not finite or the
/// factorisation fails.
RidgeReadout solve_readout(const MatrixView& features, const VectorView& labels, double ridge,
                           const MatrixView& probes);

}  // namespace fieldscan::training
