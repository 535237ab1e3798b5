#pragma once
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
inline Eigen::Map<const Matrix> matrix_of(const VectorView& theta, const Tensor& tensor) {
  return {theta.data() + tensor.offset, tensor.rows, tensor.cols};
}
inline Eigen::Map<const Vector> column_of(const VectorView& theta, const Tensor& tensor) {
  return {theta.data() + tensor.offset, tensor.size()};
}

/// What hidden layer l is applied to: x [P × d], or φ of the layer below.
inline MatrixView input_of(const MatrixView& x, const Network::Workspace& work, int layer) {
  if (layer == 0) return x;
  return work.activation[layer - 1].topRows(x.rows());
}

}  // namespace fieldscan::network
