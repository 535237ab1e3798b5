#pragma once
#include "fieldscan/theory/kernel/kernels.hpp"

/// What the kernels need of single points.
namespace fieldscan::theory {

/// Mean square of the inputs, |x|²/d [points].
Vector mean_square(const MatrixView& x);

/// Variances ⟨h²⟩ of every hidden layer at one point each: column l − 1 belongs to layer l [points × L].
Matrix layer_variances(const KernelSpec& spec, Vector mean_square);

/// K(x, x) and Θ(x, x) from a table of variances.
KernelDiagonal diagonal_of(const KernelSpec& spec, const Matrix& variances);

}  // namespace fieldscan::theory
