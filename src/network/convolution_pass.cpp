#include "convolution_pass.hpp"

#include <algorithm>
#include <vector>

#include "fieldscan/core/scattered_product.hpp"

namespace fieldscan::network {
namespace patch {
namespace {

Index channels_below(const Network& network, int layer) {
  return layer == 0 ? network.spec().architecture.channels : width_of(network.spec(), layer - 1);
}

const Convolution& convolution_of(const Network& network, int layer) {
  return network.convolutions()[static_cast<std::size_t>(layer)];
}

/// Positions of a layer in the order in which δ flows: position r below is seen by those above, at the filter's
/// position β by `source[r·Q + β]`, which is one at most.
Convolution reversed(const Convolution& layer) {
  Convolution out{.inputs = layer.outputs, .outputs = layer.inputs, .size = layer.size, .source = {}};
  out.source.assign(static_cast<std::size_t>(out.outputs * out.size), Convolution::outside);
  for (Index s = 0; s < layer.outputs; ++s)
    for (Index beta = 0; beta < layer.size; ++beta)
      if (const Index r = layer.at(s, beta); r != Convolution::outside)
        out.source[static_cast<std::size_t>(r * out.size + beta)] = s;
  return out;
}

/// Whether the filter at position s sees what the one before it sees, one position on.
bool moves_on(const Convolution& layer, Index s) {
  for (Index beta = 0; beta < layer.size; ++beta) {
    const Index before = layer.at(s - 1, beta);
    if (layer.at(s, beta) != (before == Convolution::outside ? before : before + 1)) return false;
  }
  return true;
}

/// Calls run(first, count) for the runs of positions along which filters move on; where neighbouring positions below
/// do not lie behind one another each is one by itself.
template <class Scalar, class Run>
void for_each_run(const Convolution& layer, const Below<Scalar>& below, Index points, Run&& run) {
  const bool together = below.by_position == points;
  for (Index first = 0, end = 0; first < layer.outputs; first = end) {
    for (end = first + 1; together && end < layer.outputs && moves_on(layer, end);) ++end;
    run(first, end - first);
  }
}

/// Calls see(channel, β, numbers) for all that the filter at a position sees.
template <class Scalar, class See>
void for_each_seen(const Convolution& layer, Index position, const Below<Scalar>& below, Index channels, See&& see) {
  for (Index b = 0; b < channels; ++b)
    for (Index beta = 0; beta < layer.size; ++beta)
      if (const Index source = layer.at(position, beta); source != Convolution::outside)
        see(b, beta, below.data + b * below.by_channel + source * below.by_position);
}

}  // namespace
}  // namespace patch

Index convolution_points(const Network& network, std::size_t scalar_bytes) {
  constexpr Index layer_bytes = 262144, least_bytes = 128, most = 256;
  Index numbers = 1;
  for (int layer = 0; layer < network.depth(); ++layer)
    numbers = std::max(numbers, width_of(network.spec(), layer) * patch::convolution_of(network, layer).outputs);
  const auto bytes = static_cast<Index>(scalar_bytes);
  return std::clamp(layer_bytes / (numbers * bytes) / 16 * 16, least_bytes / bytes, most);
}

template <class Scalar>
Below<Scalar> below_of(const Network& network, const MatrixIn<Scalar>& x, const PassBuffers<Scalar>& work, int layer) {
  if (layer == 0) {
    const Index channels = network.spec().architecture.channels;
    return {x.data(), x.outerStride(), channels * x.outerStride()};
  }
  const Index points = x.rows(), positions = patch::convolution_of(network, layer).inputs;
  return {work.activation[static_cast<std::size_t>(layer) - 1].data(), positions * points, points};
}

template <class Scalar>
void convolve(const Network& network, const VectorIn<Scalar>& theta, int layer, const Below<Scalar>& below,
              Index points, MatrixOf<Scalar>& out, Put put) {
  const Tensor& weight = weight_of(network, layer);
  const Convolution& convolution = patch::convolution_of(network, layer);
  const Index channels = patch::channels_below(network, layer);
  const Scalar* const w = theta.data() + weight.offset;
  auto all = by_channel(out, points, weight.rows);
  std::vector<OuterSummand<Scalar>> summands;
  patch::for_each_run(convolution, below, points, [&](Index first, Index count) {
    summands.clear();
    patch::for_each_seen(convolution, first, below, channels, [&](Index b, Index beta, const Scalar* seen) {
      summands.push_back({seen, w + (b * convolution.size + beta) * weight.rows});
    });
    sum_outer<Scalar>(static_cast<Scalar>(weight.scale), summands, 1, all.middleRows(first * points, count * points),
                      put);
  });
}

template <class Scalar>
void convolution_gradient(const Network& network, int layer, const Below<Scalar>& below, Index points,
                          PassBuffers<Scalar>& work, VectorOut<Scalar> gradient, Put put) {
  const Tensor& weight = weight_of(network, layer);
  const Convolution& convolution = patch::convolution_of(network, layer);
  const Index channels = patch::channels_below(network, layer);
  const auto delta = by_channel(work.backward[static_cast<std::size_t>(layer)], points, weight.rows);
  if (put == Put::alone) gradient.segment(weight.offset, weight.size()).setZero();
  Scalar* const of_weight = gradient.data() + weight.offset;
  std::vector<InnerColumn<Scalar>> columns;
  patch::for_each_run(convolution, below, points, [&](Index first, Index count) {
    columns.clear();
    patch::for_each_seen(convolution, first, below, channels, [&](Index b, Index beta, const Scalar* seen) {
      columns.push_back({seen, of_weight + (b * convolution.size + beta) * weight.rows});
    });
    add_inner<Scalar>(static_cast<Scalar>(weight.scale), delta.middleRows(first * points, count * points), columns);
  });
}

template <class Scalar>
void convolve_back(const Network& network, const VectorIn<Scalar>& theta, int layer, Index points,
                   PassBuffers<Scalar>& work) {
  const auto l = static_cast<std::size_t>(layer);
  const Tensor& weight = weight_of(network, layer);
  const Convolution back = patch::reversed(patch::convolution_of(network, layer));
  const Index channels = patch::channels_below(network, layer), apart = back.size * weight.rows;
  const Scalar* const w = theta.data() + weight.offset;
  const Below<Scalar> delta{work.backward[l].data(), back.inputs * points, points};
  auto all = by_channel(work.backward[l - 1], points, channels);
  const auto derivative = by_channel(work.derivative[l - 1], points, channels);
  std::vector<OuterSummand<Scalar>> summands;
  patch::for_each_run(back, delta, points, [&](Index first, Index count) {
    summands.clear();
    patch::for_each_seen(back, first, delta, weight.rows, [&](Index i, Index beta, const Scalar* seen) {
      summands.push_back({seen, w + beta * weight.rows + i});
    });
    auto own = all.middleRows(first * points, count * points);
    sum_outer<Scalar>(static_cast<Scalar>(weight.scale), summands, apart, own, Put::alone);
    own.array() *= derivative.middleRows(first * points, count * points).array();  // while they lie in the cache
  });
}

template <class Scalar>
Network::Features<Scalar> read_features(const Network& network, const MatrixOf<Scalar>& layer, Index points,
                                        MatrixOf<Scalar>& means) {
  if (!is_pooled(network)) return {layer.data(), points, layer.cols(), Eigen::OuterStride<>(points)};
  const Index channels = last_width(network.spec()), positions = layer.cols() / channels;
  Eigen::Map<MatrixOf<Scalar>> out(means.data(), points, channels);
  for (Index i = 0; i < channels; ++i) {
    const Eigen::Map<const MatrixOf<Scalar>> own(layer.data() + i * positions * points, points, positions);
    out.col(i) = own.col(0);
    for (Index s = 1; s < positions; ++s) out.col(i) += own.col(s);
  }
  out /= static_cast<Scalar>(positions);
  return {means.data(), points, channels, Eigen::OuterStride<>(points)};
}

template <class Scalar>
void unpool(const MatrixIn<Scalar>& of_means, PassBuffers<Scalar>& work) {
  const Index points = of_means.rows(), channels = of_means.cols(), positions = work.backward.back().cols() / channels;
  Eigen::Map<MatrixOf<Scalar>> delta(work.backward.back().data(), points, positions * channels);
  const Eigen::Map<const MatrixOf<Scalar>> derivative(work.derivative.back().data(), points, positions * channels);
  const Scalar share = Scalar{1} / static_cast<Scalar>(positions);
  for (Index i = 0; i < channels; ++i)
    for (Index s = i * positions; s < (i + 1) * positions; ++s)
      delta.col(s).array() = share * of_means.col(i).array() * derivative.col(s).array();
}

template Below<double> below_of(const Network&, const MatrixIn<double>&, const PassBuffers<double>&, int);
template void convolve(const Network&, const VectorIn<double>&, int, const Below<double>&, Index, MatrixOf<double>&,
                       Put);
template void convolution_gradient(const Network&, int, const Below<double>&, Index, PassBuffers<double>&,
                                   VectorOut<double>, Put);
template void convolve_back(const Network&, const VectorIn<double>&, int, Index, PassBuffers<double>&);
template Network::Features<double> read_features(const Network&, const MatrixOf<double>&, Index, MatrixOf<double>&);
template void unpool(const MatrixIn<double>&, PassBuffers<double>&);

template Below<float> below_of(const Network&, const MatrixIn<float>&, const PassBuffers<float>&, int);
template void convolve(const Network&, const VectorIn<float>&, int, const Below<float>&, Index, MatrixOf<float>&, Put);
template void convolution_gradient(const Network&, int, const Below<float>&, Index, PassBuffers<float>&,
                                   VectorOut<float>, Put);
template void convolve_back(const Network&, const VectorIn<float>&, int, Index, PassBuffers<float>&);
template Network::Features<float> read_features(const Network&, const MatrixOf<float>&, Index, MatrixOf<float>&);
template void unpool(const MatrixIn<float>&, PassBuffers<float>&);

}  // namespace fieldscan::network
