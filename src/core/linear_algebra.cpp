#include "fieldscan/core/linear_algebra.hpp"

#include <fmt/format.h>
#include <lapacke.h>

#include <algorithm>
#include <cassert>
#include <utility>

#include "fieldscan/core/error.hpp"

// Only OpenBLAS has them; with another BLAS the symbols stay null.
extern "C" void openblas_set_num_threads(int) __attribute__((weak));
extern "C" int openblas_get_num_threads(void) __attribute__((weak));

namespace fieldscan {

namespace {

lapack_int size_of(const Matrix& a) { return static_cast<lapack_int>(a.rows()); }

}  // namespace

void mirror_lower(Matrix& matrix) {
  constexpr Index block = 64;
  const Index n = matrix.rows();
  for (Index j = 0; j < n; j += block) {
    const Index columns = std::min(block, n - j);
    auto corner = matrix.block(j, j, columns, columns);
    corner.triangularView<Eigen::StrictlyUpper>() = corner.transpose();
    for (Index i = j + columns; i < n; i += block) {
      const Index rows = std::min(block, n - i);
      matrix.block(j, i, columns, rows) = matrix.block(i, j, rows, columns).transpose();
    }
  }
}

Eigenpairs eigenpairs(Matrix symmetric) {
  assert(symmetric.rows() == symmetric.cols() && "a symmetric matrix is square");
  const Index points = symmetric.rows();
  Vector values(points);
  if (!symmetric.allFinite()) throw NumericalError("the matrix whose eigenvalues are wanted is not finite");
  if (points > 0 && LAPACKE_dsyevd(LAPACK_COL_MAJOR, 'V', 'L', size_of(symmetric), symmetric.data(), size_of(symmetric),
                                   values.data()) != 0)
    throw NumericalError(fmt::format("the eigenvalues of a {0} × {0} matrix did not converge", points));
  for (Index j = 0; 2 * j + 1 < points; ++j) symmetric.col(j).swap(symmetric.col(points - 1 - j));
  return {.values = values.reverse(), .vectors = std::move(symmetric)};
}

Vector eigenvalues(Matrix symmetric) {
  assert(symmetric.rows() == symmetric.cols() && "a symmetric matrix is square");
  const Index points = symmetric.rows();
  Vector values(points);
  if (!symmetric.allFinite()) throw NumericalError("the matrix whose eigenvalues are wanted is not finite");
  if (points > 0 && LAPACKE_dsyevd(LAPACK_COL_MAJOR, 'N', 'L', size_of(symmetric), symmetric.data(), size_of(symmetric),
                                   values.data()) != 0)
    throw NumericalError(fmt::format("the eigenvalues of a {0} × {0} matrix did not converge", points));
  return values.reverse();
}

void set_linear_algebra_threads(int threads) {
  if (openblas_set_num_threads != nullptr) openblas_set_num_threads(threads);
}

int linear_algebra_threads() { return openblas_get_num_threads == nullptr ? 1 : openblas_get_num_threads(); }

}  // namespace fieldscan
