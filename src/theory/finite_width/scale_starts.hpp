#pragma once
#include <vector>

#include "fieldscan/theory/finite_width/scaled_kernel.hpp"

/// Where the iteration for the scales of deep networks starts.
namespace fieldscan::theory {

/// The kernel of a deep network as a function of its scales, as if its eigenvectors stayed: λ_i(q) = λ_i q_L Π_{l<L}
/// q_l^e_il with e_il = d log λ_i/d log q_l at q = 1. Of linear units it is exact.
struct DiagonalKernel {
  const ScaledKernel& kernel;
  Matrix exponent;  ///< e [R × (L − 1)]
};
/// slope: dK/d log q_l on the training points at q = 1, l < L.
DiagonalKernel diagonal_kernel(const ScaledKernel& kernel, const std::vector<Matrix>& slope);

/// Stationary points of Σ_l (N_l/2)(q_l − log q_l) + (χ/2) yᵀ(K(q) + κ)⁻¹y + ½ log det(K(q) + κ) of that kernel, the
/// lowest first and none twice, as far as they are found from {0.3, 1, 3}^L (more than six layers: from all layers
/// alike), with those alone whose action is within 1 of the lowest. One eigendecomposition serves all: P L operations a
/// step.
std::vector<Vector> scale_starts(const DiagonalKernel& kernel, const Vector& width);

}  // namespace fieldscan::theory
