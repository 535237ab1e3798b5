#include "single_passes.hpp"

#include <algorithm>

#include "fieldscan/network/half_square.hpp"

namespace fieldscan::training {

SinglePasses::SinglePasses(const network::Network& network, const MatrixView& x, Index most)
    : network_(network),
      training_set_(x.cast<float>()),
      theta_(network.parameter_count()),
      gradient_(network.parameter_count()),
      work_(network.single_workspace(std::min(most, network::block_points(network, sizeof(float))))) {}

double SinglePasses::half_square(const Vector& theta, const VectorView& reference, double factor,
                                 Eigen::Ref<Vector> residual, Vector& gradient) {
  return pass(theta, training_set_, reference, factor, residual, gradient);
}

double SinglePasses::half_square(const Vector& theta, const MatrixView& x, const VectorView& reference, double factor,
                                 Eigen::Ref<Vector> residual, Vector& gradient) {
  return pass(theta, rounded(x), reference, factor, residual, gradient);
}

double SinglePasses::summed_loss(const Vector& theta, const network::Comparison& with, Eigen::Ref<Vector> slope,
                                 Vector& gradient) {
  return pass(theta, training_set_, with, slope, gradient);
}

double SinglePasses::summed_loss(const Vector& theta, const MatrixView& x, const network::Comparison& with,
                                 Eigen::Ref<Vector> slope, Vector& gradient) {
  return pass(theta, rounded(x), with, slope, gradient);
}

network::SingleMatrixView SinglePasses::rounded(const MatrixView& x) {
  if (others_.rows() < x.rows()) others_.resize(x.rows(), x.cols());
  others_.topRows(x.rows()) = x.cast<float>();
  return others_.topRows(x.rows());
}

double SinglePasses::pass(const Vector& theta, const network::SingleMatrixView& x, const VectorView& reference,
                          double factor, Eigen::Ref<Vector> residual, Vector& gradient) {
  theta_ = theta.cast<float>();
  const double energy = network::half_square(network_, theta_, x, reference, factor, work_, residual, gradient_);
  gradient = gradient_.cast<double>();
  return energy;
}

double SinglePasses::pass(const Vector& theta, const network::SingleMatrixView& x, const network::Comparison& with,
                          Eigen::Ref<Vector> slope, Vector& gradient) {
  theta_ = theta.cast<float>();
  const double loss = network::summed_loss(network_, theta_, x, with, work_, slope, gradient_);
  gradient = gradient_.cast<double>();
  return loss;
}

}  // namespace fieldscan::training
