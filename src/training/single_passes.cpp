#include "single_passes.hpp"

namespace fieldscan::training {

SinglePasses::SinglePasses(const network::Network& network, const MatrixView& x, Index most)
    : network_(network),
      training_set_(x.cast<float>()),
      theta_(network.parameter_count()),
      outputs_(most),
      gradient_(network.parameter_count()),
      work_(network.single_workspace(most)) {}

void SinglePasses::forward(const Vector& theta, Eigen::Ref<Vector> out) { pass(theta, Inputs::training_set, out); }

void SinglePasses::forward(const Vector& theta, const MatrixView& x, Eigen::Ref<Vector> out) {
  if (others_.rows() < x.rows()) others_.resize(x.rows(), x.cols());
  others_.topRows(x.rows()) = x.cast<float>();
  pass(theta, Inputs::others, out);
}

void SinglePasses::pass(const Vector& theta, Inputs inputs, Eigen::Ref<Vector> out) {
  inputs_ = inputs;
  theta_ = theta.cast<float>();
  auto outputs = outputs_.head(out.size());
  network_.forward_for_gradient(theta_, this->inputs(out.size()), work_, outputs);
  out = outputs.cast<double>();
}

void SinglePasses::backward(const VectorView& weight, Vector& gradient) {
  auto weights = outputs_.head(weight.size());
  weights = weight.cast<float>();
  network_.backward(theta_, inputs(weight.size()), weights, work_, gradient_);
  gradient = gradient_.cast<double>();
}

}  // namespace fieldscan::training
