#pragma once
#include "layout.hpp"

/// `output: centred_over_inputs`: features φ_i = h_i² − m_i with the mean over inputs of ⟨x xᵀ⟩ = 1, m_i = s²|W_i|² and
/// s² = σ_w²/d, so that ∂φ_i/∂W_i = 2 h_i s x − 2 s² W_i. All does nothing for a plain output.
namespace fieldscan::network {

inline bool subtracts_input_mean(const Network& network) {
  return network.spec().output == OutputForm::centred_over_inputs;
}

/// m [N].
template <class Scalar>
VectorOf<Scalar> input_means(const Network& network, const VectorIn<Scalar>& theta) {
  const Tensor& weight = weight_of(network, 0);
  return static_cast<Scalar>(weight.scale * weight.scale) * matrix_of(theta, weight).rowwise().squaredNorm();
}

template <class Scalar>
void subtract_input_means(const Network& network, const VectorIn<Scalar>& theta, Index points,
                          PassBuffers<Scalar>& work) {
  if (!subtracts_input_mean(network)) return;
  work.activation.back().topRows(points).rowwise() -= input_means<Scalar>(network, theta).transpose();
}

/// Adds what the means give to ∂E/∂W: slope [N] = Σ_μ ∂E/∂φ_μi.
template <class Scalar>
void add_mean_gradient(const Network& network, const VectorIn<Scalar>& theta, const VectorOf<Scalar>& slope,
                       VectorOut<Scalar> gradient) {
  const Tensor& weight = weight_of(network, 0);
  Eigen::Map<MatrixOf<Scalar>> of_weight(gradient.data() + weight.offset, weight.rows, weight.cols);
  of_weight -= static_cast<Scalar>(2 * weight.scale * weight.scale) * (slope.asDiagonal() * matrix_of(theta, weight));
}

/// The same of E = Σ_μc w_μc f_μc, w [P·C].
template <class Scalar>
void add_mean_gradient_of_outputs(const Network& network, const VectorIn<Scalar>& theta, const VectorIn<Scalar>& weight,
                                  VectorOut<Scalar> gradient) {
  if (!subtracts_input_mean(network)) return;
  const Tensor& readout = readout_of(network);
  const VectorOf<Scalar> sums = by_point<Scalar>(weight, network.outputs()).colwise().sum().transpose();
  add_mean_gradient<Scalar>(
      network, theta, static_cast<Scalar>(readout.scale) * (matrix_of(theta, readout).transpose() * sums), gradient);
}

}  // namespace fieldscan::network
