#include "fieldscan/theory/kernel/convolutional_kernels.hpp"

namespace fieldscan::theory {

network::Architecture architecture_of(const ConvolutionalSpec& spec) {
  return {.layers = network::Layers::convolution,
          .rows = spec.height,
          .columns = spec.width,
          .channels = spec.channels,
          .filter = spec.filter,
          .stride = spec.stride,
          .padding = spec.padding,
          .head = spec.readout};
}

ConvolutionalSpec convolutional_spec(const network::Spec& network) {
  const network::Architecture& shape = network.architecture;
  return {.height = shape.rows,
          .width = shape.columns,
          .channels = shape.channels,
          .filter = shape.filter,
          .stride = shape.stride,
          .depth = network.depth,
          .padding = shape.padding,
          .readout = shape.head,
          .activation = network.activation,
          .weight_variance = network.weight_variance.at(0),
          .bias_variance = network.bias_variance.at(0),
          .readout_variance = network.readout_variance};
}

std::optional<std::string> layers_problem(const network::Spec& network) {
  for (int l = 1; l < network.depth; ++l) {
    const auto layer = static_cast<std::size_t>(l);
    if (network.weight_variance.at(layer) != network.weight_variance.at(0) ||
        network.bias_variance.at(layer) != network.bias_variance.at(0))
      return "it takes one σ_w² and one σ_b² for all convolutional layers";
  }
  return std::nullopt;
}

std::optional<std::string> ConvolutionalSpec::problem() const {
  constexpr int most_layers = 10000;
  if (depth > most_layers) return "more than 10000 convolutional layers";
  return architecture_of(*this).problem();
}

ConvolutionalSpec resolved(ConvolutionalSpec spec, int dimension) {
  const network::Architecture full = resolved(architecture_of(spec), dimension);
  spec.height = full.rows;
  spec.width = full.columns;
  return spec;
}

std::optional<std::string> shape_problem(const ConvolutionalSpec& spec, int dimension) {
  return network::shape_problem(architecture_of(spec), spec.depth, dimension);
}

}  // namespace fieldscan::theory
