#include <cassert>

#include "fieldscan/core/product.hpp"
#include "input_mean.hpp"
#include "layout.hpp"

namespace fieldscan::network {
namespace {

/// h = scale · input Wᵀ + scale_b b.
template <class Scalar>
void apply_layer(const Network& network, const VectorIn<Scalar>& theta, const MatrixIn<Scalar>& input, int layer,
                 MatrixOf<Scalar>& h) {
  const Tensor& weight = weight_of(network, layer);
  auto rows = h.topRows(input.rows());
  multiply_transposed<Scalar>(static_cast<Scalar>(weight.scale), input, matrix_of(theta, weight), rows, Put::alone);
  if (const Tensor* bias = bias_of(network, layer))
    for (Index i = 0; i < rows.cols(); ++i)
      rows.col(i).array() += static_cast<Scalar>(bias->scale) * theta[bias->offset + i];
}

/// Calls part(first, count) for the runs of memory that the upper rows of a matrix are made of.
template <class Scalar, class Part>
void for_each_run(const MatrixOf<Scalar>& matrix, Index rows, Part&& part) {
  if (rows == matrix.rows()) {
    part(Index{0}, matrix.size());
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
    for_each_run(h, points,
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
    for_each_run(h, points, [&](Index first, Index count) {
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
    apply_layer<Scalar>(network, theta, input_of(x, work, layer), layer, work.preactivation[layer]);
    activate_layer(layer);
  }
  subtract_input_means<Scalar>(network, theta, x.rows(), work);
  const Tensor& readout = readout_of(network);
  const auto scale = static_cast<Scalar>(readout.scale);
  const auto features = work.activation.back().topRows(x.rows());
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
  constexpr Index block = 256;  // points whose layers stay in the cache
  Workspace work = workspace(std::min(block, x.rows()));
  Vector out(x.rows() * outputs_);
  for (Index first = 0; first < x.rows(); first += block) {
    const Index count = std::min(block, x.rows() - first);
    forward(theta, x.middleRows(first, count), work, out.segment(first * outputs_, count * outputs_));
  }
  return out;
}

}  // namespace fieldscan::network
