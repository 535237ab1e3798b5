#include "convolution_tile.hpp"

#include <algorithm>

namespace fieldscan::theory {

namespace {

constexpr Index tile_size = 8192;

std::span<double> part(std::vector<double>& numbers, Index first, Index count) {
  return {numbers.data() + first, static_cast<std::size_t>(count)};
}

/// out[t] += factor · in[source[t]] for every position t of a row, for all pairs of images; nothing from outside.
void add_row(double* out, const double* in, const std::vector<Index>& source, Index pairs, double factor) {
  const std::size_t positions = source.size();
  if (pairs == 1 && std::ranges::find(source, Convolution::outside) == source.end()) {
#pragma omp simd
    for (std::size_t t = 0; t < positions; ++t) out[t] += factor * in[source[t]];
    return;
  }
  for (std::size_t t = 0; t < positions; ++t, out += pairs) {
    if (source[t] == Convolution::outside) continue;
    const double* const from = in + source[t] * pairs;
    for (Index p = 0; p < pairs; ++p) out[p] += factor * from[p];
  }
}

/// Columns of the sums over filters of the columns of `in` [P × positions].
Matrix filtered(const Matrix& in, const Convolution& layer, double factor, double bias) {
  Matrix out = Matrix::Constant(in.rows(), layer.outputs, bias);
  for (Index s = 0; s < layer.outputs; ++s)
    for (Index beta = 0; beta < layer.size; ++beta)
      if (layer.at(s, beta) != Convolution::outside) out.col(s) += factor * in.col(layer.at(s, beta));
  return out;
}

/// Pairs (u, v) of positions below a layer, u · inputs + v, that two of its filters see at one position of theirs.
std::vector<Index> pairs_seen(const Convolution& layer) {
  std::vector<char> marks(static_cast<std::size_t>(layer.inputs * layer.inputs), 0);
  for (Index beta = 0; beta < layer.size; ++beta)
    for (Index s = 0; s < layer.outputs; ++s)
      for (Index t = 0; t < layer.outputs; ++t) {
        const Index u = layer.at(s, beta), v = layer.at(t, beta);
        if (u != Convolution::outside && v != Convolution::outside)
          marks[static_cast<std::size_t>(u * layer.inputs + v)] = 1;
      }
  std::vector<Index> seen;
  for (Index m = 0; m < std::ssize(marks); ++m)
    if (marks[static_cast<std::size_t>(m)] != 0) seen.push_back(m);
  return seen;
}

}  // namespace

ImageTable image_table(const ConvolutionalSpec& spec, const std::vector<Convolution>& layers, const MatrixView& x) {
  Matrix squares = Matrix::Zero(x.rows(), layers.front().inputs);
  for (Index u = 0; u < squares.cols(); ++u)
    for (Index c = 0; c < spec.channels; ++c) squares.col(u) += x.col(u * spec.channels + c).cwiseAbs2();
  squares /= spec.channels;
  ImageTable table;
  for (const Convolution& layer : layers) {
    const double factor = spec.weight_variance / static_cast<double>(layer.size);
    const Matrix& below = table.value.empty() ? squares : table.value.back();
    Matrix variance = filtered(below, layer, factor, spec.bias_variance);
    Matrix value(variance.rows(), variance.cols()), derivative(variance.rows(), variance.cols());
    for (Index k = 0; k < variance.size(); ++k) {
      const auto at = network::average_equal(spec.activation, variance.data()[k]);
      value.data()[k] = at.value;
      derivative.data()[k] = at.derivative;
    }
    Matrix tangent = variance;
    if (!table.tangent.empty())
      tangent += filtered(table.derivative.back().cwiseProduct(table.tangent.back()), layer, factor, 0);
    table.tangent.push_back(std::move(tangent));
    table.variance.push_back(std::move(variance));
    table.value.push_back(std::move(value));
    table.derivative.push_back(std::move(derivative));
  }
  return table;
}

void ConvolutionTile::run(const ImageSets& sets, std::span<const ImagePair> pairs, std::span<double> out) {
  const Index count = std::ssize(pairs);
  multiply_images(sets, pairs);
  for (int l = 0; l < spec_.depth; ++l) {
    const Convolution& layer = layers_[static_cast<std::size_t>(l)];
    const double factor = spec_.weight_variance / static_cast<double>(layer.size);
    convolve(nngp_, layer, count, factor);
    for (double& k : nngp_) k += spec_.bias_variance;
    if (tangent() && l == 0) tangent_ = nngp_;
    if (tangent() && l > 0) {
      convolve(tangent_, layer, count, factor);
      for (std::size_t k = 0; k < tangent_.size(); ++k) tangent_[k] += nngp_[k];
    }
    average(l, sets, pairs);
    if (sets.same) set_diagonal(l, sets, pairs);
  }
  read_out(layers_.back().outputs, out);
}

/// Σ_c x_uc x′_vc / C at all pairs of positions that the first layer looks at.
void ConvolutionTile::multiply_images(const ImageSets& sets, std::span<const ImagePair> pairs) {
  const Index count = std::ssize(pairs), channels = spec_.channels, inputs = layers_.front().inputs;
  left_.resize(static_cast<std::size_t>(inputs * channels * count));
  right_.resize(left_.size());
  for (Index k = 0; k < inputs * channels; ++k)
    for (Index p = 0; p < count; ++p) {
      const auto& pair = pairs[static_cast<std::size_t>(p)];
      left_[static_cast<std::size_t>(k * count + p)] = sets.x(pair.i, k);
      right_[static_cast<std::size_t>(k * count + p)] = sets.other(pair.j, k) / static_cast<double>(channels);
    }
  nngp_.assign(static_cast<std::size_t>(position_pairs(inputs) * count), 0.0);
  if (pooled() && seen_.empty()) seen_ = pairs_seen(layers_.front());
  for (Index k = 0; k < (pooled() ? std::ssize(seen_) : inputs); ++k) {
    const Index m = pooled() ? seen_[static_cast<std::size_t>(k)] : k;
    const Index u = pooled() ? m / inputs : m, v = pooled() ? m % inputs : m;
    double* const out = nngp_.data() + m * count;
    for (Index c = 0; c < channels; ++c) {
      const double* const left = left_.data() + (u * channels + c) * count;
      const double* const right = right_.data() + (v * channels + c) * count;
      for (Index p = 0; p < count; ++p) out[p] += left[p] * right[p];
    }
  }
}

/// numbers ← factor · sum over the filter, both positions moving together.
void ConvolutionTile::convolve(std::vector<double>& numbers, const Convolution& layer, Index pairs, double factor) {
  next_.assign(static_cast<std::size_t>(position_pairs(layer.outputs) * pairs), 0.0);
  std::vector<Index> source(static_cast<std::size_t>(layer.outputs));
  for (Index beta = 0; beta < layer.size; ++beta) {
    for (Index t = 0; t < layer.outputs; ++t) source[static_cast<std::size_t>(t)] = layer.at(t, beta);
    // Flattening is one row of positions (s, s), pooling a row (s, ·) for every s.
    for (Index s = 0; s < (pooled() ? layer.outputs : 1); ++s) {
      if (pooled() && layer.at(s, beta) == Convolution::outside) continue;
      const Index row = pooled() ? layer.at(s, beta) * layer.inputs : 0;
      add_row(next_.data() + s * layer.outputs * pairs, numbers.data() + row * pairs, source, pairs, factor);
    }
  }
  numbers.swap(next_);
}

void ConvolutionTile::average(int layer, const ImageSets& sets, std::span<const ImagePair> pairs) {
  const Index count = std::ssize(pairs), positions = layers_[static_cast<std::size_t>(layer)].outputs;
  const Matrix& first = sets.table.variance[static_cast<std::size_t>(layer)];
  const Matrix& second = sets.other_table.variance[static_cast<std::size_t>(layer)];
  const Index total = position_pairs(positions), rows = std::max<Index>(1, tile_size / count);
  for (auto* numbers : {&a_, &b_, &value_, &derivative_}) numbers->resize(static_cast<std::size_t>(rows * count));
  for (Index m = 0; m < total; m += rows) {
    const Index used = std::min(rows, total - m), size = used * count;
    Index s = pooled() ? m / positions : m, t = pooled() ? m % positions : m;
    for (Index k = 0; k < used; ++k) {
      for (Index p = 0; p < count; ++p) {
        const auto& pair = pairs[static_cast<std::size_t>(p)];
        a_[static_cast<std::size_t>(k * count + p)] = first(pair.i, s);
        b_[static_cast<std::size_t>(k * count + p)] = second(pair.j, t);
      }
      if (!pooled() || ++t == positions) {
        ++s;
        t = pooled() ? 0 : s;
      }
    }
    const auto a = part(a_, 0, size), b = part(b_, 0, size), kernel = part(nngp_, m * count, size);
    const auto value = part(value_, 0, size), derivative = part(derivative_, 0, size);
    if (tangent()) {
      network::averages(spec_.activation, a, b, kernel, value, derivative);
      double* const theta = tangent_.data() + m * count;
      for (Index k = 0; k < size; ++k) theta[k] *= derivative_[static_cast<std::size_t>(k)];
    } else {
      network::averages_value(spec_.activation, a, b, kernel, value, derivative);
    }
    std::copy_n(value.data(), size, kernel.data());
  }
}

/// Where a point meets itself at one position, the exact averages take the place of those of a pair.
void ConvolutionTile::set_diagonal(int layer, const ImageSets& sets, std::span<const ImagePair> pairs) {
  const auto l = static_cast<std::size_t>(layer);
  const Index count = std::ssize(pairs), positions = layers_[l].outputs;
  for (Index p = 0; p < count; ++p) {
    const auto& pair = pairs[static_cast<std::size_t>(p)];
    if (pair.i != pair.j) continue;
    for (Index s = 0; s < positions; ++s) {
      const auto at = static_cast<std::size_t>((pooled() ? s * positions + s : s) * count + p);
      nngp_[at] = sets.table.value[l](pair.i, s);
      if (tangent()) tangent_[at] = sets.table.derivative[l](pair.i, s) * sets.table.tangent[l](pair.i, s);
    }
  }
}

void ConvolutionTile::read_out(Index positions, std::span<double> out) const {
  const auto total = static_cast<std::size_t>(position_pairs(positions));
  const double factor = spec_.readout_variance / static_cast<double>(total);
  std::fill(out.begin(), out.end(), 0.0);
  for (std::size_t m = 0; m < total; ++m)
    for (std::size_t p = 0; p < out.size(); ++p) {
      const std::size_t at = m * out.size() + p;
      out[p] += factor * (tangent() ? nngp_[at] + tangent_[at] : nngp_[at]);
    }
}

}  // namespace fieldscan::theory
