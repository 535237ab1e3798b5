#include "single_integral.hpp"

#include <cmath>

namespace fieldscan::training {

SingleIntegral::SingleIntegral(const network::Network& network, const data::Sample& train, double noise_variance,
                               double readout_scale)
    : network_(network),
      scale_(static_cast<float>(readout_scale)),
      x_(train.x.cast<float>()),
      features_(train.x.rows(), network.feature_count()),
      slope_(features_.rows(), features_.cols()),
      label_(train.label.cast<float>()),
      theta_(network.parameter_count()),
      gradient_(network.parameter_count()),
      outputs_(train.x.rows() * network.outputs()),
      work_(network.single_workspace(train.x.rows())),
      integral_(features_.rows(), features_.cols(), noise_variance, network.outputs()) {}

double SingleIntegral::potential(const Vector& theta, Vector& gradient) {
  theta_ = theta.cast<float>();
  network_.forward_for_gradient(theta_, x_, work_, outputs_);
  features_ = scale_ * network_.features(work_, features_.rows());
  const double potential = integral_.solve(features_, label_);
  if (!std::isfinite(potential)) return potential;
  integral_.gradient(features_, slope_);
  slope_ *= scale_;
  network_.backward_features(theta_, x_, slope_, work_, gradient_);
  gradient = gradient_.cast<double>();
  return potential;
}

}  // namespace fieldscan::training
