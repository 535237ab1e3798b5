#include <cassert>

#include "convolution_pass.hpp"
#include "fieldscan/core/product.hpp"
#include "input_mean.hpp"
#include "layout.hpp"

namespace fieldscan::network {
namespace {

template <class Scalar, class Rows>
void add_bias(const Network& network, const VectorIn<Scalar>& theta, int layer, Rows& rows) {
  if (const Tensor* bias = bias_of(network, layer))
    for (Index i = 0; i < rows.cols(); ++i)
      rows.col(i).array() += static_cast<Scalar>(bias->scale) * theta[bias->offset + i];
}

/// h = scale · input Wᵀ + scale_b b.
template <class Scalar>
void apply_layer(const Network& network, const VectorIn<Scalar>& theta, const MatrixIn<Scalar>& x, int layer,
                 PassBuffers<Scalar>& work) {
  const Tensor& weight = weight_of(network, layer);
  MatrixOf<Scalar>& h = work.preactivation[layer];
  if (network.is_convolutional()) {
    convolve(network, theta, layer, below_of(network, x, work, layer), x.rows(), h, Put::alone);
    auto rows = by_channel(h, x.rows(), weight.rows);
    return add_bias<Scalar>(network, theta, layer, rows);
  }
  const auto input = input_of(x, work, layer);
  auto rows = h.topRows(x.rows());
  multiply_transposed<Scalar>(static_cast<Scalar>(weight.scale), input, matrix_of(theta, weight), rows, Put::alone);
  add_bias<Scalar>(network, theta, layer, rows);
}

/// Calls part(first, count) for the runs of memory that hold so many inputs in a layer.
template <class Scalar, class Part>
void for_each_run(const Network& network, const MatrixOf<Scalar>& matrix, Index rows, Part&& part) {
  if (rows == matrix.rows() || network.is_convolutional()) {
    part(Index{0}, rows * matrix.cols());
  } else {
    for (Index column = 0; column < matrix.cols(); ++column) part(column * matrix.rows(), rows);
  }
}

template <class Scalar>
std::span<Scalar> run(MatrixOf<Scalar>& matrix, Index first, Index count) {
  return {matrix.data() + first, static_cast<std::size_t>(count)};
}
template <class Scalar>
std::span<const Scalar> run(const MatrixOf<Scalar>& matrix, Index first, Index count) {
  return {matrix.data() + first, static_cast<std::size_t>(count)};
}

/// φ of the upper rows of a layer alone.
void activate(const Network& network, Index points, int layer, Network::Workspace& work) {
  const Matrix& h = work.preactivation[layer];
  Matrix& out = work.activation[layer];
  const auto apply = [&](const auto& activation) {
    for_each_run(network, h, points,
                 [&](Index first, Index count) { activation.value(run(h, first, count), run(out, first, count)); });
  };
  std::visit(apply, network.spec().activation);
}

/// φ and φ′ of the upper rows of a layer.
template <class Scalar>
void activate_both(const Network& network, Index points, int layer, PassBuffers<Scalar>& work) {
  const MatrixOf<Scalar>& h = work.preactivation[layer];
  MatrixOf<Scalar>& out = work.activation[layer];
  MatrixOf<Scalar>& derivative = work.derivative[layer];
  const auto apply = [&](const auto& activation) {
    for_each_run(network, h, points, [&](Index first, Index count) {
      activation.value_and_derivative(run(h, first, count), run(out, first, count), run(derivative, first, count));
    });
  };
  std::visit(apply, network.spec().activation);
}

template <class Scalar, class Activate>
void pass_forward(const Network& network, const VectorIn<Scalar>& theta, const MatrixIn<Scalar>& x,
                  PassBuffers<Scalar>& work, VectorOut<Scalar> out, Activate&& activate_layer) {
  assert(theta.size() == network.parameter_count() && x.cols() == network.input_dimension() && "shapes of the network");
  assert(x.rows() <= work.activation[0].rows() && out.size() == x.rows() * network.outputs() &&
         "the workspace is large enough");
  for (int layer = 0; layer < network.depth(); ++layer) {
    apply_layer<Scalar>(network, theta, x, layer, work);
    activate_layer(layer);
  }
  subtract_input_means<Scalar>(network, theta, x.rows(), work);
  const Tensor& readout = readout_of(network);
  const auto scale = static_cast<Scalar>(readout.scale);
  if (network.is_convolutional()) read_features(network, work.activation.back(), x.rows(), work.pooled[0]);
  const auto features = network.features(work, x.rows());
  if (network.outputs() == 1)  // the algorithm for vectors
    out.noalias() = scale * (features * column_of(theta, readout));
  else
    by_point_out<Scalar>(out, network.outputs()).noalias() = scale * (features * matrix_of(theta, readout).transpose());
}

}  // namespace

void Network::forward(const VectorView& theta, const MatrixView& x, Workspace& work, Eigen::Ref<Vector> out) const {
  pass_forward(*this, theta, x, work, out, [&](int layer) { activate(*this, x.rows(), layer, work); });
}

void Network::forward_for_gradient(const VectorView& theta, const MatrixView& x, Workspace& work,
                                   Eigen::Ref<Vector> out) const {
  pass_forward(*this, theta, x, work, out, [&](int layer) { activate_both(*this, x.rows(), layer, work); });
}

void Network::forward_for_gradient(const SingleVectorView& theta, const SingleMatrixView& x, SingleWorkspace& work,
                                   Eigen::Ref<Eigen::VectorXf> out) const {
  pass_forward(*this, theta, x, work, out, [&](int layer) { activate_both(*this, x.rows(), layer, work); });
}

Vector Network::evaluate(const VectorView& theta, const MatrixView& x) const {
  // Points whose layers stay in the cache.
  const Index block = is_convolutional() ? convolution_points(*this, sizeof(double)) : 256;
  Workspace work = workspace(std::min(block, x.rows()));
  Vector out(x.rows() * outputs_);
  for (Index first = 0; first < x.rows(); first += block) {
    const Index count = std::min(block, x.rows() - first);
    forward(theta, x.middleRows(first, count), work, out.segment(first * outputs_, count * outputs_));
  }
  return out;
}

}  // namespace fieldscan::network
