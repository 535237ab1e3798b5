#include "backward.hpp"
#include "convolution_pass.hpp"
#include "input_mean.hpp"
#include "layout.hpp"

namespace fieldscan::network {
namespace {

/// Rows of the Jacobian that belong to one output.
using Rows = Eigen::Map<Matrix, 0, Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>>;

/// Columns that belong to hidden layer l: ∂f_μ/∂W_ij = scale δ_μi input_μj.
void fill_layer(const Network& network, const MatrixView& x, const Network::Workspace& work, int layer, Rows jacobian) {
  const Matrix& delta = work.backward[layer];
  const MatrixView input = input_of(x, work, layer);
  const Tensor& weight = weight_of(network, layer);
  for (Index j = 0; j < weight.cols; ++j)
    for (Index i = 0; i < weight.rows; ++i)
      jacobian.col(weight.offset + i + j * weight.rows).array() =
          weight.scale * delta.col(i).array() * input.col(j).array();
  if (const Tensor* bias = bias_of(network, layer)) jacobian.middleCols(bias->offset, bias->rows) = bias->scale * delta;
}

/// Of a convolutional network: a backward pass of every point and output.
Matrix one_by_one(const Network& network, const VectorView& theta, const MatrixView& x) {
  const Index outputs = network.outputs();
  Network::Workspace work = network.workspace(1);
  Vector out(outputs);
  Matrix gradients(network.parameter_count(), x.rows() * outputs);
  for (Index point = 0; point < x.rows(); ++point) {
    network.forward_for_gradient(theta, x.row(point), work, out);
    for (Index c = 0; c < outputs; ++c)
      network.backward(theta, x.row(point), Vector::Unit(outputs, c), work, gradients.col(point * outputs + c));
  }
  return gradients.transpose();
}

template <class Rows>
void add_bias_along(const Network& network, const VectorView& direction, int layer, Rows& tangent) {
  if (const Tensor* bias = bias_of(network, layer))
    for (Index i = 0; i < bias->rows; ++i) tangent.col(i).array() += bias->scale * direction[bias->offset + i];
}

/// The tangent of φ(hˡ) into work.backward, from that of the layer below.
void convolve_along(const Network& network, const VectorView& theta, const MatrixView& x, const VectorView& direction,
                    int layer, Network::Workspace& work) {
  const auto l = static_cast<std::size_t>(layer);
  const Index points = x.rows();
  convolve<double>(network, direction, layer, below_of<double>(network, x, work, layer), points, work.backward[l],
                   Put::alone);
  if (layer > 0) {
    const Index positions = network.convolutions()[l].inputs;
    const Below<double> below{work.backward[l - 1].data(), positions * points, points};
    convolve<double>(network, theta, layer, below, points, work.backward[l], Put::added);
  }
  auto tangent = by_channel(work.backward[l], points, weight_of(network, layer).rows);
  add_bias_along(network, direction, layer, tangent);
  tangent.array() *= by_channel(work.derivative[l], points, tangent.cols()).array();
}

/// That of the features, from that of the last layer.
Network::Features<double> feature_tangent(const Network& network, Index points, Network::Workspace& work) {
  const Matrix& last = work.backward.back();
  if (network.is_convolutional()) return read_features(network, last, points, work.pooled[1]);
  return {last.data(), points, last.cols(), Eigen::OuterStride<>(last.rows())};
}

/// What the means over inputs add to the columns of W, of output c: the same for all points.
void subtract_mean_slopes(const Network& network, const VectorView& theta, Index c, Rows jacobian) {
  if (!subtracts_input_mean(network)) return;
  const Tensor &weight = weight_of(network, 0), &readout = readout_of(network);
  const auto w = matrix_of(theta, weight), a = matrix_of(theta, readout);
  for (Index j = 0; j < weight.cols; ++j)
    for (Index i = 0; i < weight.rows; ++i)
      jacobian.col(weight.offset + i + j * weight.rows).array() -=
          2 * weight.scale * weight.scale * readout.scale * w(i, j) * a(c, i);
}

}  // namespace

Matrix Network::jacobian(const VectorView& theta, const MatrixView& x) const {
  if (is_convolutional()) return one_by_one(*this, theta, x);
  Workspace work = workspace(x.rows());
  const Index points = x.rows();
  Vector out(points * outputs_);
  forward_for_gradient(theta, x, work, out);
  Matrix jacobian = Matrix::Zero(points * outputs_, count_);
  const Tensor& readout = readout_of(*this);
  for (Index c = 0; c < outputs_; ++c) {
    Rows rows(jacobian.data() + c, points, count_, {jacobian.rows(), outputs_});
    for (Index i = 0; i < readout.cols; ++i)
      rows.col(readout.offset + c + i * outputs_) = readout.scale * work.activation.back().col(i);
    start_from_outputs(*this, theta, of_output(Vector::Ones(points), c, outputs_), work);
    for (int layer = depth() - 1; layer >= 0; --layer) {
      fill_layer(*this, x, work, layer, rows);
      if (layer > 0) descend(*this, theta, layer, points, work);
    }
    subtract_mean_slopes(*this, theta, c, rows);
  }
  return jacobian;
}

void Network::derivative_along(const VectorView& theta, const MatrixView& x, const VectorView& direction,
                               Workspace& work, Eigen::Ref<Vector> out) const {
  const Index points = x.rows();
  for (int layer = 0; layer < depth(); ++layer) {
    if (is_convolutional()) {
      convolve_along(*this, theta, x, direction, layer, work);
      continue;
    }
    const Tensor& weight = weight_of(*this, layer);
    auto tangent = work.backward[layer].topRows(points);
    multiply_transposed<double>(weight.scale, input_of(x, work, layer), matrix_of(direction, weight), tangent,
                                Put::alone);
    if (layer > 0)
      multiply_transposed<double>(weight.scale, work.backward[layer - 1].topRows(points), matrix_of(theta, weight),
                                  tangent, Put::added);
    add_bias_along(*this, direction, layer, tangent);
    tangent.array() *= work.derivative[layer].topRows(points).array();
  }
  if (subtracts_input_mean(*this)) {
    const Tensor& weight = weight_of(*this, 0);
    const Vector means = 2 * weight.scale * weight.scale *
                         matrix_of(theta, weight).cwiseProduct(matrix_of(direction, weight)).rowwise().sum();
    work.backward.back().topRows(points).rowwise() -= means.transpose();
  }
  const Tensor& readout = readout_of(*this);
  const auto features = this->features(work, points), tangent = feature_tangent(*this, points, work);
  if (outputs_ == 1) {  // the algorithm for vectors
    out.noalias() = readout.scale * (features * column_of(direction, readout));
    out.noalias() += readout.scale * (tangent * column_of(theta, readout));
    return;
  }
  auto values = by_point_out<double>(out, outputs_);
  values.noalias() = readout.scale * (features * matrix_of(direction, readout).transpose());
  values.noalias() += readout.scale * (tangent * matrix_of(theta, readout).transpose());
}

}  // namespace fieldscan::network
