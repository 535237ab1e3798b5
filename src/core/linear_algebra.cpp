#include "fieldscan/core/linear_algebra.hpp"

#include <fmt/format.h>
#include <lapacke.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "fieldscan/core/error.hpp"

// Only OpenBLAS has it; with another BLAS the symbol stays null.
extern "C" void openblas_set_num_threads(int) __attribute__((weak));

namespace fieldscan {

namespace {

lapack_int size_of(const Matrix& a) { return static_cast<lapack_int>(a.rows()); }

bool lower_is_finite(const Matrix& a) {
  for (Index j = 0; j < a.cols(); ++j)
    if (!a.col(j).tail(a.rows() - j).allFinite()) return false;
  return true;
}

/// Largest absolute column sum of a symmetric matrix given by its lower triangle.
double one_norm(const Matrix& lower) {
  Vector sums = Vector::Zero(lower.rows());
  for (Index j = 0; j < lower.cols(); ++j) {
    sums[j] += std::abs(lower(j, j));
    for (Index i = j + 1; i < lower.rows(); ++i) {
      sums[j] += std::abs(lower(i, j));
      sums[i] += std::abs(lower(i, j));
    }
  }
  return sums.size() == 0 ? 0 : sums.maxCoeff();
}

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

Factor factor(Matrix kernel, double ridge) {
  assert(kernel.rows() == kernel.cols() && "a kernel is square");
  Factor result;
  const Index points = kernel.rows();
  const double trace = kernel.trace() + static_cast<double>(points) * ridge;
  if (points > 0 && (!std::isfinite(trace) || !lower_is_finite(kernel)))
    throw NumericalError(fmt::format("the matrix to factorise is not finite (P = {}, κ = {})", points, ridge));
  const Vector diagonal = kernel.diagonal();
  mirror_lower(kernel);  // what a failed attempt overwrites below the diagonal is kept above it
  kernel.diagonal().array() += ridge;
  const double norm = one_norm(kernel);
  const double unit = points > 0 ? trace / static_cast<double>(points) : 0;
  const double first = 10 * std::numeric_limits<double>::epsilon() * unit;
  const lapack_int n = size_of(kernel);
  for (double jitter = 0; jitter <= 1e-8 * unit; jitter = jitter == 0 ? first : 10 * jitter) {
    if (jitter > 0) {
      kernel.transposeInPlace();
      mirror_lower(kernel);
      kernel.diagonal() = diagonal.array() + (ridge + jitter);
    }
    if (n == 0 || LAPACKE_dpotrf(LAPACK_COL_MAJOR, 'L', n, kernel.data(), n) == 0) {
      double reciprocal = 1;
      if (n > 0) LAPACKE_dpocon(LAPACK_COL_MAJOR, 'L', n, kernel.data(), n, norm, &reciprocal);
      kernel.triangularView<Eigen::StrictlyUpper>().setZero();
      return {.lower = std::move(kernel), .jitter = jitter, .condition = 1 / reciprocal};
    }
    if (!(first > 0)) break;
  }
  throw NumericalError(
      fmt::format("K + κI is not positive definite (P = {}, κ = {}, trace = {}), not even with 1e-8·tr/P more on its "
                  "diagonal; raise the ridge",
                  points, ridge, trace));
}

double Factor::log_determinant() const { return 2 * lower.diagonal().array().log().sum(); }

Matrix Factor::inverse() const {
  Matrix out = lower;
  const lapack_int points = size_of(out);
  if (LAPACKE_dpotri_work(LAPACK_COL_MAJOR, 'L', points, out.data(), points) != 0)
    throw NumericalError("a Cholesky factor has a zero on its diagonal");
  mirror_lower(out);
  return out;
}

Vector Factor::inverse_diagonal() const {
  constexpr Index block = 128;
  const Index points = lower.rows();
  const lapack_int stride = size_of(lower);
  Vector sums(points);
  for (Index j = 0; j < points; j += block) {
    // Columns j … of C⁻¹ are zero above row j: a system of the rows below.
    const Index columns = std::min(block, points - j), rows = points - j;
    Matrix part = Matrix::Identity(rows, columns);
    if (LAPACKE_dtrtrs(LAPACK_COL_MAJOR, 'L', 'N', 'N', static_cast<lapack_int>(rows), static_cast<lapack_int>(columns),
                       &lower(j, j), stride, part.data(), static_cast<lapack_int>(rows)) != 0)
      throw NumericalError("a Cholesky factor has a zero on its diagonal");
    sums.segment(j, columns) = part.colwise().squaredNorm();
  }
  return sums;
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

}  // namespace fieldscan
