#include "fieldscan/network/half_square.hpp"

#include <algorithm>
#include <utility>

#include "backward.hpp"
#include "convolution_pass.hpp"

namespace fieldscan::network {
namespace {

constexpr Index least_block = 128, largest_block = 1024, block_bytes = 131072;

/// `weight`: f of a block, then what goes backward.
template <class Scalar, class Weight>
double sum_blocks(const Network& network, const VectorIn<Scalar>& theta, const MatrixIn<Scalar>& x,
                  const VectorView& reference, double factor, PassBuffers<Scalar>& work, Eigen::Ref<Vector> residual,
                  VectorOut<Scalar> gradient, Weight weight) {
  const Index block = block_points(network, sizeof(Scalar)), outputs = network.outputs();
  double sum = 0;
  if (x.rows() == 0) gradient.setZero();
  for (Index first = 0; first < x.rows(); first += block) {
    const Index count = std::min(block, x.rows() - first);
    const auto rows = x.middleRows(first, count);
    weight.resize(count * outputs);
    network.forward_for_gradient(theta, rows, work, weight);
    auto part = residual.segment(first * outputs, count * outputs);
    part = weight.template cast<double>() - reference.segment(first * outputs, count * outputs);
    sum += part.squaredNorm();
    weight = (factor * part).template cast<Scalar>();
    pass_backward(network, theta, rows, weight, work, gradient, first == 0 ? Put::alone : Put::added);
  }
  return 0.5 * sum;
}

/// Of one output the block's numbers need no memory of their own.
template <class Scalar>
double sum_of_blocks(const Network& network, const VectorIn<Scalar>& theta, const MatrixIn<Scalar>& x,
                     const VectorView& reference, double factor, PassBuffers<Scalar>& work, Eigen::Ref<Vector> residual,
                     VectorOut<Scalar> gradient) {
  using OfOne = Eigen::Matrix<Scalar, Eigen::Dynamic, 1, Eigen::ColMajor, largest_block, 1>;
  const auto sum = [&](auto weight) {
    return sum_blocks<Scalar>(network, theta, x, reference, factor, work, residual, gradient, std::move(weight));
  };
  return network.outputs() == 1 ? sum(OfOne{}) : sum(VectorOf<Scalar>{});
}

}  // namespace

Index block_points(const Network& network, std::size_t scalar_bytes) {
  if (network.is_convolutional()) return convolution_points(network, scalar_bytes);
  Index widest = 1;
  for (int layer = 0; layer < network.depth(); ++layer)
    widest = std::max<Index>(widest, width_of(network.spec(), layer));
  const Index fitting = block_bytes / (widest * static_cast<Index>(scalar_bytes));
  return std::clamp(fitting / 16 * 16, std::clamp(widest / 4, least_block, largest_block), largest_block);
}

double half_square(const Network& network, const VectorView& theta, const MatrixView& x, const VectorView& reference,
                   double factor, Network::Workspace& work, Eigen::Ref<Vector> residual, Eigen::Ref<Vector> gradient) {
  return sum_of_blocks(network, theta, x, reference, factor, work, residual, gradient);
}

double half_square(const Network& network, const SingleVectorView& theta, const SingleMatrixView& x,
                   const VectorView& reference, double factor, Network::SingleWorkspace& work,
                   Eigen::Ref<Vector> residual, Eigen::Ref<Eigen::VectorXf> gradient) {
  return sum_of_blocks(network, theta, x, reference, factor, work, residual, gradient);
}

}  // namespace fieldscan::network
