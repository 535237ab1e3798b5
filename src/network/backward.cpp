#include "backward.hpp"

#include <cassert>

#include "layout.hpp"

namespace fieldscan::network {

void start_from_outputs(const Network& network, const VectorView& theta, const VectorView& weight,
                        Network::Workspace& work) {
  const Index points = weight.size();
  const Tensor& readout = readout_of(network);
  const auto a = column_of(theta, readout);
  auto delta = work.backward.back().topRows(points);
  const auto derivative = work.derivative.back().topRows(points);
  for (Index i = 0; i < delta.cols(); ++i)
    delta.col(i).array() = readout.scale * a[i] * weight.array() * derivative.col(i).array();
}

void descend(const Network& network, const VectorView& theta, int layer, Index points, Network::Workspace& work) {
  assert(layer >= 1 && "there is a hidden layer below");
  const Tensor& weight = weight_of(network, layer);
  auto below = work.backward[layer - 1].topRows(points);
  below.noalias() = (weight.scale * work.backward[layer].topRows(points)) * matrix_of(theta, weight);
  below.array() *= work.derivative[layer - 1].topRows(points).array();
}

void hidden_gradients(const Network& network, const VectorView& theta, const MatrixView& x, Network::Workspace& work,
                      Eigen::Ref<Vector> gradient) {
  for (int layer = network.depth() - 1; layer >= 0; --layer) {
    const auto delta = work.backward[layer].topRows(x.rows());
    const Tensor& weight = weight_of(network, layer);
    Eigen::Map<Matrix> of_weight(gradient.data() + weight.offset, weight.rows, weight.cols);
    of_weight.noalias() = (weight.scale * delta.transpose()) * input_of(x, work, layer);
    if (const Tensor* bias = bias_of(network, layer))
      for (Index i = 0; i < bias->rows; ++i) gradient[bias->offset + i] = bias->scale * delta.col(i).sum();
    if (layer > 0) descend(network, theta, layer, x.rows(), work);
  }
}

void Network::backward(const VectorView& theta, const MatrixView& x, const VectorView& weight, Workspace& work,
                       Eigen::Ref<Vector> gradient) const {
  assert(weight.size() == x.rows() && gradient.size() == count_ && "one weight per point");
  const Tensor& readout = readout_of(*this);
  gradient.segment(readout.offset, readout.size()).noalias() =
      readout.scale * (work.activation.back().topRows(x.rows()).transpose() * weight);
  start_from_outputs(*this, theta, weight, work);
  hidden_gradients(*this, theta, x, work, gradient);
}

void Network::backward_features(const VectorView& theta, const MatrixView& x, const MatrixView& weight, Workspace& work,
                                Eigen::Ref<Vector> gradient) const {
  assert(weight.rows() == x.rows() && weight.cols() == last_width(spec_) && gradient.size() == count_ &&
         "one weight per point and feature");
  const Tensor& readout = readout_of(*this);
  gradient.segment(readout.offset, readout.size()).setZero();
  work.backward.back().topRows(x.rows()).array() = weight.array() * work.derivative.back().topRows(x.rows()).array();
  hidden_gradients(*this, theta, x, work, gradient);
}

}  // namespace fieldscan::network
