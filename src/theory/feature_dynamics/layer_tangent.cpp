#include "fieldscan/theory/feature_dynamics/layer_tangent.hpp"

#include "fieldscan/core/product.hpp"

namespace fieldscan::theory {

LayerTangent::LayerTangent(Noise noise, Index units, Index steps, Index points)
    : noise_(noise), points_(points), scratch_(units, points) {
  for (Index k = 0; k < steps * points; ++k) {
    phi_.push_back(Matrix::Zero(units, steps * points - first(k)));
    g_.push_back(Matrix::Zero(units, steps * points - first(k)));
  }
}

// Until z is known, ∂h stands where ∂g will.
void LayerTangent::step_forward(Index t, const Matrix& past, const MatrixView& slope, double start) {
  const Index now = t * points_;
  for (Index k = 0; k < now; ++k) {
    const Index from = first(k), seen = now - from;
    auto h = g_[static_cast<std::size_t>(k)].middleCols(seen, points_);
    multiply_transposed<double>(1, g_[static_cast<std::size_t>(k)].leftCols(seen), past.middleCols(from, seen), h,
                                Put::alone);
    phi_[static_cast<std::size_t>(k)].middleCols(seen, points_) = h.cwiseProduct(slope);
  }
  if (noise_ == Noise::backward) return;
  for (Index mu = 0; mu < points_; ++mu) {
    g_[static_cast<std::size_t>(now + mu)].col(mu).setConstant(start);
    phi_[static_cast<std::size_t>(now + mu)].col(mu) = start * slope.col(mu);
  }
}

void LayerTangent::step_backward(Index t, const Matrix& past, const MatrixView& slope, const MatrixView& curvature,
                                 double start) {
  const Index now = t * points_;
  for (Index k = 0; k < now + points_; ++k) {
    const Index from = first(k), seen = now - from;
    auto g = g_[static_cast<std::size_t>(k)].middleCols(seen, points_);
    multiply_transposed<double>(1, phi_[static_cast<std::size_t>(k)].leftCols(seen + points_),
                                past.middleCols(from, seen + points_), scratch_, Put::alone);
    if (noise_ == Noise::backward && k >= now) scratch_.col(k - now).array() += start;
    g = curvature.cwiseProduct(g) + slope.cwiseProduct(scratch_);
  }
}

Matrix LayerTangent::response_of_phi(Index t) const {
  const Index now = t * points_;
  Matrix out(points_, now);
  for (Index k = 0; k < now; ++k)
    out.col(k) = phi_[static_cast<std::size_t>(k)].middleCols(now - first(k), points_).colwise().mean();
  return out;
}

Matrix LayerTangent::response_of_g(Index t) const {
  const Index now = t * points_;
  Matrix out(points_, now + points_);
  for (Index k = 0; k < out.cols(); ++k)
    out.col(k) = g_[static_cast<std::size_t>(k)].middleCols(now - first(k), points_).colwise().mean();
  return out;
}

Matrix LayerTangent::response_of_others(Index t, const Matrix& past, const Matrix& slope) const {
  const Index now = t * points_;
  Matrix out(past.rows(), now), h(slope.rows(), slope.cols());
  for (Index k = 0; k < now; ++k) {
    const Index from = first(k), seen = now - from;
    multiply_transposed<double>(1, g_[static_cast<std::size_t>(k)].leftCols(seen), past.middleCols(from, seen), h,
                                Put::alone);
    out.col(k) = h.cwiseProduct(slope).colwise().mean();
  }
  return out;
}

}  // namespace fieldscan::theory
