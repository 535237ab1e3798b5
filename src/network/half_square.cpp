#include "fieldscan/network/half_square.hpp"

#include <algorithm>

#include "backward.hpp"

namespace fieldscan::network {
namespace {

constexpr Index least_block = 128, largest_block = 1024, block_bytes = 131072;

template <class Scalar>
double sum_blocks(const Network& network, const VectorIn<Scalar>& theta, const MatrixIn<Scalar>& x,
                  const VectorView& reference, double factor, PassBuffers<Scalar>& work, Eigen::Ref<Vector> residual,
                  VectorOut<Scalar> gradient) {
  const Index block = block_points(network, sizeof(Scalar));
  Eigen::Matrix<Scalar, Eigen::Dynamic, 1, Eigen::ColMajor, largest_block, 1> weight;  // f, then what goes backward
  double sum = 0;
  if (x.rows() == 0) gradient.setZero();
  for (Index first = 0; first < x.rows(); first += block) {
    const Index count = std::min(block, x.rows() - first);
    const auto rows = x.middleRows(first, count);
    weight.resize(count);
    network.forward_for_gradient(theta, rows, work, weight);
    auto part = residual.segment(first, count);
    part = weight.template cast<double>() - reference.segment(first, count);
    sum += part.squaredNorm();
    weight = (factor * part).template cast<Scalar>();
    pass_backward(network, theta, rows, weight, work, gradient, first == 0 ? Put::alone : Put::added);
  }
  return 0.5 * sum;
}

}  // namespace

Index block_points(const Network& network, std::size_t scalar_bytes) {
  Index widest = 1;
  for (int layer = 0; layer < network.depth(); ++layer)
    widest = std::max<Index>(widest, width_of(network.spec(), layer));
  const Index fitting = block_bytes / (widest * static_cast<Index>(scalar_bytes));
  return std::clamp(fitting / 16 * 16, std::clamp(widest / 4, least_block, largest_block), largest_block);
}

double half_square(const Network& network, const VectorView& theta, const MatrixView& x, const VectorView& reference,
                   double factor, Network::Workspace& work, Eigen::Ref<Vector> residual, Eigen::Ref<Vector> gradient) {
  return sum_blocks(network, theta, x, reference, factor, work, residual, gradient);
}

double half_square(const Network& network, const SingleVectorView& theta, const SingleMatrixView& x,
                   const VectorView& reference, double factor, Network::SingleWorkspace& work,
                   Eigen::Ref<Vector> residual, Eigen::Ref<Eigen::VectorXf> gradient) {
  return sum_blocks(network, theta, x, reference, factor, work, residual, gradient);
}

}  // namespace fieldscan::network
