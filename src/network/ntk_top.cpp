#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "fieldscan/core/error.hpp"
#include "fieldscan/network/network.hpp"

namespace fieldscan::network {
namespace {

/// v ↦ χ J R Jᵀ v.
class NtkProduct {
 public:
  NtkProduct(const Network& network, const VectorView& theta, const MatrixView& x)
      : network_(network), theta_(theta), x_(x), work_(network.workspace(x.rows())), gradient_(theta.size()) {
    Vector outputs(x.rows());
    network.forward_for_gradient(theta, x, work_, outputs);
  }
  void apply(const VectorView& v, Vector& out) {
    network_.backward(theta_, x_, v, work_, gradient_);
    for (const Tensor& tensor : network_.tensors())
      gradient_.segment(tensor.offset, tensor.size()) *= tensor.rate_factor * network_.spec().chi;
    network_.derivative_along(theta_, x_, gradient_, work_, out);
  }

 private:
  const Network& network_;
  const VectorView& theta_;
  const MatrixView& x_;
  Network::Workspace work_;
  Vector gradient_;
};

/// A fixed vector of norm 1 without symmetry: the fractional parts of multiples of the golden ratio, less ⅓.
Vector start_vector(Index size) {
  Vector v(size);
  for (Index k = 0; k < size; ++k) v[k] = std::fmod(0.6180339887498949 * static_cast<double>(k + 1), 1.0) - 1.0 / 3;
  return v.normalized();
}

}  // namespace

double ntk_top(const Network& network, const VectorView& theta, const MatrixView& x, double relative) {
  NtkProduct product(network, theta, x);
  const Index points = x.rows();
  const Index most = std::min<Index>(points, 200);  // vectors kept; at the end the value is a lower bound
  Matrix basis(points, most);
  Vector diagonal(most), off_diagonal(most), next(points);
  basis.col(0) = start_vector(points);
  double top = 0;
  for (Index k = 0; k < most; ++k) {
    product.apply(basis.col(k), next);
    diagonal[k] = basis.col(k).dot(next);
    if (!std::isfinite(next.squaredNorm()))
      throw NumericalError(fmt::format("largest NTK eigenvalue: the kernel on {} points is not finite", points));
    const auto known = basis.leftCols(k + 1);
    for (int twice = 0; twice < 2; ++twice) next -= known * (known.transpose() * next).eval();
    off_diagonal[k] = next.norm();
    Eigen::SelfAdjointEigenSolver<Matrix> ritz;
    ritz.computeFromTridiagonal(diagonal.head(k + 1), off_diagonal.head(k));
    top = ritz.eigenvalues()[k];
    // The residual of the Ritz vector bounds the distance to an eigenvalue.
    const double residual = off_diagonal[k] * std::abs(ritz.eigenvectors()(k, k));
    if (residual <= relative * top || k + 1 == most) break;
    basis.col(k + 1) = next / off_diagonal[k];
  }
  return top;
}

}  // namespace fieldscan::network
