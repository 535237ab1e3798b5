#include "convolution_grid.hpp"

#include <algorithm>

namespace fieldscan::theory {

namespace {

Index extent_after(Index before, Index filter, Index stride, Padding padding) {
  if (padding == Padding::circular) return (before + stride - 1) / stride;
  return before < filter ? 0 : (before - filter) / stride + 1;
}

}  // namespace

Grid grid_after(const ConvolutionalSpec& spec, const Grid& before, int layer) {
  const Index stride = layer == 0 ? spec.stride : 1;
  const auto along = [&](Index extent) { return extent_after(extent, spec.filter, stride, spec.padding); };
  return {spec.height == 1 ? 1 : along(before.height), along(before.width)};
}

Convolution convolution(const ConvolutionalSpec& spec, const Grid& before, int layer) {
  const Grid after = grid_after(spec, before, layer);
  const Index stride = layer == 0 ? spec.stride : 1;
  const Index rows = spec.height == 1 ? 1 : spec.filter;
  Convolution out{.inputs = before.positions(), .outputs = after.positions(), .size = rows * spec.filter, .source = {}};
  for (Index i = 0; i < after.height; ++i)
    for (Index j = 0; j < after.width; ++j)
      for (Index a = 0; a < rows; ++a)
        for (Index b = 0; b < spec.filter; ++b)
          out.source.push_back((i * stride + a) % before.height * before.width + (j * stride + b) % before.width);
  return out;
}

std::vector<Convolution> convolutions(const ConvolutionalSpec& spec) {
  std::vector<Convolution> all;
  Grid grid{spec.height, spec.width};
  for (int l = 0; l < spec.depth; ++l) {
    all.push_back(convolution(spec, grid, l));
    grid = grid_after(spec, grid, l);
  }
  return all;
}

std::optional<std::string> ConvolutionalSpec::problem() const {
  constexpr int most_layers = 10000, largest_filter = 10000;
  constexpr double most_numbers = 1e9;
  if (depth > most_layers) return "more than 10000 convolutional layers";
  if (filter > largest_filter) return "a filter of more than 10000 positions along one side";
  if (1.0 * height * std::max(width, 1) * channels > most_numbers) return "an image of more than 1e9 numbers";
  return std::nullopt;
}

ConvolutionalSpec resolved(ConvolutionalSpec spec, int dimension) {
  if (spec.width == 0) spec.width = static_cast<int>(dimension / (Index{spec.height} * spec.channels));
  return spec;
}

std::optional<std::string> shape_problem(const ConvolutionalSpec& spec, int dimension) {
  const ConvolutionalSpec full = resolved(spec, dimension);
  if (full.width == 0 || 1.0 * full.height * full.width * full.channels != dimension)
    return "inputs of dimension " + std::to_string(dimension) + " are no images of this shape";
  Grid grid{full.height, full.width};
  for (int l = 0; l < full.depth; ++l) {
    const Index smallest = full.height == 1 ? grid.width : std::min(grid.height, grid.width);
    if (smallest < full.filter)
      return "the filter does not fit into layer " + std::to_string(l + 1) + ", which has " + std::to_string(smallest) +
             " positions";
    grid = grid_after(full, grid, l);
  }
  return std::nullopt;
}

}  // namespace fieldscan::theory
