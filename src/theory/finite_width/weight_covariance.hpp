#pragma once
#include "fieldscan/core/matrix.hpp"

/// Covariances of a neuron's weights that differ from the prior in the span of the training inputs alone.
namespace fieldscan::theory {

/// An orthonormal basis of the span of the inputs x̃ [D × P] where they are fewer than their dimensions; else empty.
Matrix span_basis(const Matrix& inputs);
/// The root of a covariance in all D dimensions: `covariance` in the basis, 1 beyond it.
Matrix whole_root(const Matrix& covariance, const Matrix& basis);

}  // namespace fieldscan::theory
