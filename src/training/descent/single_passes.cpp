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
  if (others_.rows() < x.rows()) others_.resize(x.rows(), x.cols());
  others_.topRows(x.rows()) = x.cast<float>();
  return pass(theta, others_.topRows(x.rows()), reference, factor, residual, gradient);
}

double SinglePasses::pass(const Vector& theta, const network::SingleMatrixView& x, const VectorView& reference,
                          double factor, Eigen::Ref<Vector> residual, Vector& gradient) {
  theta_ = theta.cast<float>();
  const double energy = network::half_square(network_, theta_, x, reference, factor, work_, residual, gradient_);
  gradient = gradient_.cast<double>();
  return energy;
}

}  // namespace fieldscan::training
