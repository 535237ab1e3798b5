#pragma once
#include "fieldscan/network/summed_loss.hpp"

namespace fieldscan::training {

/// The gradient of a training step in single precision, for `precision: single`: parameters, residuals and gradients
/// come and go in double, and are rounded to single for the two passes alone. An update far below θ's last place in
/// single is thus not lost.
class SinglePasses {
 public:
  /// `x`: the training set [P × d], rounded once. `most`: rows of the largest input.
  SinglePasses(const network::Network& network, const MatrixView& x, Index most);

  /// network::half_square on the training set, or on other inputs.
  double half_square(const Vector& theta, const VectorView& reference, double factor, Eigen::Ref<Vector> residual,
                     Vector& gradient);
  double half_square(const Vector& theta, const MatrixView& x, const VectorView& reference, double factor,
                     Eigen::Ref<Vector> residual, Vector& gradient);

  /// network::summed_loss on the training set, or on other inputs.
  double summed_loss(const Vector& theta, const network::Comparison& with, Eigen::Ref<Vector> slope, Vector& gradient);
  double summed_loss(const Vector& theta, const MatrixView& x, const network::Comparison& with,
                     Eigen::Ref<Vector> slope, Vector& gradient);

 private:
  double pass(const Vector& theta, const network::SingleMatrixView& x, const VectorView& reference, double factor,
              Eigen::Ref<Vector> residual, Vector& gradient);
  double pass(const Vector& theta, const network::SingleMatrixView& x, const network::Comparison& with,
              Eigen::Ref<Vector> slope, Vector& gradient);
  /// Other inputs, rounded.
  network::SingleMatrixView rounded(const MatrixView& x);

  const network::Network& network_;
  Eigen::MatrixXf training_set_, others_;
  Eigen::VectorXf theta_, gradient_;
  network::Network::SingleWorkspace work_;
};

}  // namespace fieldscan::training
