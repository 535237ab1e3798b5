#include "fieldscan/network/convolution_grid.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace fieldscan::network {
namespace grid {
namespace {

/// The layer's stride: the first one's alone is not 1.
Index stride_of(const Architecture& architecture, int layer) { return layer == 0 ? architecture.stride : 1; }

Index extent_after(Index before, Index filter, Index stride, Padding padding) {
  if (padding != Padding::valid) return (before + stride - 1) / stride;
  return before < filter ? 0 : (before - filter) / stride + 1;
}

/// Where in a line of so many positions a filter's position lies.
Index place(Index position, Index extent, Padding padding) {
  if (padding == Padding::circular) return position % extent;
  return position >= 0 && position < extent ? position : Convolution::outside;
}

Convolution convolution(const Architecture& architecture, const Grid& before, int layer) {
  const Grid after = grid_after(architecture, before, layer);
  const Index stride = stride_of(architecture, layer);
  const Index columns = architecture.filter, rows = architecture.rows == 1 ? 1 : columns;
  const bool centred = architecture.padding == Padding::zero;
  const Index up = centred ? (rows - 1) / 2 : 0, left = centred ? (columns - 1) / 2 : 0;
  Convolution out{.inputs = before.positions(), .outputs = after.positions(), .size = rows * columns, .source = {}};
  for (Index i = 0; i < after.height; ++i)
    for (Index j = 0; j < after.width; ++j)
      for (Index a = 0; a < rows; ++a)
        for (Index b = 0; b < columns; ++b) {
          const Index row = place(i * stride + a - up, before.height, architecture.padding);
          const Index column = place(j * stride + b - left, before.width, architecture.padding);
          const bool inside = row != Convolution::outside && column != Convolution::outside;
          out.source.push_back(inside ? row * before.width + column : Convolution::outside);
        }
  return out;
}

}  // namespace
}  // namespace grid

Grid grid_after(const Architecture& architecture, const Grid& before, int layer) {
  const auto along = [&](Index extent) {
    return grid::extent_after(extent, architecture.filter, grid::stride_of(architecture, layer), architecture.padding);
  };
  return {architecture.rows == 1 ? 1 : along(before.height), along(before.width)};
}

std::vector<Convolution> convolutions(const Architecture& architecture, int depth) {
  std::vector<Convolution> all;
  Grid grid{architecture.rows, architecture.columns};
  for (int l = 0; l < depth; ++l) {
    all.push_back(grid::convolution(architecture, grid, l));
    grid = grid_after(architecture, grid, l);
  }
  return all;
}

std::optional<std::string> Architecture::problem() const {
  constexpr int largest_filter = 10000;
  constexpr double most_numbers = 1e9;
  if (layers == Layers::fully_connected && *this != Architecture{})
    return "images, filters, padding and readout are of `layers: convolution` alone";
  if (filter > largest_filter) return "a filter of more than 10000 positions along one side";
  if (1.0 * std::max(rows, 1) * std::max(columns, 1) * channels > most_numbers)
    return "an image of more than 1e9 numbers";
  return std::nullopt;
}

Architecture resolved(Architecture architecture, int dimension) {
  const int positions = dimension / architecture.channels;
  if (architecture.rows == 0) {
    const int side = static_cast<int>(std::lround(std::sqrt(positions)));
    architecture.rows = architecture.columns == 0 ? side : architecture.columns;
  }
  if (architecture.columns == 0) architecture.columns = positions / std::max(architecture.rows, 1);
  return architecture;
}

std::optional<std::string> shape_problem(const Architecture& architecture, int depth, int dimension) {
  constexpr double most_seen = 1e8;  // of a table with an entry for each
  const Architecture full = resolved(architecture, dimension);
  if (full.columns == 0 || 1.0 * full.rows * full.columns * full.channels != dimension)
    return fmt::format("inputs of dimension {} are no images of this shape", dimension);
  Grid grid{full.rows, full.columns};
  for (int l = 0; l < depth; ++l) {
    const Index smallest = full.rows == 1 ? grid.width : std::min(grid.height, grid.width);
    if (smallest < full.filter)
      return fmt::format("the filter does not fit into layer {}, which has {} positions", l + 1, smallest);
    grid = grid_after(full, grid, l);
    const double filter = full.rows == 1 ? full.filter : 1.0 * full.filter * full.filter;
    if (!(static_cast<double>(grid.positions()) * filter <= most_seen))
      return fmt::format("the filters of layer {} see {:.2g} positions", l + 1,
                         static_cast<double>(grid.positions()) * filter);
  }
  return std::nullopt;
}

}  // namespace fieldscan::network
