#include "fieldscan/theory/kernel/convolutional_kernels.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "convolution_tile.hpp"
#include "fieldscan/core/equal_rows.hpp"
#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/core/memory.hpp"

namespace fieldscan::theory {

namespace {

constexpr double tile_numbers = 262144;  ///< of one array of a tile, where a single pair does not need more
constexpr Index largest_tile = 64;       ///< images on a side

double largest_layer(const ConvolutionalSpec& spec) {
  const double positions = static_cast<double>(spec.height) * spec.width;
  return spec.readout == ImageReadout::pooling ? positions * positions : positions;
}

Index tile_side(const ConvolutionalSpec& spec) {
  return std::clamp(static_cast<Index>(std::sqrt(tile_numbers / largest_layer(spec))), Index{1}, largest_tile);
}

std::vector<Convolution> layers_of(const ConvolutionalSpec& spec) {
  return network::convolutions(architecture_of(spec), spec.depth);
}

Matrix pairs_matrix(const ConvolutionalSpec& spec, Index rows, Index columns) {
  const auto p = static_cast<double>(rows), q = static_cast<double>(columns);
  require_memory(kernel_bytes(p, q) + convolutional_bytes(spec, p + q),
                 fmt::format("a convolutional kernel of {} × {} images", rows, columns));
  return Matrix(rows, columns);
}

/// Tile by tile: all rows, or those from the diagonal on.
void fill(const ConvolutionalSpec& spec, const std::vector<Convolution>& layers, KernelKind kind, const ImageSets& sets,
          Matrix& out) {
  const Index side = tile_side(spec);
  ConvolutionTile tile(spec, layers, kind);
  std::vector<ImagePair> pairs;
  std::vector<double> values;
  for (Index j = 0; j < out.cols(); j += side)
    for (Index i = sets.same ? j : 0; i < out.rows(); i += side) {
      pairs.clear();
      for (Index b = j; b < std::min(j + side, out.cols()); ++b)
        for (Index a = sets.same ? std::max(i, b) : i; a < std::min(i + side, out.rows()); ++a) pairs.push_back({a, b});
      values.resize(pairs.size());
      tile.run(sets, pairs, values);
      for (std::size_t p = 0; p < pairs.size(); ++p) out(pairs[p].i, pairs[p].j) = values[p];
    }
}

}  // namespace

Matrix convolutional_kernel(const ConvolutionalSpec& spec, KernelKind kind, const MatrixView& x) {
  Matrix out = pairs_matrix(spec, x.rows(), x.rows());
  const auto layers = layers_of(spec);
  const ImageTable table = image_table(spec, layers, x);
  fill(spec, layers, kind, {.x = x, .other = x, .table = table, .other_table = table, .same = true}, out);
  mirror_lower(out);
  const EqualRows equal = equal_rows(x);
  repeat_columns(out, equal);
  repeat_rows(out, equal);
  return out;
}

Matrix convolutional_kernel(const ConvolutionalSpec& spec, KernelKind kind, const MatrixView& x,
                            const MatrixView& other) {
  Matrix out = pairs_matrix(spec, x.rows(), other.rows());
  const auto layers = layers_of(spec);
  const ImageTable table = image_table(spec, layers, x), other_table = image_table(spec, layers, other);
  fill(spec, layers, kind, {.x = x, .other = other, .table = table, .other_table = other_table}, out);
  // An image of one set that is also in the other.
  for (const auto [i, j] : close_rows(x, other, 0, 0)) out(i, j) = convolutional_diagonal(spec, kind, x.row(i))[0];
  repeat_columns(out, equal_rows(other));
  repeat_rows(out, equal_rows(x));
  return out;
}

Vector convolutional_diagonal(const ConvolutionalSpec& spec, KernelKind kind, const MatrixView& x) {
  const auto layers = layers_of(spec);
  const ImageTable table = image_table(spec, layers, x);
  ConvolutionTile tile(spec, layers, kind);
  const Index side = tile_side(spec) * tile_side(spec);
  Vector out(x.rows());
  std::vector<ImagePair> pairs;
  for (Index first = 0; first < x.rows(); first += side) {
    pairs.clear();
    for (Index i = first; i < std::min(first + side, x.rows()); ++i) pairs.push_back({i, i});
    tile.run({.x = x, .other = x, .table = table, .other_table = table, .same = true}, pairs,
             {out.data() + first, pairs.size()});
  }
  return out;
}

double averages_per_pair(const ConvolutionalSpec& spec) {
  double sum = 0;
  network::Grid grid{spec.height, spec.width};
  for (int l = 0; l < spec.depth; ++l) {
    grid = grid_after(architecture_of(spec), grid, l);
    const auto positions = static_cast<double>(grid.positions());
    sum += spec.readout == ImageReadout::pooling ? positions * positions : positions;
  }
  return sum;
}

/// From seconds measured on images of 4 × 4 to 28 × 28 positions, strides of 1 to 4, within a factor of 1.6. What
/// counts beside averages is memory: of large pooled images one pair fills the cache, and the pairs of positions of the
/// image itself, which a stride leaves out of all layers, are as many as they are.
double seconds_per_image_pair(const ConvolutionalSpec& spec, KernelKind kind) {
  const auto together = static_cast<double>(tile_side(spec) * tile_side(spec));
  const bool alone = together == 1;
  const double per_term = alone ? 1.2e-9 : together < 16 ? 0.5e-9 : 0.3e-9;
  const double per_input = alone ? 1e-9 : 0.2e-9, per_product = alone ? 1.2e-9 : 0.3e-9;
  const double alone_average =
      network::seconds_per_average(spec.activation, spec.weight_variance, network::Norms::different);
  const double average = std::max(alone_average - 3e-9, alone_average / 2);  // in long blocks
  const double filter = spec.height == 1 ? spec.filter : 1.0 * spec.filter * spec.filter;
  ConvolutionalSpec first = spec;
  first.depth = 1;
  const double inputs = largest_layer(spec), seen = std::min(inputs, averages_per_pair(first) * filter);
  const double seconds =
      averages_per_pair(spec) * (average + per_term * filter) + inputs * per_input + seen * spec.channels * per_product;
  return kind == KernelKind::nngp ? seconds : 2.3 * seconds;
}

double convolutional_bytes(const ConvolutionalSpec& spec, double points) {
  const double positions = static_cast<double>(spec.height) * spec.width, side = static_cast<double>(tile_side(spec));
  const double images = 2 * positions * spec.channels * side * side;
  return sizeof(double) * (4 * spec.depth * positions * points + 3 * largest_layer(spec) * side * side + images);
}

}  // namespace fieldscan::theory
