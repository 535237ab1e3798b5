#pragma once
#include <functional>

#include "fieldscan/core/matrix.hpp"
#include "fieldscan/core/solve/solved.hpp"

namespace fieldscan::solve {

/// What a matrix makes of columns.
using OnColumns = std::function<Matrix(const Matrix&)>;

/// X with A X = B, for a symmetric positive definite A that is known by what it makes of columns; `nearly_solve` is one
/// like A⁻¹, positive definite too. Columns go their own ways, together. `residual` is the largest ‖b − A x‖/‖b‖ over
/// the columns as it is, not as the recursion has it: where rounding has let the two part, it begins anew from x, until
/// `most_steps` products with A are done. Converged where it is at most the tolerance. Of columns that are zero the
/// solution is zero. Source: Y. Saad, "Iterative Methods for Sparse Linear Systems" (2003), algorithm 9.1.
Solved<Matrix> conjugate_gradients(const OnColumns& apply, const OnColumns& nearly_solve, const MatrixView& right,
                                   double tolerance, int most_steps);

}  // namespace fieldscan::solve
