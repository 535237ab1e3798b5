#pragma once
#include "fieldscan/core/matrix.hpp"

/// How tests compare matrices and vectors. CHECK sees numbers and truth values only: to take apart an expression of
/// Eigen, and to print one, costs the compiler seconds for each.
namespace fieldscan::near {

/// ‖a − b‖, the root of the sum of all squares; NaN where either has one.
double distance(const Matrix& a, const Matrix& b);

/// max |a − b| over all elements, 0 for matrices without any; NaN where either has one.
double largest_difference(const Matrix& a, const Matrix& b);

/// Whether the shapes and all elements are equal; false where there is a NaN.
bool equal(const Matrix& a, const Matrix& b);

}  // namespace fieldscan::near
