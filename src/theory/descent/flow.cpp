#include "fieldscan/theory/descent/flow.hpp"

#include <cassert>
#include <cmath>
#include <limits>
#include <utility>

#include "fieldscan/theory/regression/gp.hpp"

namespace fieldscan::theory {

Filter flow_filter(const VectorView& eigenvalues, double ridge, double time) {
  assert(ridge >= 0 && time >= 0 && "time starts at zero");
  Filter filter{Vector::Zero(eigenvalues.size()), Vector::Ones(eigenvalues.size())};
  for (Index i = 0; i < eigenvalues.size(); ++i) {
    if (!(eigenvalues[i] > 0)) continue;
    const double rate = eigenvalues[i] + ridge;
    filter.moved[i] = -std::expm1(-rate * time) / rate;
    filter.left[i] = (ridge + eigenvalues[i] * std::exp(-rate * time)) / rate;
  }
  return filter;
}

Descent::Descent(Vector eigenvalues, double ridge, double step, double momentum)
    : eigenvalues_(std::move(eigenvalues)), ridge_(ridge), step_(step), momentum_(momentum) {
  assert(ridge >= 0 && step > 0 && momentum >= 0 && momentum < 1);
  now_ = {Vector::Zero(eigenvalues_.size()), Vector::Ones(eigenvalues_.size())};
  change_ = {now_.moved, now_.moved};
}

const Filter& Descent::go_to(std::int64_t steps) {
  assert(steps >= done_ && "descent does not go back");
  const auto w = eigenvalues_.array();
  // Directions that nothing moves keep left = 1, moved = 0: there the ridge has nothing to pull back.
  const Eigen::ArrayXd moves = (w > 0).cast<double>();
  for (; done_ < steps; ++done_) {
    change_.moved = momentum_ * change_.moved.array() + step_ * moves * (1 - (w + ridge_) * now_.moved.array());
    change_.left = momentum_ * change_.left.array() + step_ * moves * (ridge_ - (w + ridge_) * now_.left.array());
    now_.moved += change_.moved;
    now_.left += change_.left;
  }
  return now_;
}

double Descent::instability() const {
  const double fastest = eigenvalues_.size() > 0 ? eigenvalues_.maxCoeff() + ridge_ : 0;
  return step_ * fastest / (2 * (1 + momentum_));
}

Flow::Flow(FlowKernels kernels, const MatrixView& labels, double ridge)
    : pairs_(eigenpairs(std::move(kernels.tangent))), ridge_(ridge), nngp_diagonal_(std::move(kernels.nngp_diagonal)) {
  assert(ridge >= 0 && "a ridge is not negative");
  const Matrix& v = pairs_.vectors;
  const double points = static_cast<double>(labels.rows());
  const double cut = labels.rows() > 0 ? std::numeric_limits<double>::epsilon() * points * pairs_.values[0] : 0.0;
  pairs_.values = (pairs_.values.array() > cut).select(pairs_.values, 0.0);
  labels_ = transposed_times(v, labels);
  nngp_ = v.transpose() * (kernels.nngp * v);
  tangent_cross_ = v.transpose() * kernels.tangent_cross;
  nngp_cross_ = v.transpose() * kernels.nngp_cross;
}

FlowState Flow::through(const Filter& filter) const {
  const Index points = pairs_.values.size();
  const auto& [moved, left] = filter;
  FlowState state;
  state.mean = transposed_times(tangent_cross_, moved.asDiagonal() * labels_);
  state.residual.resize(points, labels_.cols());
  for (Index c = 0; c < labels_.cols(); ++c) state.residual.col(c) = pairs_.vectors * left.cwiseProduct(labels_.col(c));
  const Matrix response = moved.asDiagonal() * tangent_cross_;  // Aᵀ in the eigenbasis
  const Matrix change = nngp_ * response - 2 * nngp_cross_;
  const Vector variance = nngp_diagonal_ + response.cwiseProduct(change).colwise().sum().transpose();
  state.variance = clip_variance(variance, nngp_diagonal_, 1e-6);
  if (points > 0) state.variance_train = nngp_.diagonal().dot(left.cwiseAbs2()) / static_cast<double>(points);
  return state;
}

}  // namespace fieldscan::theory
