#pragma once
#include <functional>

#include "fieldscan/core/matrix.hpp"

namespace fieldscan::network {

/// Largest (algebraic) eigenvalue of a symmetric matrix known by its products alone, apply(v, out): Lanczos iteration
/// with full reorthogonalisation, until the residual is below relative·|value|, or `size` or 200 vectors are reached:
/// then it is a lower bound. Throws NumericalError, naming `what`, where a product is not finite.
double largest_eigenvalue(const std::function<void(const VectorView&, Vector&)>& apply, Index size, double relative,
                          const char* what);

}  // namespace fieldscan::network
