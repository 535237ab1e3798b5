#include "backward.hpp"
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
  if (subtracts_input_mean(*this)) {
    const Tensor& weight = weight_of(*this, 0);
    const Vector means = 2 * weight.scale * weight.scale *
                         matrix_of(theta, weight).cwiseProduct(matrix_of(direction, weight)).rowwise().sum();
    work.backward.back().topRows(points).rowwise() -= means.transpose();
  }
  const Tensor& readout = readout_of(*this);
  const auto features = work.activation.back().topRows(points), tangent = work.backward.back().topRows(points);
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
