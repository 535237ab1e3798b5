#include "fieldscan/network/empirical_kernel.hpp"

#include <algorithm>
#include <cmath>

#include "backward.hpp"
#include "fieldscan/core/linear_algebra.hpp"
#include "input_mean.hpp"
#include "layout.hpp"

namespace fieldscan::network {
namespace {

constexpr Index tile = 512;             // rows and columns of a tile
constexpr Index points_together = 256;  // points whose layers stay in the cache

/// Calls part(row, rows, column, columns) for the tiles of the lower triangle, those on the diagonal whole.
template <class Part>
void for_each_tile(Index points, Part&& part) {
  for (Index row = 0; row < points; row += tile)
    for (Index column = 0; column <= row; column += tile)
      part(row, std::min(tile, points - row), column, std::min(tile, points - column));
}

/// Z Zᵀ times a factor.
Matrix gram(const MatrixView& z, double scale) {
  Matrix kernel = Matrix::Zero(z.rows(), z.rows());
  kernel.selfadjointView<Eigen::Lower>().rankUpdate(z, scale);
  mirror_lower(kernel);
  return kernel;
}

Network::Workspace pass(const Network& network, const VectorView& theta, const MatrixView& x) {
  Network::Workspace work = network.workspace(x.rows());
  Vector outputs(x.rows() * network.outputs());
  network.forward_for_gradient(theta, x, work, outputs);
  return work;
}

/// Adds hidden layer l's part of Θ to the lower tiles, divided by the number of outputs; δˡ lies in the workspace.
void add_layer(const Network& network, const MatrixView& x, const Network::Workspace& work, int layer, Matrix& kernel) {
  const Tensor& weight = weight_of(network, layer);
  const Tensor* bias = bias_of(network, layer);
  const double chi = network.spec().chi / network.outputs();
  const double of_weight = chi * weight.rate_factor * weight.scale * weight.scale;
  const double of_bias = bias ? chi * bias->rate_factor * bias->scale * bias->scale : 0;
  if (of_weight == 0 && of_bias == 0) return;
  const MatrixView input = input_of(x, work, layer);
  const Matrix& delta = work.backward[static_cast<std::size_t>(layer)];
  Matrix inputs(std::min(tile, x.rows()), std::min(tile, x.rows())), slopes = inputs;
  for_each_tile(x.rows(), [&](Index row, Index rows, Index column, Index columns) {
    auto of_inputs = inputs.topLeftCorner(rows, columns);
    auto of_slopes = slopes.topLeftCorner(rows, columns);
    of_inputs.noalias() = input.middleRows(row, rows) * input.middleRows(column, columns).transpose();
    of_slopes.noalias() = delta.middleRows(row, rows) * delta.middleRows(column, columns).transpose();
    kernel.block(row, column, rows, columns).array() += (of_weight * of_inputs.array() + of_bias) * of_slopes.array();
  });
}

/// φ of the last layer, or its means over positions, of all points [P × features].
Matrix features_of(const Network& network, const VectorView& theta, const MatrixView& x) {
  const Network::Workspace work = pass(network, theta, x);
  return network.features(work, x.rows());
}

/// √(χ r) ∂f_c/∂θ of some points, one after the other [parameters × points].
Matrix gradients_of(const Network& network, const VectorView& theta, const MatrixView& x, Index output) {
  Network::Workspace work = network.workspace(1);
  Vector out(network.outputs());
  Matrix gradients(theta.size(), x.rows());
  for (Index point = 0; point < x.rows(); ++point) {
    network.forward_for_gradient(theta, x.row(point), work, out);
    network.backward(theta, x.row(point), Vector::Unit(network.outputs(), output), work, gradients.col(point));
  }
  for (const Tensor& tensor : network.tensors())
    gradients.middleRows(tensor.offset, tensor.size()) *= std::sqrt(tensor.rate_factor * network.spec().chi);
  return gradients;
}

/// Points of a tile of gradients.
Index gradients_together(const Network& network) {
  constexpr Index numbers = Index{1} << 24, least = 16;
  return std::clamp(numbers / network.parameter_count(), least, points_together);
}

/// Θ of a convolutional network: tiles of gradients, of which two are held.
Matrix convolutional_ntk(const Network& network, const VectorView& theta, const MatrixView& x) {
  const Index together = gradients_together(network);
  Matrix kernel = Matrix::Zero(x.rows(), x.rows());
  for (Index c = 0; c < network.outputs(); ++c)
    for (Index column = 0; column < x.rows(); column += together) {
      const Index columns = std::min(together, x.rows() - column);
      const Matrix right = gradients_of(network, theta, x.middleRows(column, columns), c);
      for (Index row = column; row < x.rows(); row += together) {
        const Index rows = std::min(together, x.rows() - row);
        const Matrix left = row == column ? Matrix() : gradients_of(network, theta, x.middleRows(row, rows), c);
        kernel.block(row, column, rows, columns).noalias() +=
            (row == column ? right : left).transpose() * right / static_cast<double>(network.outputs());
      }
    }
  mirror_lower(kernel);
  return kernel;
}

/// What the means over inputs change of output c's part of Θ by the hidden weights: with α_i = s_a a_ci the products of
/// ∂f/∂W_i = α_i (2 h_i s x − 2 s² W_i) have −4 s² Σ_i α_i² (φ_i + φ′_i + m_i) beside those of the first terms.
void subtract_mean_part(const Network& network, const VectorView& theta, const Network::Workspace& work, Index c,
                        Matrix& kernel) {
  if (!subtracts_input_mean(network)) return;
  const Tensor &weight = weight_of(network, 0), &readout = readout_of(network);
  const Vector square = readout.scale * readout.scale * matrix_of(theta, readout).row(c).cwiseAbs2().transpose();
  const double factor = 4 * network.spec().chi / network.outputs() * weight.rate_factor * weight.scale * weight.scale;
  const Vector each = factor * (work.activation.back() * square);
  const double constant = factor * square.dot(input_means<double>(network, theta));
  kernel -= (each.replicate(1, each.size()) + each.transpose().replicate(each.size(), 1));
  kernel.array() -= constant;
}

/// out = part(rows of x) for all rows, points_together at a time.
template <class Part>
Vector by_blocks(const Network& network, const MatrixView& x, Part&& part) {
  Network::Workspace work = network.workspace(std::min(points_together, x.rows()));
  Vector out(x.rows());
  for (Index first = 0; first < x.rows(); first += points_together) {
    const Index count = std::min(points_together, x.rows() - first);
    part(x.middleRows(first, count), work, out.segment(first, count));
  }
  return out;
}

}  // namespace

Matrix empirical_nngp(const Network& network, const VectorView& theta, const MatrixView& x) {
  return gram(features_of(network, theta, x),
              network.spec().readout_variance / static_cast<double>(network.feature_count()));
}

std::vector<Matrix> hidden_kernels(const Network& network, const VectorView& theta, const MatrixView& x) {
  const Network::Workspace work = pass(network, theta, x);
  std::vector<Matrix> kernels;
  // Of convolutions [P × channels · positions].
  for (const Matrix& activation : work.activation)
    kernels.push_back(gram(activation, 1 / static_cast<double>(activation.cols())));
  return kernels;
}

Matrix empirical_ntk(const Network& network, const VectorView& theta, const MatrixView& x) {
  if (network.is_convolutional()) return convolutional_ntk(network, theta, x);
  Network::Workspace work = pass(network, theta, x);
  const Tensor& readout = readout_of(network);
  const double of_readout = network.spec().chi * readout.rate_factor * readout.scale * readout.scale;
  Matrix kernel = Matrix::Zero(x.rows(), x.rows());
  if (of_readout > 0) kernel.selfadjointView<Eigen::Lower>().rankUpdate(work.activation.back(), of_readout);
  for (Index c = 0; c < network.outputs(); ++c) {
    start_from_outputs(network, theta, of_output(Vector::Ones(x.rows()), c, network.outputs()), work);
    for (int layer = network.depth() - 1; layer >= 0; --layer) {
      add_layer(network, x, work, layer, kernel);
      if (layer > 0) descend(network, theta, layer, x.rows(), work);
    }
    subtract_mean_part(network, theta, work, c, kernel);
  }
  mirror_lower(kernel);
  return kernel;
}

Vector ntk_times(const Network& network, const VectorView& theta, const MatrixView& to, const MatrixView& from,
                 const VectorView& v) {
  Network::Workspace work = pass(network, theta, from);
  const Index outputs = network.outputs();
  Matrix direction(theta.size(), outputs);
  for (Index c = 0; c < outputs; ++c) network.backward(theta, from, of_output(v, c, outputs), work, direction.col(c));
  for (const Tensor& tensor : network.tensors())
    direction.middleRows(tensor.offset, tensor.size()) *= tensor.rate_factor * network.spec().chi;
  Vector all(std::min(points_together, to.rows()) * outputs);
  return by_blocks(network, to, [&](const MatrixView& x, Network::Workspace& own, Eigen::Ref<Vector> out) {
    auto values = all.head(x.rows() * outputs);
    network.forward_for_gradient(theta, x, own, values);
    out.setZero();
    for (Index c = 0; c < outputs; ++c) {
      network.derivative_along(theta, x, direction.col(c), own, values);
      out += values(places_of(c, x.rows(), outputs)) / static_cast<double>(outputs);
    }
  });
}

Vector nngp_times(const Network& network, const VectorView& theta, const MatrixView& to, const MatrixView& from,
                  const VectorView& v) {
  const double scale = network.spec().readout_variance / static_cast<double>(network.feature_count());
  const Vector weight = scale * (features_of(network, theta, from).transpose() * v);
  Vector all(std::min(points_together, to.rows()) * network.outputs());
  return by_blocks(network, to, [&](const MatrixView& x, Network::Workspace& own, Eigen::Ref<Vector> out) {
    network.forward(theta, x, own, all.head(x.rows() * network.outputs()));
    out.noalias() = network.features(own, x.rows()) * weight;
  });
}

}  // namespace fieldscan::network
