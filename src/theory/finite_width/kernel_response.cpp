#include "kernel_response.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace fieldscan::theory {

namespace {

using PairKernel = std::array<double, 3>;  ///< K_uu, K_vv, K_uv

constexpr double relative_step = 1e-3;
constexpr double equal_below = 1e-9;  ///< 1 − correlation² of points that count as equal

/// The layers from `layer` on, at one pair.
double output_kernel(const KernelSpec& spec, int layer, PairKernel k) {
  for (int l = layer; l < spec.depth; ++l) {
    const bool last = l + 1 == spec.depth;
    const double factor = last ? spec.readout_variance : spec.weight_variance.at(l + 1),
                 bias = last ? 0.0 : spec.bias_variance.at(l + 1);
    const double both = network::average(spec.activation, k[0], k[1], k[2]).value;
    k = {factor * network::average_equal(spec.activation, k[0]).value + bias,
         factor * network::average_equal(spec.activation, k[1]).value + bias, factor * both + bias};
  }
  return k[2];
}

double output_variance(const KernelSpec& spec, int layer, double variance) {
  for (int l = layer; l < spec.depth; ++l) {
    const bool last = l + 1 == spec.depth;
    variance = (last ? spec.readout_variance : spec.weight_variance.at(l + 1)) *
                   network::average_equal(spec.activation, variance).value +
               (last ? 0.0 : spec.bias_variance.at(l + 1));
  }
  return variance;
}

struct PairResponse {
  std::array<double, 3> first{};
  std::array<std::array<double, 3>, 3> second{};
};

PairResponse response_of_equal(const KernelSpec& spec, int layer, double variance) {
  const double h = relative_step * variance, middle = output_variance(spec, layer, variance),
               above = output_variance(spec, layer, variance + h), below = output_variance(spec, layer, variance - h);
  PairResponse out;
  out.first[0] = (above - below) / (2 * h);
  out.second[0][0] = (above - 2 * middle + below) / (h * h);
  return out;
}

PairResponse response_of_pair(const KernelSpec& spec, int layer, const PairKernel& at) {
  if (!(at[0] > 0 && at[1] > 0)) return {};  // units that are zero do not fluctuate
  const double apart = 1 - at[2] * at[2] / (at[0] * at[1]);
  if (!(apart > equal_below)) return response_of_equal(spec, layer, at[0]);
  // Steps along each argument that stay well inside K_uv² < K_uu K_vv.
  const double part = relative_step * std::min(1.0, 4 * apart);
  const PairKernel h{part * at[0], part * at[1], part * std::sqrt(at[0] * at[1])};
  const auto moved = [&](int i, double a, int j, double b) {
    PairKernel k = at;
    k[static_cast<std::size_t>(i)] += a * h[static_cast<std::size_t>(i)];
    k[static_cast<std::size_t>(j)] += b * h[static_cast<std::size_t>(j)];
    return output_kernel(spec, layer, k);
  };
  const double middle = output_kernel(spec, layer, at);
  PairResponse out;
  for (int i = 0; i < 3; ++i) {
    const auto p = static_cast<std::size_t>(i);
    const double above = moved(i, 1, i, 0), below = moved(i, -1, i, 0);
    out.first[p] = (above - below) / (2 * h[p]);
    out.second[p][p] = (above - 2 * middle + below) / (h[p] * h[p]);
    for (int j = i + 1; j < 3; ++j)
      out.second[p][static_cast<std::size_t>(j)] =
          (moved(i, 1, j, 1) - moved(i, 1, j, -1) - moved(i, -1, j, 1) + moved(i, -1, j, -1)) /
          (4 * h[p] * h[static_cast<std::size_t>(j)]);
  }
  return out;
}

}  // namespace

KernelSpec up_to(const KernelSpec& spec, int layer) {
  KernelSpec part = spec;
  part.depth = layer;
  for (auto* list : {&part.weight_variance.values, &part.bias_variance.values})
    if (list->size() > 1) list->resize(static_cast<std::size_t>(layer));
  if (layer < spec.depth) part.readout_variance = spec.weight_variance.at(layer);
  return part;
}

KernelResponse kernel_response(const KernelSpec& spec, int layer, const LayerPairs& at) {
  const Index rows = at.pairs.rows(), columns = at.pairs.cols();
  KernelResponse out;
  const std::array all{&out.d1, &out.d2, &out.d3, &out.d11, &out.d22, &out.d33, &out.d12, &out.d13, &out.d23};
  for (Matrix* one : all) one->resize(rows, columns);
  for (Index v = 0; v < columns; ++v)
    for (Index u = 0; u < rows; ++u) {
      const auto [first, second] = response_of_pair(spec, layer, {at.rows[u], at.columns[v], at.pairs(u, v)});
      const std::array numbers{first[0],     first[1],     first[2],     second[0][0], second[1][1],
                               second[2][2], second[0][1], second[0][2], second[1][2]};
      for (std::size_t k = 0; k < all.size(); ++k) (*all[k])(u, v) = numbers[k];
    }
  return out;
}

}  // namespace fieldscan::theory
