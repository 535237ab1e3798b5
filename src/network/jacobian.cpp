#include "backward.hpp"
#include "layout.hpp"

namespace fieldscan::network {
namespace {

/// Columns of the Jacobian that belong to hidden layer l: ∂f_μ/∂W_ij = scale δ_μi input_μj.
void fill_layer(const Network& network, const MatrixView& x, const Network::Workspace& work, int layer,
                Matrix& jacobian) {
  const Matrix& delta = work.backward[layer];
  const MatrixView input = input_of(x, work, layer);
  const Tensor& weight = weight_of(network, layer);
  for (Index j = 0; j < weight.cols; ++j)
    for (Index i = 0; i < weight.rows; ++i)
      jacobian.col(weight.offset + i + j * weight.rows).array() =
          weight.scale * delta.col(i).array() * input.col(j).array();
  if (const Tensor* bias = bias_of(network, layer)) jacobian.middleCols(bias->offset, bias->rows) = bias->scale * delta;
}

}  // namespace

Matrix Network::jacobian(const VectorView& theta, const MatrixView& x) const {
  Workspace work = workspace(x.rows());
  Vector out(x.rows());
  forward_for_gradient(theta, x, work, out);
  Matrix jacobian(x.rows(), count_);
  const Tensor& readout = readout_of(*this);
  jacobian.middleCols(readout.offset, readout.size()) = readout.scale * work.activation.back();
  start_from_outputs(*this, theta, Vector::Ones(x.rows()), work);
  for (int layer = depth() - 1; layer >= 0; --layer) {
    fill_layer(*this, x, work, layer, jacobian);
    if (layer > 0) descend(*this, theta, layer, x.rows(), work);
  }
  return jacobian;
}

void Network::derivative_along(const VectorView& theta, const MatrixView& x, const VectorView& direction,
                               Workspace& work, Eigen::Ref<Vector> out) const {
  const Index points = x.rows();
  for (int layer = 0; layer < depth(); ++layer) {
    const Tensor& weight = weight_of(*this, layer);
    auto tangent = work.backward[layer].topRows(points);
    multiply_transposed<double>(weight.scale, input_of(x, work, layer), matrix_of(direction, weight), tangent,
                                Put::alone);
    if (layer > 0)
      multiply_transposed<double>(weight.scale, work.backward[layer - 1].topRows(points), matrix_of(theta, weight),
                                  tangent, Put::added);
    if (const Tensor* bias = bias_of(*this, layer))
      for (Index i = 0; i < bias->rows; ++i) tangent.col(i).array() += bias->scale * direction[bias->offset + i];
    tangent.array() *= work.derivative[layer].topRows(points).array();
  }
  const Tensor& readout = readout_of(*this);
  out.noalias() = readout.scale * (work.activation.back().topRows(points) * column_of(direction, readout));
  out.noalias() += readout.scale * (work.backward.back().topRows(points) * column_of(theta, readout));
}

}  // namespace fieldscan::network
