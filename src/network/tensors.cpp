#include <algorithm>
#include <cassert>
#include <cmath>

#include <fmt/format.h>

#include "start.hpp"

namespace fieldscan::network {
namespace {

/// Biases draw from sub-streams of their own, far above those of the weights, whose number is the layer.
constexpr std::uint32_t bias_streams = 1u << 16;

/// Rates relative to the ntk parameterisation: the table beside `Tensor`.
void set_rates(Tensor& tensor, const Spec& spec) {
  const bool depends_on_width = tensor.role == Role::readout || (tensor.role == Role::weight && tensor.layer > 0);
  // Filters and positions do not depend on width, and are left out.
  const double fan_in = depends_on_width ? width_of(spec, tensor.layer - 1) / spec.base_width : 1;
  if (spec.parameterisation == Parameterisation::standard && depends_on_width) {
    tensor.rate_factor = fan_in;
    tensor.adam_factor = std::sqrt(fan_in);
  }
  if (spec.parameterisation == Parameterisation::mup) {
    tensor.rate_factor = last_width(spec) / spec.base_width;
    if (depends_on_width && tensor.role == Role::weight) tensor.adam_factor = 1 / std::sqrt(fan_in);
  }
  const bool readout = tensor.role == Role::readout;
  const bool frozen = spec.train == (readout ? Trained::hidden : Trained::readout);
  if (frozen) tensor.rate_factor = tensor.adam_factor = 0;
}

}  // namespace

Network::Network(const Spec& spec, int input_dimension, int outputs)
    : spec_(spec), dimension_(input_dimension), outputs_(outputs) {
  assert(!spec.problem() && "one width and variance per layer");
  assert(input_dimension >= 1 && outputs >= 1 && "an input has a dimension, and there is an output");
  const auto append = [&](std::string name, Role role, int layer, Index rows, Index cols, double scale) {
    Tensor tensor{.name = std::move(name), .role = role, .layer = layer, .offset = count_, .rows = rows, .cols = cols};
    tensor.scale = scale;
    set_rates(tensor, spec_);
    count_ += tensor.size();
    tensors_.push_back(std::move(tensor));
  };
  if (network::is_convolutional(spec.architecture)) {
    assert(!shape_problem(spec.architecture, spec.depth, input_dimension) && "inputs are images of this shape");
    spec_.architecture = resolved(spec.architecture, input_dimension);
    convolutions_ = network::convolutions(spec_.architecture, spec.depth);
  }
  for (int layer = 0; layer < spec.depth; ++layer) {
    const auto l = static_cast<std::size_t>(layer);
    int fan_in = layer == 0 ? input_dimension : width_of(spec, layer - 1);
    if (is_convolutional())
      fan_in = (layer == 0 ? spec.architecture.channels : fan_in) * static_cast<int>(convolutions_[l].size);
    const int units = width_of(spec, layer);
    append(fmt::format("W{}", layer + 1), Role::weight, layer, units, fan_in,
           std::sqrt(spec.weight_variance.at(l) / fan_in));
    if (const double variance = spec.bias_variance.at(l); variance > 0)
      append(fmt::format("b{}", layer + 1), Role::bias, layer, units, 1, std::sqrt(variance));
  }
  int last = last_width(spec);
  if (is_convolutional() && spec.architecture.head == ImageReadout::flatten)
    last *= static_cast<int>(convolutions_.back().outputs);
  append("a", Role::readout, spec.depth, outputs, last, std::sqrt(spec.readout_variance / (last * spec.chi)));
}

Network Network::with_rates(std::span<const double> factors) const {
  assert(factors.size() == tensors_.size() && "one factor per tensor");
  Network network = *this;
  for (std::size_t k = 0; k < factors.size(); ++k) {
    network.tensors_[k].rate_factor *= factors[k];
    network.tensors_[k].adam_factor *= factors[k];
  }
  return network;
}

Vector Network::initial(const Stream& stream, const Vector& along) const {
  constexpr Index block = 16;  // rows drawn before they are written, so that whole cache lines are
  Vector theta(count_);
  Matrix drawn;
  for (const Tensor& tensor : tensors_) {
    const auto layer = static_cast<std::uint32_t>(tensor.layer) + (tensor.role == Role::bias ? bias_streams : 0);
    drawn.resize(tensor.cols, block);
    Eigen::Map<Matrix> matrix(theta.data() + tensor.offset, tensor.rows, tensor.cols);
    for (Index first = 0; first < tensor.rows; first += block) {
      const Index rows = std::min(block, tensor.rows - first);
      for (Index i = 0; i < rows; ++i)
        stream.at(layer, static_cast<std::uint32_t>(first + i))
            .normals({drawn.col(i).data(), static_cast<std::size_t>(tensor.cols)});
      matrix.middleRows(first, rows) = tensor.init_std * drawn.leftCols(rows).transpose();
    }
  }
  if (spec_.initial != Initial{}) set_start(*this, along, theta);
  return theta;
}

namespace {

template <class Scalar>
PassBuffers<Scalar> buffers(const Network& network, Index points) {
  const Spec& spec = network.spec();
  PassBuffers<Scalar> work;
  for (int layer = 0; layer < spec.depth; ++layer) {
    Index numbers = width_of(spec, layer);
    if (network.is_convolutional()) numbers *= network.convolutions()[static_cast<std::size_t>(layer)].outputs;
    for (auto* layers : {&work.preactivation, &work.activation, &work.derivative, &work.backward})
      layers->emplace_back(points, numbers);
  }
  if (!network.is_convolutional()) return work;
  for (int k = 0; k < 2; ++k) work.pooled.emplace_back(points, last_width(spec));
  return work;
}

template <class Scalar>
Network::Features<Scalar> features_of(const Network& network, const PassBuffers<Scalar>& work, Index points) {
  const auto& last = work.activation.back();
  if (!network.is_convolutional()) return {last.data(), points, last.cols(), Eigen::OuterStride<>(last.rows())};
  const bool pooled = network.spec().architecture.head == ImageReadout::pooling;
  return {(pooled ? work.pooled[0] : last).data(), points, network.feature_count(), Eigen::OuterStride<>(points)};
}

}  // namespace

Network::Workspace Network::workspace(Index points) const { return buffers<double>(*this, points); }

Network::SingleWorkspace Network::single_workspace(Index points) const { return buffers<float>(*this, points); }

Network::Features<double> Network::features(const Workspace& work, Index points) const {
  return features_of(*this, work, points);
}

Network::Features<float> Network::features(const SingleWorkspace& work, Index points) const {
  return features_of(*this, work, points);
}

}  // namespace fieldscan::network
