#include "fieldscan/network/half_square.hpp"

#include <algorithm>
#include <utility>

#include "backward.hpp"
#include "convolution_pass.hpp"
#include "fieldscan/network/summed_loss.hpp"

namespace fieldscan::network {
namespace {

constexpr Index least_block = 128, largest_block = 1024, block_bytes = 131072;

/// Adds a loss and its gradient over blocks of points. `compare(f, first, slope)` gives the loss of the outputs f that
/// begin at place `first`, and its slope by them; `weight` is f of a block, then factor · slope, which goes backward.
template <class Scalar, class Weight, class Compare>
double sum_blocks(const Network& network, const VectorIn<Scalar>& theta, const MatrixIn<Scalar>& x, double factor,
                  PassBuffers<Scalar>& work, Eigen::Ref<Vector> slope, VectorOut<Scalar> gradient, Compare&& compare,
                  Weight weight) {
  const Index block = block_points(network, sizeof(Scalar)), outputs = network.outputs();
  double sum = 0;
  if (x.rows() == 0) gradient.setZero();
  for (Index first = 0; first < x.rows(); first += block) {
    const Index count = std::min(block, x.rows() - first);
    const auto rows = x.middleRows(first, count);
    weight.resize(count * outputs);
    network.forward_for_gradient(theta, rows, work, weight);
    auto part = slope.segment(first * outputs, count * outputs);
    sum += compare(weight, first * outputs, part);
    weight = (factor * part).template cast<Scalar>();
    pass_backward(network, theta, rows, weight, work, gradient, first == 0 ? Put::alone : Put::added);
  }
  return sum;
}

/// Of one output the block's numbers need no memory of their own.
template <class Scalar, class Compare>
double sum_of_blocks(const Network& network, const VectorIn<Scalar>& theta, const MatrixIn<Scalar>& x, double factor,
                     PassBuffers<Scalar>& work, Eigen::Ref<Vector> slope, VectorOut<Scalar> gradient,
                     Compare&& compare) {
  using OfOne = Eigen::Matrix<Scalar, Eigen::Dynamic, 1, Eigen::ColMajor, largest_block, 1>;
  const auto sum = [&](auto weight) {
    return sum_blocks<Scalar>(network, theta, x, factor, work, slope, gradient, compare, std::move(weight));
  };
  return network.outputs() == 1 ? sum(OfOne{}) : sum(VectorOf<Scalar>{});
}

template <class Scalar>
double square_of_blocks(const Network& network, const VectorIn<Scalar>& theta, const MatrixIn<Scalar>& x,
                        const VectorView& reference, double factor, PassBuffers<Scalar>& work,
                        Eigen::Ref<Vector> residual, VectorOut<Scalar> gradient) {
  const auto compare = [&](const auto& f, Index first, auto& part) {
    part = f.template cast<double>() - reference.segment(first, f.size());
    return part.squaredNorm();
  };
  return 0.5 * sum_of_blocks<Scalar>(network, theta, x, factor, work, residual, gradient, compare);
}

template <class Scalar>
double loss_of_blocks(const Network& network, const VectorIn<Scalar>& theta, const MatrixIn<Scalar>& x,
                      const Comparison& with, PassBuffers<Scalar>& work, Eigen::Ref<Vector> slope,
                      VectorOut<Scalar> gradient) {
  if (with.loss == LossFunction::square && with.offset.size() == 0)
    return square_of_blocks<Scalar>(network, theta, x, with.label, 1, work, slope, gradient);
  const auto compare = [&](const auto& f, Index first, auto& part) {
    const bool shifted = with.offset.size() > 0;
    const Comparison own{.loss = with.loss,
                         .label = with.label.segment(first, f.size()),
                         .offset = with.offset.segment(shifted ? first : 0, shifted ? f.size() : 0)};
    return summed_loss(own, f.template cast<double>(), network.outputs(), part);
  };
  return sum_of_blocks<Scalar>(network, theta, x, 1, work, slope, gradient, compare);
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
  return square_of_blocks<double>(network, theta, x, reference, factor, work, residual, gradient);
}

double half_square(const Network& network, const SingleVectorView& theta, const SingleMatrixView& x,
                   const VectorView& reference, double factor, Network::SingleWorkspace& work,
                   Eigen::Ref<Vector> residual, Eigen::Ref<Eigen::VectorXf> gradient) {
  return square_of_blocks<float>(network, theta, x, reference, factor, work, residual, gradient);
}

double summed_loss(const Network& network, const VectorView& theta, const MatrixView& x, const Comparison& with,
                   Network::Workspace& work, Eigen::Ref<Vector> slope, Eigen::Ref<Vector> gradient) {
  return loss_of_blocks<double>(network, theta, x, with, work, slope, gradient);
}

double summed_loss(const Network& network, const SingleVectorView& theta, const SingleMatrixView& x,
                   const Comparison& with, Network::SingleWorkspace& work, Eigen::Ref<Vector> slope,
                   Eigen::Ref<Eigen::VectorXf> gradient) {
  return loss_of_blocks<float>(network, theta, x, with, work, slope, gradient);
}

}  // namespace fieldscan::network
