#include "fieldscan/training/effort.hpp"

#include <algorithm>

#include "fieldscan/data/draw.hpp"

namespace fieldscan::training {

namespace {

// Elementwise functions, and what a step costs however small it is.
constexpr double seconds_per_activation = 2e-9;
constexpr double seconds_per_step = 2e-6;

}  // namespace

Sizes sizes_of(const network::Spec& network, const data::Spec& data) {
  Sizes s;
  s.train = data::train_points(data);
  s.test = data::test_points(data);
  s.dimension = data::input_dimension(data);
  s.depth = network.depth;
  s.outputs = data::output_count(data);
  double before = s.dimension;
  for (int l = 0; l < network.depth; ++l) {
    const double width = network::width_of(network, l);
    s.parameters += width * before;
    s.width = std::max(s.width, width);
    before = width;
  }
  s.parameters += before * s.outputs;
  return s;
}

/// 4NdP + 6(L − 1)N²P + 6NCP flops and L·N·P activations.
double gradient_seconds(const Sizes& s, double points) {
  const double flops = 4 * s.width * s.dimension * points + 6 * (s.depth - 1) * s.width * s.width * points +
                       6 * s.width * s.outputs * points;
  return seconds_per_step + flops / flops_per_second + seconds_per_activation * s.depth * s.width * points;
}

double forward_seconds(const Sizes& s, double points) { return gradient_seconds(s, points) / 2; }

double readout_seconds(const Sizes& s, double ridge) {
  const double small = std::min(s.train, s.width), large = std::max(s.train, s.width);
  return small * small * (large + (ridge > 0 ? 0.4 : 10.0) * small) / flops_per_second;
}

double replica_bytes(const Sizes& s) {
  const double points = std::max(s.train, s.test);
  return 8 * (4 * s.depth * s.width * points + 6 * s.parameters + 3 * s.train * std::min(s.train, s.width));
}

}  // namespace fieldscan::training
