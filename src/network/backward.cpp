#include "backward.hpp"

#include <cassert>

#include "convolution_pass.hpp"
#include "input_mean.hpp"

namespace fieldscan::network {

namespace {

/// So many points of a layer [P × numbers].
template <class Scalar>
Eigen::Map<MatrixOf<Scalar>, 0, Eigen::OuterStride<>> points_of(const Network& network, MatrixOf<Scalar>& layer,
                                                                Index points) {
  return {layer.data(), points, layer.cols(), Eigen::OuterStride<>(network.is_convolutional() ? points : layer.rows())};
}

/// δ^L of E = Σ weight_μi ψ_μi, weight [P × features].
template <class Scalar>
void start_from_features(const Network& network, const MatrixIn<Scalar>& weight, PassBuffers<Scalar>& work) {
  if (is_pooled(network)) return unpool(weight, work);
  points_of(network, work.backward.back(), weight.rows()).array() =
      weight.array() * points_of(network, work.derivative.back(), weight.rows()).array();
}

/// The same from the outputs of a network that sees means over positions.
template <class Scalar>
void start_pooled(const Network& network, const VectorIn<Scalar>& theta, const VectorIn<Scalar>& weight,
                  PassBuffers<Scalar>& work) {
  const Tensor& readout = readout_of(network);
  const Index points = weight.size() / network.outputs();
  Eigen::Map<MatrixOf<Scalar>> of_features(work.pooled[1].data(), points, network.feature_count());
  of_features.noalias() =
      static_cast<Scalar>(readout.scale) * (by_point<Scalar>(weight, network.outputs()) * matrix_of(theta, readout));
  unpool<Scalar>(of_features, work);
}

}  // namespace

template <class Scalar>
void start_from_outputs(const Network& network, const VectorIn<Scalar>& theta, const VectorIn<Scalar>& weight,
                        PassBuffers<Scalar>& work) {
  if (is_pooled(network)) return start_pooled(network, theta, weight, work);
  const Index points = weight.size() / network.outputs();
  const Tensor& readout = readout_of(network);
  const auto scale = static_cast<Scalar>(readout.scale);
  auto delta = points_of(network, work.backward.back(), points);
  const auto derivative = points_of(network, work.derivative.back(), points);
  if (network.outputs() > 1) {
    delta.noalias() = scale * (by_point<Scalar>(weight, network.outputs()) * matrix_of(theta, readout));
    delta.array() *= derivative.array();
    return;
  }
  const auto a = column_of(theta, readout);
  for (Index i = 0; i < delta.cols(); ++i)
    delta.col(i).array() = scale * a[i] * weight.array() * derivative.col(i).array();
}

template <class Scalar>
void descend(const Network& network, const VectorIn<Scalar>& theta, int layer, Index points,
             PassBuffers<Scalar>& work) {
  assert(layer >= 1 && "there is a hidden layer below");
  if (network.is_convolutional()) {
    convolve_back(network, theta, layer, points, work);
    return;
  }
  const Tensor& weight = weight_of(network, layer);
  const auto scale = static_cast<Scalar>(weight.scale);
  auto below = work.backward[layer - 1].topRows(points);
  multiply<Scalar>(scale, work.backward[layer].topRows(points), matrix_of(theta, weight), below, Put::alone);
  below.array() *= work.derivative[layer - 1].topRows(points).array();
}

namespace {

template <class Scalar, class Delta>
void bias_gradient(const Network& network, int layer, const Delta& delta, VectorOut<Scalar> gradient, Put put) {
  if (const Tensor* bias = bias_of(network, layer))
    for (Index i = 0; i < bias->rows; ++i) {
      const Scalar slope = static_cast<Scalar>(bias->scale) * delta.col(i).sum();
      gradient[bias->offset + i] = put == Put::alone ? slope : gradient[bias->offset + i] + slope;
    }
}

/// The gradients of one layer from its δ.
template <class Scalar>
void layer_gradients(const Network& network, const MatrixIn<Scalar>& x, int layer, PassBuffers<Scalar>& work,
                     VectorOut<Scalar> gradient, Put put) {
  const Tensor& weight = weight_of(network, layer);
  if (network.is_convolutional()) {
    convolution_gradient<Scalar>(network, layer, below_of(network, x, work, layer), x.rows(), work, gradient, put);
    return bias_gradient<Scalar>(network, layer, by_channel(work.backward[layer], x.rows(), weight.rows), gradient,
                                 put);
  }
  const auto delta = work.backward[layer].topRows(x.rows());
  const auto input = input_of(x, work, layer);
  Eigen::Map<MatrixOf<Scalar>> of_weight(gradient.data() + weight.offset, weight.rows, weight.cols);
  transposed_multiply<Scalar>(static_cast<Scalar>(weight.scale), delta, input, of_weight, put);
  bias_gradient<Scalar>(network, layer, delta, gradient, put);
}

}  // namespace

template <class Scalar>
void hidden_gradients(const Network& network, const VectorIn<Scalar>& theta, const MatrixIn<Scalar>& x,
                      PassBuffers<Scalar>& work, VectorOut<Scalar> gradient, Put put) {
  for (int layer = network.depth() - 1; layer >= 0; --layer) {
    layer_gradients<Scalar>(network, x, layer, work, gradient, put);
    if (layer > 0) descend(network, theta, layer, x.rows(), work);
  }
}

namespace {

template <class Scalar, class Features>
void readout_gradient(const Network& network, const Features& features, const VectorIn<Scalar>& weight,
                      VectorOut<Scalar> gradient, Put put) {
  const Tensor& readout = readout_of(network);
  const auto scale = static_cast<Scalar>(readout.scale);
  const auto set = [&](auto&& out, const auto& product) {
    if (put == Put::alone)
      out.noalias() = scale * product;
    else
      out.noalias() += scale * product;
  };
  if (network.outputs() == 1)  // the algorithm for vectors
    return set(gradient.segment(readout.offset, readout.size()), features.transpose() * weight);
  Eigen::Map<MatrixOf<Scalar>> matrix(gradient.data() + readout.offset, readout.rows, readout.cols);
  set(matrix, by_point<Scalar>(weight, network.outputs()).transpose() * features);
}

}  // namespace

template <class Scalar>
void pass_backward(const Network& network, const VectorIn<Scalar>& theta, const MatrixIn<Scalar>& x,
                   const VectorIn<Scalar>& weight, PassBuffers<Scalar>& work, VectorOut<Scalar> gradient, Put put) {
  assert(weight.size() == x.rows() * network.outputs() && gradient.size() == network.parameter_count() &&
         "one weight per point and output");
  const auto features = network.features(work, x.rows());
  readout_gradient<Scalar>(network, features, weight, gradient, put);
  start_from_outputs(network, theta, weight, work);
  hidden_gradients(network, theta, x, work, gradient, put);
  add_mean_gradient_of_outputs<Scalar>(network, theta, weight, gradient);
}

template void start_from_outputs(const Network&, const VectorIn<double>&, const VectorIn<double>&,
                                 PassBuffers<double>&);
template void descend(const Network&, const VectorIn<double>&, int, Index, PassBuffers<double>&);
template void pass_backward(const Network&, const VectorIn<double>&, const MatrixIn<double>&, const VectorIn<double>&,
                            PassBuffers<double>&, VectorOut<double>, Put);
template void pass_backward(const Network&, const VectorIn<float>&, const MatrixIn<float>&, const VectorIn<float>&,
                            PassBuffers<float>&, VectorOut<float>, Put);

namespace {

template <class Scalar>
void features_backward(const Network& network, const VectorIn<Scalar>& theta, const MatrixIn<Scalar>& x,
                       const MatrixIn<Scalar>& weight, PassBuffers<Scalar>& work, VectorOut<Scalar> gradient) {
  assert(weight.rows() == x.rows() && weight.cols() == network.feature_count() &&
         gradient.size() == network.parameter_count() && "one weight per point and feature");
  const Tensor& readout = readout_of(network);
  gradient.segment(readout.offset, readout.size()).setZero();
  start_from_features(network, weight, work);
  hidden_gradients(network, theta, x, work, gradient, Put::alone);
  if (subtracts_input_mean(network))
    add_mean_gradient<Scalar>(network, theta, weight.colwise().sum().transpose(), gradient);
}

}  // namespace

void Network::backward(const VectorView& theta, const MatrixView& x, const VectorView& weight, Workspace& work,
                       Eigen::Ref<Vector> gradient) const {
  pass_backward(*this, theta, x, weight, work, gradient, Put::alone);
}

void Network::backward(const SingleVectorView& theta, const SingleMatrixView& x, const SingleVectorView& weight,
                       SingleWorkspace& work, Eigen::Ref<Eigen::VectorXf> gradient) const {
  pass_backward(*this, theta, x, weight, work, gradient, Put::alone);
}

void Network::backward_features(const VectorView& theta, const MatrixView& x, const MatrixView& weight, Workspace& work,
                                Eigen::Ref<Vector> gradient) const {
  features_backward<double>(*this, theta, x, weight, work, gradient);
}

void Network::backward_features(const SingleVectorView& theta, const SingleMatrixView& x,
                                const SingleMatrixView& weight, SingleWorkspace& work,
                                Eigen::Ref<Eigen::VectorXf> gradient) const {
  features_backward<float>(*this, theta, x, weight, work, gradient);
}

}  // namespace fieldscan::network
