#pragma once
#include "fieldscan/core/matrix.hpp"
#include "fieldscan/network/network.hpp"

/// Where the tensors of a network lie in θ, and views of them.
namespace fieldscan::network {

/// The tensor of a role and layer, or nullptr where the network has none (no bias).
inline const Tensor* find_tensor(const Network& network, Role role, int layer) {
  for (const Tensor& tensor : network.tensors())
    if (tensor.role == role && tensor.layer == layer) return &tensor;
  return nullptr;
}
inline const Tensor& weight_of(const Network& network, int layer) { return *find_tensor(network, Role::weight, layer); }
inline const Tensor* bias_of(const Network& network, int layer) { return find_tensor(network, Role::bias, layer); }
inline const Tensor& readout_of(const Network& network) {
  return *find_tensor(network, Role::readout, network.depth());
}

/// A tensor of θ as a matrix [outputs × inputs], and as one column.
template <class Theta>
Eigen::Map<const MatrixOf<typename Theta::Scalar>> matrix_of(const Theta& theta, const Tensor& tensor) {
  return {theta.data() + tensor.offset, tensor.rows, tensor.cols};
}
template <class Theta>
Eigen::Map<const VectorOf<typename Theta::Scalar>> column_of(const Theta& theta, const Tensor& tensor) {
  return {theta.data() + tensor.offset, tensor.size()};
}

/// Outputs, or what goes backward from them [P·C], as a matrix [points × C].
template <class Scalar>
Eigen::Map<const Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>> by_point(
    const Eigen::Ref<const VectorOf<Scalar>>& values, Index outputs) {
  return {values.data(), values.size() / outputs, outputs};
}
template <class Scalar>
Eigen::Map<Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>> by_point_out(
    Eigen::Ref<VectorOf<Scalar>>& values, Index outputs) {
  return {values.data(), values.size() / outputs, outputs};
}
/// The places of output c among those of so many points.
inline auto places_of(Index output, Index points, Index outputs) { return Eigen::seqN(output, points, outputs); }

/// Numbers of the points [P] as those of one output, 0 for the others [P·C].
inline Vector of_output(const VectorView& values, Index output, Index outputs) {
  Vector all = Vector::Zero(values.size() * outputs);
  all(places_of(output, values.size(), outputs)) = values;
  return all;
}

/// What hidden layer l is applied to: x [P × d], or φ of the layer below.
template <class Scalar>
MatrixIn<Scalar> input_of(const MatrixIn<Scalar>& x, const PassBuffers<Scalar>& work, int layer) {
  if (layer == 0) return x;
  return work.activation[layer - 1].topRows(x.rows());
}

}  // namespace fieldscan::network
