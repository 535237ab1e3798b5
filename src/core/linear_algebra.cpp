#include "fieldscan/core/linear_algebra.hpp"

#include <fmt/format.h>
#include <lapacke.h>

#include <limits>
#include <vector>

#include "fieldscan/core/error.hpp"

// Only OpenBLAS has it; with another BLAS the symbol stays null.
extern "C" void openblas_set_num_threads(int) __attribute__((weak));

namespace fieldscan {

namespace {

lapack_int size_of(const Matrix& a) { return static_cast<lapack_int>(a.rows()); }

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

/// The lower triangle of K + (κ + jitter) I, above it zeros.
Matrix shifted(const MatrixView& kernel, double shift) {
  Matrix a = kernel.triangularView<Eigen::Lower>();
  a.diagonal().array() += shift;
  return a;
}

}  // namespace

Factor factor(const MatrixView& kernel, double ridge) {
  assert(kernel.rows() == kernel.cols() && "a kernel is square");
  Factor result;
  result.lower = shifted(kernel, ridge);
  const Index points = kernel.rows();
  if (points == 0) return result;
  const double trace = result.lower.trace();
  if (!std::isfinite(trace) || !result.lower.allFinite())
    throw NumericalError(fmt::format("the matrix to factorise is not finite (P = {}, κ = {})", points, ridge));
  const double norm = one_norm(result.lower);
  const double unit = trace / static_cast<double>(points);
  const double first = 10 * std::numeric_limits<double>::epsilon() * unit;
  for (double jitter = 0; jitter <= 1e-8 * unit; jitter = jitter == 0 ? first : 10 * jitter) {
    if (jitter > 0) result.lower = shifted(kernel, ridge + jitter);
    if (LAPACKE_dpotrf(LAPACK_COL_MAJOR, 'L', size_of(result.lower), result.lower.data(), size_of(result.lower)) == 0) {
      result.jitter = jitter;
      double reciprocal = 0;
      LAPACKE_dpocon(LAPACK_COL_MAJOR, 'L', size_of(result.lower), result.lower.data(), size_of(result.lower), norm,
                     &reciprocal);
      result.condition = 1 / reciprocal;
      return result;
    }
    if (!(first > 0)) break;
  }
  throw NumericalError(
      fmt::format("K + κI is not positive definite (P = {}, κ = {}, trace = {}), not even with 1e-8·tr/P more on its "
                  "diagonal; raise the ridge",
                  points, ridge, trace));
}

double Factor::log_determinant() const { return 2 * lower.diagonal().array().log().sum(); }

Eigenpairs eigenpairs(const MatrixView& symmetric) {
  assert(symmetric.rows() == symmetric.cols() && "a symmetric matrix is square");
  Matrix vectors = symmetric;
  Vector values(symmetric.rows());
  if (!vectors.allFinite()) throw NumericalError("the matrix whose eigenvalues are wanted is not finite");
  if (values.size() > 0 && LAPACKE_dsyevd(LAPACK_COL_MAJOR, 'V', 'L', size_of(vectors), vectors.data(),
                                          size_of(vectors), values.data()) != 0)
    throw NumericalError(fmt::format("the eigenvalues of a {0} × {0} matrix did not converge", symmetric.rows()));
  return {.values = values.reverse(), .vectors = vectors.rowwise().reverse()};
}

void set_linear_algebra_threads(int threads) {
  if (openblas_set_num_threads != nullptr) openblas_set_num_threads(threads);
}

}  // namespace fieldscan
