#include "lanczos.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "fieldscan/core/error.hpp"

namespace fieldscan::network {
namespace {

/// A fixed vector of norm 1 without symmetry: the fractional parts of multiples of the golden ratio, less ⅓.
Vector start_vector(Index size) {
  Vector v(size);
  for (Index k = 0; k < size; ++k) v[k] = std::fmod(0.6180339887498949 * static_cast<double>(k + 1), 1.0) - 1.0 / 3;
  return v.normalized();
}

}  // namespace

double largest_eigenvalue(const std::function<void(const VectorView&, Vector&)>& apply, Index size, double relative,
                          const char* what) {
  const Index most = std::min<Index>(size, 200);
  Matrix basis(size, most);
  Vector diagonal(most), off_diagonal(most), next(size);
  basis.col(0) = start_vector(size);
  double top = 0;
  for (Index k = 0; k < most; ++k) {
    apply(basis.col(k), next);
    diagonal[k] = basis.col(k).dot(next);
    if (!std::isfinite(next.squaredNorm()))
      throw NumericalError(fmt::format("{}: a product with it is not finite", what));
    const auto known = basis.leftCols(k + 1);
    for (int twice = 0; twice < 2; ++twice) next -= known * (known.transpose() * next).eval();
    off_diagonal[k] = next.norm();
    Eigen::SelfAdjointEigenSolver<Matrix> ritz;
    ritz.computeFromTridiagonal(diagonal.head(k + 1), off_diagonal.head(k));
    top = ritz.eigenvalues()[k];
    // The residual of the Ritz vector bounds the distance to an eigenvalue.
    const double residual = off_diagonal[k] * std::abs(ritz.eigenvectors()(k, k));
    if (residual <= relative * std::abs(top) || k + 1 == most) break;
    basis.col(k + 1) = next / off_diagonal[k];
  }
  return top;
}

}  // namespace fieldscan::network
