#include "fieldscan/theory/trajectory/scaling_dynamics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "../applicability.hpp"
#include "../given_steps.hpp"
#include "../rows.hpp"
#include "fieldscan/core/memory.hpp"
#include "fieldscan/theory/concept.hpp"
#include "fieldscan/theory/trajectory/feature_descent.hpp"

namespace fieldscan::theory {

static_assert(Theory<ScalingDynamics>);

const Card ScalingDynamics::card = {
    .formula =
        "x = θ(z)(1 − m/P)(1 − m/N), m = Σ λx/(1 + λx), θ = hPz/((1 − z)(1 − βz) + hκz); error in time: coefficients of "
        "two linear equations per pair (z, z′) of generating functions. λ_k ∝ k^−b, λ_k w_k² ∝ k^−a: t^−(a−1)/b, "
        "N^−min(a−1, 2b), P^−min(a−1, 2b)",
    .source =
        "B. Bordelon, A. Atanasov, C. Pehlevan, A dynamical model of neural scaling laws, ICML (2024); ridge and "
        "momentum: derived, checked against simulation",
    .regime =
        "linear units, one hidden layer, only the readout trained, from zero, by gradient_descent with a fixed rate on "
        "normal inputs; N, P large at any ratio: 1–4% at N = 40, P = 60",
    .effort = "steps²: 10³ steps in a second, 10⁴ in a minute or two; hardly on the number of modes"};

namespace scaling_in_time {

namespace {

constexpr Index eigenvalues_written = 50;
constexpr int smallest = 20;  ///< points and units

Applicability needs_linear_features(const network::Spec& network) {
  if (network.train != network::Trained::readout)
    return {false, "the hidden layer is trained; use network.train: readout"};
  if (network.depth != 1) return {false, "the units of a deeper network are not independent features"};
  if (!std::holds_alternative<network::Linear>(network.activation))
    return {false, "units that are not linear are no Gaussian features of the inputs' modes"};
  if (network.bias_variance.at(0) > 0) return {false, "a constant mode, as biases make it, is not normal"};
  if (!network.centred) return {false, "the readout starts at random; use network.centred: true"};
  return {};
}

OwnSteps own(const ScalingDynamics& theory) { return {theory.learning_rate, theory.momentum}; }

std::vector<std::int64_t> steps_of(const ScalingDynamics::Inputs& inputs) {
  return steps_at(inputs.times, inputs.step / (1 - inputs.momentum));
}

/// Frequencies of the transform over the steps, and what they take.
double frequencies(const ScalingDynamics::Inputs& inputs) {
  return 4 * static_cast<double>(steps_of(inputs).back() + 1);
}
double bytes_of(double frequencies) { return 400 * frequencies; }

}  // namespace

}  // namespace scaling_in_time

Applicability ScalingDynamics::applicability(const Setting& setting) const {
  if (const Applicability linear = scaling_in_time::needs_linear_features(setting.network); !linear.applies)
    return linear;
  if (const Applicability descent = needs_linear_descent(setting); !descent.applies) return descent;
  if (const Applicability steps =
          needs_given_steps(setting, scaling_in_time::own(*this),
                            "it needs steps of a given rate; with `learning_rate: auto` they follow the gradient flow");
      !steps.applies)
    return steps;
  if (const Applicability times = needs_finite_time(setting); !times.applies) return times;
  return needs_known_modes(setting);
}

ScalingDynamics::Inputs ScalingDynamics::inputs(const Setting& setting) const {
  const auto& network = setting.network;
  const GivenSteps steps = given_steps(setting, scaling_in_time::own(*this));
  return {.kernel = kernel_spec(network),
          .width = network::last_width(network),
          .train_size = data::train_points(setting.data),
          .ridge = setting.ridge,
          .noise = setting.data.noise,
          .step = steps.size,
          .momentum = steps.momentum,
          .modes = modes_of(setting),
          .times = finite_times(setting, steps)};
}

Cost ScalingDynamics::cost(const Setting& setting) const {
  const double circle = scaling_in_time::frequencies(inputs(setting)), modes = data::input_dimension(setting.data);
  return {.seconds = 1e-3 + 6e-8 * circle * circle / 2 + 4e-8 * circle * modes,
          .bytes = scaling_in_time::bytes_of(circle)};
}

Result ScalingDynamics::predict(const Inputs& inputs) const {
  const double points = inputs.train_size;
  const ModeExpansion modes = expand(inputs.modes, {.kernel = inputs.kernel, .points = points, .ridge = inputs.ridge});
  const FeatureDescent descent{.points = points,
                               .features = static_cast<double>(inputs.width),
                               .step = inputs.step,
                               .momentum = inputs.momentum,
                               .ridge = inputs.ridge,
                               .noise_variance = inputs.noise * inputs.noise};
  Result result;
  const double instability = feature_instability(modes.spectrum, descent);
  if (!(instability < 1)) {
    result.outcome = Outcome::diverged;
    result.reason =
        fmt::format("the rate is {:.4g} times the stability limit 2(1 + β)/(λ_max + κ), in η/χ", instability);
    return result;
  }
  const double circle = scaling_in_time::frequencies(inputs);
  require_memory(scaling_in_time::bytes_of(circle),
                 fmt::format("descent over random features in {:.3g} steps", circle / 4));
  const auto errors =
      average_descent(modes.spectrum, modes.target.on_modes, descent, scaling_in_time::steps_of(inputs));
  const bool few = std::min(inputs.train_size, inputs.width) < scaling_in_time::smallest;
  for (std::size_t k = 0; k < errors.size(); ++k) {
    Writer writer(result, inputs.times[k], few ? Flag::outside_validity : Flag::none);
    writer.row(Observable::error_test, std::max(errors[k].test, 0.0));  // rounding, where all is learned
    writer.row(Observable::error_train, std::max(errors[k].train, 0.0));
  }
  Writer first(result, inputs.times.front());
  for (Index l = 0; l < std::min(scaling_in_time::eigenvalues_written, modes.spectrum.eigenvalue.size()); ++l)
    first.row(Observable::eigenvalue, modes.spectrum.eigenvalue[l], modes.first_number + static_cast<double>(l));
  return result;
}

}  // namespace fieldscan::theory
