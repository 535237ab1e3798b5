#include "convolution_pass.hpp"

#include <algorithm>
#include <array>

namespace fieldscan::network {
namespace patch {
namespace {

constexpr Index block_bytes = 131072;  ///< of the patches of a block, an eighth of a common second-level cache
constexpr Index least_points = 16, most_points = 256;

bool is_pooled(const Network& network) { return network.spec().architecture.head == ImageReadout::pooling; }

Index channels_below(const Network& network, int layer) {
  return layer == 0 ? network.spec().architecture.channels : width_of(network.spec(), layer - 1);
}

const Convolution& convolution_of(const Network& network, int layer) {
  return network.convolutions()[static_cast<std::size_t>(layer)];
}

Index positions_together(const Network& network, int layer, Index points, std::size_t scalar_bytes) {
  const Index columns = weight_of(network, layer).cols;
  const Index fitting = block_bytes / (columns * points * static_cast<Index>(scalar_bytes));
  return std::clamp(fitting, Index{1}, convolution_of(network, layer).outputs);
}

/// Positions [first, first + count) of a layer.
struct Block {
  Index first, count;
};

/// Calls part(block) for the blocks of positions of a layer.
template <class Scalar, class Part>
void for_each_block(const Network& network, int layer, Index points, Part&& part) {
  const Index positions = convolution_of(network, layer).outputs;
  const Index together = positions_together(network, layer, points, sizeof(Scalar));
  for (Index first = 0; first < positions; first += together) part(Block{first, std::min(together, positions - first)});
}

/// Calls run(output, source, length) for the runs of positions of a block whose filters' position β sees neighbours.
template <class Run>
void for_each_run(const Convolution& layer, const Block& block, Index beta, Run&& run) {
  const Index end = block.first + block.count;
  for (Index s = block.first; s < end;) {
    const Index source = layer.at(s, beta);
    Index length = 1;
    const auto continues = [&](Index next) {
      return source == Convolution::outside ? next == Convolution::outside : next == source + length;
    };
    while (s + length < end && continues(layer.at(s + length, beta))) ++length;
    run(s - block.first, source, length);
    s += length;
  }
}

/// Copies so many numbers; the loop beats a call for short runs.
template <class Scalar>
void copy(const Scalar* from, Index count, Scalar* to) {
#pragma omp simd
  for (Index k = 0; k < count; ++k) to[k] = from[k];
}

template <class Scalar>
Eigen::Map<MatrixOf<Scalar>> patches_of(PassBuffers<Scalar>& work, Index rows, Index columns) {
  return {work.patches[0].data(), rows, columns};
}

/// The patches of a block [P · positions × channels · Q].
template <class Scalar>
Eigen::Map<MatrixOf<Scalar>> gather(const Convolution& layer, const Block& block, const Below<Scalar>& below,
                                    Index channels, Index points, PassBuffers<Scalar>& work) {
  auto patches = patches_of(work, points * block.count, channels * layer.size);
  const bool together = below.by_position == points;  // neighbouring positions lie behind one another
  for (Index beta = 0; beta < layer.size; ++beta)
    for_each_run(layer, block, beta, [&](Index at, Index source, Index length) {
      for (Index b = 0; b < channels; ++b) {
        Scalar* const to = patches.col(b * layer.size + beta).data() + at * points;
        const Scalar* const from = below.data + b * below.by_channel + source * below.by_position;
        if (source == Convolution::outside)
          std::fill_n(to, length * points, Scalar{0});
        else if (together)
          copy(from, length * points, to);
        else
          for (Index k = 0; k < length; ++k) copy(from + k * below.by_position, points, to + k * points);
      }
    });
  return patches;
}

/// Adds the patches of a block to the positions that they came from.
template <class Scalar>
void scatter(const Convolution& layer, const Block& block, const Eigen::Map<MatrixOf<Scalar>>& patches, Index channels,
             Index points, Scalar* below) {
  for (Index beta = 0; beta < layer.size; ++beta)
    for_each_run(layer, block, beta, [&](Index at, Index source, Index length) {
      if (source == Convolution::outside) return;
      for (Index b = 0; b < channels; ++b) {
        const Scalar* const from = patches.col(b * layer.size + beta).data() + at * points;
        Scalar* const to = below + (b * layer.inputs + source) * points;
        const Index count = length * points;
#pragma omp simd
        for (Index k = 0; k < count; ++k) to[k] += from[k];
      }
    });
}

}  // namespace
}  // namespace patch

Index patch_numbers(const Network& network, Index points, std::size_t scalar_bytes) {
  Index most = 0;
  for (int layer = 0; layer < network.depth(); ++layer) {
    const Index columns = weight_of(network, layer).cols, positions = patch::convolution_of(network, layer).outputs;
    const Index fitting = patch::block_bytes / static_cast<Index>(scalar_bytes);
    most = std::max(most, std::min(std::max(fitting, columns * points), columns * points * positions));
  }
  return most;
}

Index convolution_points(const Network& network, std::size_t scalar_bytes) {
  Index columns = 1;
  for (int layer = 0; layer < network.depth(); ++layer) columns = std::max(columns, weight_of(network, layer).cols);
  const Index fitting = patch::block_bytes / (columns * static_cast<Index>(scalar_bytes));
  return std::clamp(fitting / 16 * 16, patch::least_points, patch::most_points);
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
              Index points, PassBuffers<Scalar>& work, MatrixOf<Scalar>& out, Put put) {
  const Tensor& weight = weight_of(network, layer);
  const Convolution& convolution = patch::convolution_of(network, layer);
  const Index channels = patch::channels_below(network, layer);
  auto all = by_channel(out, points, weight.rows);
  patch::for_each_block<Scalar>(network, layer, points, [&](const patch::Block& block) {
    const auto patches = patch::gather(convolution, block, below, channels, points, work);
    multiply_transposed<Scalar>(static_cast<Scalar>(weight.scale), patches, matrix_of(theta, weight),
                                all.middleRows(block.first * points, block.count * points), put);
  });
}

template <class Scalar>
void convolution_gradient(const Network& network, int layer, const Below<Scalar>& below, Index points,
                          PassBuffers<Scalar>& work, VectorOut<Scalar> gradient, Put put) {
  const Tensor& weight = weight_of(network, layer);
  const Convolution& convolution = patch::convolution_of(network, layer);
  const Index channels = patch::channels_below(network, layer);
  const auto delta = by_channel(work.backward[static_cast<std::size_t>(layer)], points, weight.rows);
  Eigen::Map<MatrixOf<Scalar>> of_weight(gradient.data() + weight.offset, weight.rows, weight.cols);
  patch::for_each_block<Scalar>(network, layer, points, [&](const patch::Block& block) {
    const auto patches = patch::gather(convolution, block, below, channels, points, work);
    transposed_multiply<Scalar>(static_cast<Scalar>(weight.scale),
                                delta.middleRows(block.first * points, block.count * points), patches, of_weight,
                                block.first == 0 ? put : Put::added);
  });
}

template <class Scalar>
void convolve_back(const Network& network, const VectorIn<Scalar>& theta, int layer, Index points,
                   PassBuffers<Scalar>& work) {
  const auto l = static_cast<std::size_t>(layer);
  const Tensor& weight = weight_of(network, layer);
  const Convolution& convolution = patch::convolution_of(network, layer);
  const Index channels = patch::channels_below(network, layer);
  const auto delta = by_channel(work.backward[l], points, weight.rows);
  Scalar* const below = work.backward[l - 1].data();
  std::fill_n(below, points * convolution.inputs * channels, Scalar{0});
  patch::for_each_block<Scalar>(network, layer, points, [&](const patch::Block& block) {
    auto patches = patch::patches_of(work, points * block.count, weight.cols);
    multiply<Scalar>(static_cast<Scalar>(weight.scale), delta.middleRows(block.first * points, block.count * points),
                     matrix_of(theta, weight), patches, Put::alone);
    patch::scatter(convolution, block, patches, channels, points, below);
  });
}

template <class Scalar>
Network::Features<Scalar> read_features(const Network& network, const MatrixOf<Scalar>& layer, Index points,
                                        MatrixOf<Scalar>& means) {
  if (!patch::is_pooled(network)) return {layer.data(), points, layer.cols(), Eigen::OuterStride<>(points)};
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
void unpool(const Network& network, const MatrixIn<Scalar>& of_features, PassBuffers<Scalar>& work) {
  const Index points = of_features.rows(), channels = last_width(network.spec());
  const Index positions = work.backward.back().cols() / channels;
  Eigen::Map<MatrixOf<Scalar>> delta(work.backward.back().data(), points, positions * channels);
  if (!patch::is_pooled(network)) {
    delta = of_features;
    return;
  }
  const Scalar share = Scalar{1} / static_cast<Scalar>(positions);
  for (Index i = 0; i < channels; ++i)
    for (Index s = 0; s < positions; ++s) delta.col(i * positions + s) = share * of_features.col(i);
}

template Below<double> below_of(const Network&, const MatrixIn<double>&, const PassBuffers<double>&, int);
template void convolve(const Network&, const VectorIn<double>&, int, const Below<double>&, Index, PassBuffers<double>&,
                       MatrixOf<double>&, Put);
template void convolution_gradient(const Network&, int, const Below<double>&, Index, PassBuffers<double>&,
                                   VectorOut<double>, Put);
template void convolve_back(const Network&, const VectorIn<double>&, int, Index, PassBuffers<double>&);
template Network::Features<double> read_features(const Network&, const MatrixOf<double>&, Index, MatrixOf<double>&);
template void unpool(const Network&, const MatrixIn<double>&, PassBuffers<double>&);

template Below<float> below_of(const Network&, const MatrixIn<float>&, const PassBuffers<float>&, int);
template void convolve(const Network&, const VectorIn<float>&, int, const Below<float>&, Index, PassBuffers<float>&,
                       MatrixOf<float>&, Put);
template void convolution_gradient(const Network&, int, const Below<float>&, Index, PassBuffers<float>&,
                                   VectorOut<float>, Put);
template void convolve_back(const Network&, const VectorIn<float>&, int, Index, PassBuffers<float>&);
template Network::Features<float> read_features(const Network&, const MatrixOf<float>&, Index, MatrixOf<float>&);
template void unpool(const Network&, const MatrixIn<float>&, PassBuffers<float>&);

}  // namespace fieldscan::network
