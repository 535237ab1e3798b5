#include "fieldscan/theory/flow.hpp"

#include <cassert>
#include <cmath>
#include <limits>

#include "fieldscan/theory/gp.hpp"

namespace fieldscan::theory {

Flow::Flow(const FlowKernels& kernels, const VectorView& labels, double ridge)
    : pairs_(eigenpairs(kernels.tangent)), ridge_(ridge), nngp_diagonal_(kernels.nngp_diagonal) {
  assert(ridge >= 0 && "a ridge is not negative");
  const Matrix& v = pairs_.vectors;
  const double points = static_cast<double>(labels.size());
  const double cut = labels.size() > 0 ? std::numeric_limits<double>::epsilon() * points * pairs_.values[0] : 0.0;
  pairs_.values = (pairs_.values.array() > cut).select(pairs_.values, 0.0);
  labels_ = v.transpose() * labels;
  nngp_ = v.transpose() * (kernels.nngp * v);
  tangent_cross_ = v.transpose() * kernels.tangent_cross;
  nngp_cross_ = v.transpose() * kernels.nngp_cross;
}

FlowState Flow::at(double time) const {
  assert(time >= 0 && "time starts at zero");
  const Index points = pairs_.values.size();
  Vector moved(points), left(points);  // diagonals of D(t) and of 1 − Θ D(t) in the eigenbasis
  for (Index i = 0; i < points; ++i) {
    const double rate = pairs_.values[i] + ridge_;
    moved[i] = pairs_.values[i] > 0 ? -std::expm1(-rate * time) / rate : 0.0;
    // For κ = 0 this is e^{−wt}, which the subtraction would lose.
    left[i] = ridge_ == 0 && pairs_.values[i] > 0 ? std::exp(-rate * time) : 1 - pairs_.values[i] * moved[i];
  }
  FlowState state;
  state.mean = tangent_cross_.transpose() * moved.cwiseProduct(labels_);
  state.residual = pairs_.vectors * left.cwiseProduct(labels_);
  const Matrix response = moved.asDiagonal() * tangent_cross_;  // Aᵀ in the eigenbasis
  const Matrix change = nngp_ * response - 2 * nngp_cross_;
  const Vector variance = nngp_diagonal_ + response.cwiseProduct(change).colwise().sum().transpose();
  state.variance = clip_variance(variance, nngp_diagonal_, 1e-6);
  if (points > 0) state.variance_train = nngp_.diagonal().dot(left.cwiseAbs2()) / static_cast<double>(points);
  return state;
}

}  // namespace fieldscan::theory
