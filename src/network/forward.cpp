#include <cassert>

#include "layout.hpp"

namespace fieldscan::network {
namespace {

/// h = scale · input Wᵀ + scale_b b.
void apply_layer(const Network& network, const VectorView& theta, const MatrixView& input, int layer, Matrix& h) {
  const Tensor& weight = weight_of(network, layer);
  auto rows = h.topRows(input.rows());
  rows.noalias() = (weight.scale * input) * matrix_of(theta, weight).transpose();
  if (const Tensor* bias = bias_of(network, layer))
    for (Index i = 0; i < rows.cols(); ++i) rows.col(i).array() += bias->scale * theta[bias->offset + i];
}

/// Calls part(first, count) for the runs of memory that the upper rows of a matrix are made of.
template <class Part>
void for_each_run(const Matrix& matrix, Index rows, Part&& part) {
  if (rows == matrix.rows()) {
    part(Index{0}, matrix.size());
  } else {
    for (Index column = 0; column < matrix.cols(); ++column) part(column * matrix.rows(), rows);
  }
}

std::span<double> run(Matrix& matrix, Index first, Index count) {
  return {matrix.data() + first, static_cast<std::size_t>(count)};
}

enum class With { value, derivative };

void activate(const Network& network, Index points, int layer, With with, Network::Workspace& work) {
  Matrix& h = work.preactivation[layer];
  Matrix& out = work.activation[layer];
  Matrix& derivative = work.derivative[layer];
  const auto apply = [&](const auto& activation) {
    for_each_run(h, points, [&](Index first, Index count) {
      if (with == With::value)
        activation.value(run(h, first, count), run(out, first, count));
      else
        activation.value_and_derivative(run(h, first, count), run(out, first, count), run(derivative, first, count));
    });
  };
  std::visit(apply, network.spec().activation);
}

void pass_forward(const Network& network, const VectorView& theta, const MatrixView& x, With with,
                  Network::Workspace& work, Eigen::Ref<Vector> out) {
  assert(theta.size() == network.parameter_count() && x.cols() == network.input_dimension() && "shapes of the network");
  assert(x.rows() <= work.activation[0].rows() && out.size() == x.rows() && "the workspace is large enough");
  for (int layer = 0; layer < network.depth(); ++layer) {
    apply_layer(network, theta, input_of(x, work, layer), layer, work.preactivation[layer]);
    activate(network, x.rows(), layer, with, work);
  }
  const Tensor& readout = readout_of(network);
  out.noalias() = readout.scale * (work.activation.back().topRows(x.rows()) * column_of(theta, readout));
}

}  // namespace

void Network::forward(const VectorView& theta, const MatrixView& x, Workspace& work, Eigen::Ref<Vector> out) const {
  pass_forward(*this, theta, x, With::value, work, out);
}

void Network::forward_for_gradient(const VectorView& theta, const MatrixView& x, Workspace& work,
                                   Eigen::Ref<Vector> out) const {
  pass_forward(*this, theta, x, With::derivative, work, out);
}

Vector Network::evaluate(const VectorView& theta, const MatrixView& x) const {
  constexpr Index block = 256;  // points whose layers stay in the cache
  Workspace work = workspace(std::min(block, x.rows()));
  Vector out(x.rows());
  for (Index first = 0; first < x.rows(); first += block) {
    const Index count = std::min(block, x.rows() - first);
    forward(theta, x.middleRows(first, count), work, out.segment(first, count));
  }
  return out;
}

}  // namespace fieldscan::network
