#include "fieldscan/network/kernel_scale.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace fieldscan::network {
namespace {

constexpr std::size_t cosines = 3;  ///< 1, 0, and a little more than 0
constexpr double small_cosine = 1e-3;
using Values = std::array<double, cosines>;

/// Rate factors of the weights and the biases of hidden layer l, and of the readout.
struct LayerRates {
  std::vector<double> weight, bias;
  double readout = 1;
};
LayerRates rates_of(const Network& network, std::span<const double> factors) {
  LayerRates rates;
  rates.weight.assign(static_cast<std::size_t>(network.depth()), 0);
  rates.bias = rates.weight;
  for (std::size_t k = 0; k < factors.size(); ++k) {
    const auto& tensor = network.tensors()[k];
    const auto layer = static_cast<std::size_t>(tensor.layer);
    (tensor.role == Role::readout  ? rates.readout
     : tensor.role == Role::weight ? rates.weight[layer]
                                   : rates.bias[layer]) = factors[k];
  }
  return rates;
}

double square(double value) { return value * value; }

struct Both {
  Values kernel, tangent;  ///< of one layer at the cosines
};

/// K¹ and Θ¹ with the rates of the first layer.
Both first_layer(const Spec& spec, const LayerRates& rates) {
  constexpr Values cosine{1, 0, small_cosine};
  Both out;
  for (std::size_t k = 0; k < cosines; ++k) {
    out.kernel[k] =
        square(spec.initial.hidden.scale) * spec.weight_variance.at(0) * cosine[k] + spec.bias_variance.at(0);
    out.tangent[k] =
        rates.weight[0] * spec.weight_variance.at(0) * cosine[k] + rates.bias[0] * spec.bias_variance.at(0);
  }
  return out;
}

/// The next layer's: factor s ⟨φφ⟩ + bias, and factor (rate ⟨φφ⟩ + s ⟨φ′φ′⟩ Θ) + bias_rate bias, with s the mean
/// square of the weights at the start.
struct Step {
  double factor = 1, square = 1, bias = 0, rate = 1, bias_rate = 1;
};
void go_on(const ActivationChoice& activation, const Step& step, Both& layer) {
  Values a, b, value, derivative;
  a.fill(layer.kernel[0]);
  b = a;
  averages(activation, a, b, layer.kernel, value, derivative);
  for (std::size_t k = 0; k < cosines; ++k) {
    layer.kernel[k] = step.factor * step.square * value[k] + step.bias;
    layer.tangent[k] = step.factor * (step.rate * value[k] + step.square * derivative[k] * layer.tangent[k]) +
                       step.bias_rate * step.bias;
  }
}

/// Of a balanced start: Θ(x, x′) = (s/p)² (x·x′ + (D − 1) (v·x)(v·x′)), of which the first part is kept.
KernelScale balanced_scale(const Network& network, std::span<const double> factors) {
  const double strength = network.spec().initial.hidden.strength, fastest = *std::ranges::max_element(factors);
  double scales = 1;
  for (const Tensor& tensor : network.tensors()) scales *= tensor.scale;
  const double size = std::pow(strength / scales, 1 / static_cast<double>(network.tensors().size()));
  const double chi = network.spec().chi, dimension = network.input_dimension();
  return {.nngp = chi * square(strength),
          .slope = chi * dimension * fastest * square(strength / size),
          .fastest_tensor = fastest};
}

}  // namespace

double KernelScale::top(double points, double dimension) const {
  const double edge = std::pow(1 + std::sqrt(points / std::max(1.0, dimension)), 2);
  return rest + std::max(slope + points * level, slope * std::min(std::max(1.0, points), edge));
}

std::vector<double> rate_factors(const Network& network) {
  std::vector<double> factors;
  for (const auto& tensor : network.tensors()) factors.push_back(tensor.rate_factor);
  return factors;
}

std::vector<double> equal_factors(const Network& network) {
  std::vector<double> factors;
  for (const auto& tensor : network.tensors()) factors.push_back(tensor.rate_factor > 0 ? 1 : 0);
  return factors;
}

KernelScale kernel_scale(const Network& network, std::span<const double> factors) {
  const LayerRates rates = rates_of(network, factors);
  const Spec& s = network.spec();
  if (s.initial.hidden.law == HiddenLaw::balanced) return balanced_scale(network, factors);
  Both layer = first_layer(s, rates);
  for (int l = 1; l <= s.depth; ++l) {
    const auto next = static_cast<std::size_t>(l);
    const bool last = l == s.depth;
    go_on(s.activation,
          last ? Step{.factor = s.readout_variance, .square = mean_square(s.initial.readout), .rate = rates.readout}
               : Step{.factor = s.weight_variance.at(next),
                      .square = square(s.initial.hidden.scale),
                      .bias = s.bias_variance.at(next),
                      .rate = rates.weight[next],
                      .bias_rate = rates.bias[next]},
          layer);
  }
  KernelScale scale{.nngp = layer.kernel[0],
                    .level = std::fabs(layer.tangent[1]),
                    .slope = std::fabs(layer.tangent[2] - layer.tangent[1]) / small_cosine,
                    .fastest_tensor = *std::ranges::max_element(factors)};
  scale.rest = std::max(0.0, layer.tangent[0] - scale.level - scale.slope);
  return scale;
}

}  // namespace fieldscan::network
