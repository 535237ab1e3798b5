#include "kernel_scale.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace fieldscan::scan {
namespace {

constexpr std::size_t cosines = 3;  ///< 1, 0, and a little more than 0
constexpr double small_cosine = 1e-3;
using Values = std::array<double, cosines>;

/// The factors of the rates that the tensors of a point move with; where no descent moves them, 1, or 0 for frozen ones.
std::vector<double> factors_of(const network::Network& network, const training::TrainerChoice& trainer) {
  const bool descends = std::visit(
      [](const auto& t) {
        return requires { t.rates; };
      },
      trainer);
  std::vector<double> factors;
  for (const auto& tensor : network.tensors())
    factors.push_back(descends ? tensor.rate_factor : tensor.rate_factor > 0 ? 1 : 0);
  return factors;
}

network::Network network_of(const PointSpec& spec, const Sizes& sizes) {
  const int dimension = std::max(1, static_cast<int>(sizes.dimension));
  return std::visit(
      [&](const auto& trainer) {
        if constexpr (requires { trainer.rates; })
          return training::make_network(spec.network, dimension, trainer.rates);
        else
          return network::Network(spec.network, dimension);
      },
      spec.training);
}

/// Rate factors of the weights and the biases of hidden layer l, and of the readout.
struct LayerRates {
  std::vector<double> weight, bias;
  double readout = 1;
};
LayerRates rates_of(const network::Network& network, const std::vector<double>& factors) {
  LayerRates rates;
  rates.weight.assign(static_cast<std::size_t>(network.depth()), 0);
  rates.bias = rates.weight;
  for (std::size_t k = 0; k < factors.size(); ++k) {
    const auto& tensor = network.tensors()[k];
    const auto layer = static_cast<std::size_t>(tensor.layer);
    (tensor.role == network::Role::readout  ? rates.readout
     : tensor.role == network::Role::weight ? rates.weight[layer]
                                            : rates.bias[layer]) = factors[k];
  }
  return rates;
}

struct Both {
  Values kernel, tangent;  ///< of one layer at the cosines
};

/// K¹ and Θ¹ with the rates of the first layer.
Both first_layer(const network::Spec& spec, const LayerRates& rates) {
  constexpr Values cosine{1, 0, small_cosine};
  Both out;
  for (std::size_t k = 0; k < cosines; ++k) {
    out.kernel[k] = spec.weight_variance.at(0) * cosine[k] + spec.bias_variance.at(0);
    out.tangent[k] =
        rates.weight[0] * spec.weight_variance.at(0) * cosine[k] + rates.bias[0] * spec.bias_variance.at(0);
  }
  return out;
}

/// The next layer's: factor ⟨φφ⟩ + bias, and factor (rate ⟨φφ⟩ + ⟨φ′φ′⟩ Θ) + bias_rate bias.
struct Step {
  double factor = 1, bias = 0, rate = 1, bias_rate = 1;
};
void go_on(const network::ActivationChoice& activation, const Step& step, Both& layer) {
  Values a, b, value, derivative;
  a.fill(layer.kernel[0]);
  b = a;
  network::averages(activation, a, b, layer.kernel, value, derivative);
  for (std::size_t k = 0; k < cosines; ++k) {
    layer.kernel[k] = step.factor * value[k] + step.bias;
    layer.tangent[k] =
        step.factor * (step.rate * value[k] + derivative[k] * layer.tangent[k]) + step.bias_rate * step.bias;
  }
}

}  // namespace

double KernelScale::top(double points, double dimension) const {
  const double edge = std::pow(1 + std::sqrt(points / std::max(1.0, dimension)), 2);
  return rest + std::max(slope + points * level, slope * std::min(std::max(1.0, points), edge));
}

std::vector<double> rate_factors(const PointSpec& spec, const Sizes& sizes) {
  return factors_of(network_of(spec, sizes), spec.training);
}

KernelScale kernel_scale_of(const PointSpec& spec, const Sizes& sizes) {
  const network::Network network = network_of(spec, sizes);
  const std::vector<double> factors = factors_of(network, spec.training);
  const LayerRates rates = rates_of(network, factors);
  const network::Spec& s = spec.network;
  Both layer = first_layer(s, rates);
  for (int l = 1; l <= s.depth; ++l) {
    const auto next = static_cast<std::size_t>(l);
    const bool last = l == s.depth;
    go_on(s.activation,
          last ? Step{.factor = s.readout_variance, .rate = rates.readout}
               : Step{.factor = s.weight_variance.at(next),
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

namespace {

/// h λ < this, for a mode that is pushed at every n-th step of a heavy ball.
double heavy_ball_limit(double momentum, double steps) {
  const double left = std::pow(momentum, steps);
  return 2 * (1 + left) * (1 - momentum) / (1 - left);
}

double limit_of_batches(const PointSpec& spec, const Sizes& sizes, const KernelScale& scale, double batch,
                        double momentum) {
  const bool online = sizes.train == 0;
  const double points = online ? batch : sizes.train, pull = online ? 0 : spec.ridge * scale.fastest_tensor;
  const double steps = std::ceil(points / batch), last = points - (steps - 1) * batch;
  const double shared = heavy_ball_limit(momentum, 1) / (scale.top(points, sizes.dimension) + pull);
  const double own = heavy_ball_limit(momentum, steps) / (points / last * (scale.itself() - scale.level));
  return spec.network.chi * (steps > 1 ? std::min(shared, own) : shared);
}

}  // namespace

std::optional<double> largest_stable_rate(const PointSpec& spec, const Sizes& sizes, const KernelScale& scale) {
  if (const auto* t = std::get_if<training::GradientDescent>(&spec.training)) {
    if (t->learning_rate.is_word()) return std::nullopt;
    return limit_of_batches(spec, sizes, scale, sizes.train, t->momentum);
  }
  if (const auto* t = std::get_if<training::Sgd>(&spec.training))
    return limit_of_batches(spec, sizes, scale, t->batch, t->momentum);
  return std::nullopt;
}

std::optional<double> largest_stable_step(const PointSpec& spec, const Sizes& sizes, const KernelScale& scale) {
  if (!std::holds_alternative<training::Langevin>(spec.training) || !(spec.ridge > 0)) return std::nullopt;
  return 2 / (1 + scale.top(sizes.train, sizes.dimension) / spec.ridge);
}

}  // namespace fieldscan::scan
