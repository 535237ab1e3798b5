#pragma once
#include "fieldscan/network/network.hpp"

namespace fieldscan::training {

/// The two passes of a training step in single precision, for `precision: single`: parameters, residuals and gradients come and go in
/// double, and are rounded to single for the passes alone. An update far below θ's last place in single is thus not lost.
class SinglePasses {
 public:
  /// `x`: the training set [P × d], rounded once. `most`: rows of the largest input.
  SinglePasses(const network::Network& network, const MatrixView& x, Index most);

  /// f(x; θ) of the training set, or of other inputs, into out; keeps what `backward` needs.
  void forward(const Vector& theta, Eigen::Ref<Vector> out);
  void forward(const Vector& theta, const MatrixView& x, Eigen::Ref<Vector> out);
  /// gradient = Σ_μ weight_μ ∂f(x_μ)/∂θ at the θ and inputs of the last forward pass.
  void backward(const VectorView& weight, Vector& gradient);

 private:
  enum class Inputs { training_set, others };
  void pass(const Vector& theta, Inputs inputs, Eigen::Ref<Vector> out);
  /// The upper rows of the inputs of the last pass.
  network::SingleMatrixView inputs(Index points) const {
    return (inputs_ == Inputs::training_set ? training_set_ : others_).topRows(points);
  }

  const network::Network& network_;
  Eigen::MatrixXf training_set_, others_;
  Inputs inputs_ = Inputs::training_set;
  Eigen::VectorXf theta_, outputs_, gradient_;
  network::Network::SingleWorkspace work_;
};

}  // namespace fieldscan::training
