#include "fieldscan/training/effort.hpp"

#include <algorithm>

#include "fieldscan/data/draw.hpp"

namespace fieldscan::training {

namespace {

// Elementwise functions, and what a step costs however small it is.
constexpr double seconds_per_activation = 2e-9;
constexpr double seconds_per_step = 2e-6;

/// What one input takes in a layer.
double layer_numbers(const Sizes& s) { return s.products > 0 ? s.widest : s.width; }

std::vector<network::Convolution> layers_of(const network::Spec& network, const data::Spec& data) {
  return network::convolutions(resolved(network.architecture, data::input_dimension(data)), network.depth);
}

/// Parameters, features and passes of a convolutional network.
void count_convolutions(const network::Spec& network, const data::Spec& data, Sizes& s) {
  const auto layers = layers_of(network, data);
  double before = network.architecture.channels;
  for (int l = 0; l < network.depth; ++l) {
    const auto& layer = layers[static_cast<std::size_t>(l)];
    const double width = network::width_of(network, l);
    s.parameters += width * before * static_cast<double>(layer.size);
    s.widest = std::max(s.widest, width * static_cast<double>(layer.outputs));
    before = width;
  }
  const bool flat = network.architecture.head == network::ImageReadout::flatten;
  s.width = before * (flat ? static_cast<double>(layers.back().outputs) : 1);
  s.parameters += s.width * s.outputs;
  for (const double products : convolution_products(network, data)) s.products += products;
}

}  // namespace

std::vector<double> convolution_products(const network::Spec& network, const data::Spec& data) {
  const auto layers = layers_of(network, data);
  std::vector<double> products;
  double before = network.architecture.channels;
  for (int l = 0; l < network.depth; ++l) {
    const auto& layer = layers[static_cast<std::size_t>(l)];
    const double width = network::width_of(network, l);
    products.push_back(before * width * static_cast<double>(layer.size * layer.outputs));
    before = width;
  }
  const bool flat = network.architecture.head == network::ImageReadout::flatten;
  products.push_back(before * (flat ? static_cast<double>(layers.back().outputs) : 1) * data::output_count(data));
  return products;
}

Sizes sizes_of(const network::Spec& network, const data::Spec& data) {
  Sizes s;
  s.train = data::train_points(data);
  s.test = data::test_points(data);
  s.dimension = data::input_dimension(data);
  s.depth = network.depth;
  s.outputs = data::output_count(data);
  if (is_convolutional(network.architecture)) {
    count_convolutions(network, data, s);
    return s;
  }
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

/// 4NdP + 6(L − 1)N²P + 6NCP flops and L·N·P activations; six a multiplication of convolutions.
double gradient_seconds(const Sizes& s, double points) {
  if (s.products > 0)
    return seconds_per_step + 6 * s.products * points / flops_per_second +
           seconds_per_activation * s.depth * s.widest * points;
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
  return 8 * (4 * s.depth * layer_numbers(s) * points + 6 * s.parameters + 3 * s.train * std::min(s.train, s.width));
}

}  // namespace fieldscan::training
