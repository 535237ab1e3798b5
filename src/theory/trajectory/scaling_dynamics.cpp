#include "fieldscan/theory/trajectory/scaling_dynamics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include "../applicability.hpp"
#include "../given_steps.hpp"
#include "../rows.hpp"
#include "feature_modes.hpp"
#include "fieldscan/core/memory.hpp"
#include "fieldscan/theory/concept.hpp"
#include "fieldscan/theory/effort.hpp"
#include "fieldscan/theory/trajectory/feature_descent.hpp"

namespace fieldscan::theory {

static_assert(Theory<ScalingDynamics>);

const Card ScalingDynamics::card = {
    .formula =
        "x = θ(z)(1 − m/P)(1 − m/N), m = Σ λx/(1 + λx), θ = hPz/((1 − z)(1 − βz) + hκz); error in time: coefficients of "
        "two linear equations per pair (z, z′) of generating functions. λ_k ∝ k^−b, λ_k w_k² ∝ k^−a: t^−(a−1)/b, "
        "N^−min(a−1, 2b), P^−min(a−1, 2b); fresh batches: ℒ(t) = ℒ₀(t) + Σ_{s<t} k(t − s)(ℒ(s) + σ²)",
    .source =
        "B. Bordelon, A. Atanasov, C. Pehlevan, A dynamical model of neural scaling laws, ICML (2024); ridge and "
        "momentum, momentum of fresh batches: derived, checked against simulation",
    .regime =
        "linear units, one hidden layer, only the readout trained, from zero, by gradient_descent with a fixed rate "
        "or one pass of sgd (train_size: online), on normal inputs or those of a file; N, P large at any ratio: 1–4% at N "
        "= 40, P = 60; of fresh batches B what is missing is λ_k² C_kk/B, 1% at B = 4",
    .effort = "steps²: 10³ steps in a second, 10⁴ in a minute or two; hardly on the number of modes"};

namespace scaling_in_time {

namespace {

constexpr Index eigenvalues_written = 50;
constexpr int smallest = 20;            ///< points and units
constexpr double diverged_above = 1e4;  ///< as the trainers have it unless they are told otherwise

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

bool is_online(const Setting& setting) { return setting.data.train_size.is(data::TrainSizeWord::online); }

/// Fresh examples at every step.
Applicability needs_one_pass(const Setting& setting, const ScalingDynamics& theory) {
  const bool given = theory.learning_rate || theory.momentum || theory.batch;
  if (is_alone(setting.dynamics)) {
    if (!theory.learning_rate) return {false, "without training it has to be given its learning_rate"};
  } else if (given) {
    return {false, "its own learning_rate, momentum and batch are for `training: none`; here they are the trainer's"};
  } else if (!is_any<dynamics::Online>(setting.dynamics)) {
    return {false, "it describes steps on fresh examples at a fixed rate, and the trainer is " + setting.trainer};
  }
  if (setting.network.parameterisation != network::Parameterisation::ntk)
    return {false, "its rates are those of the ntk parameterisation, not of " +
                       std::string(word(setting.network.parameterisation))};
  if (const Applicability times = needs_finite_time(setting); !times.applies) return times;
  return needs_known_spectrum(setting);
}

std::vector<std::int64_t> steps_of(const ScalingDynamics::Inputs& inputs) {
  return steps_at(inputs.times, inputs.batch > 0 ? inputs.time_per_step : inputs.step / (1 - inputs.momentum));
}

ScalingDynamics::Inputs one_pass_inputs(const ScalingDynamics& theory, const Setting& setting,
                                        ScalingDynamics::Modes modes) {
  const auto* online = std::get_if<dynamics::Online>(&setting.dynamics);
  const double dimension = data::input_dimension(setting.data);
  ScalingDynamics::Inputs out{.kernel = kernel_spec(setting.network),
                              .width = network::last_width(setting.network),
                              .noise = setting.data.noise,
                              .step = theory.learning_rate.value_or(online ? online->rate : 0) / setting.network.chi,
                              .momentum = theory.momentum.value_or(online ? online->momentum : 0),
                              .modes = std::move(modes),
                              .times = {},
                              .batch = theory.batch.value_or(online ? online->batch : 1),
                              .time_per_step = 1 / dimension};
  for (const double time : setting.asked.times) {
    if (!std::isfinite(time)) continue;
    const double whole = is_alone(setting.dynamics) ? std::round(time * dimension) / dimension : time;
    if (out.times.empty() || whole > out.times.back()) out.times.push_back(whole);
  }
  return out;
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
  if (scaling_in_time::is_online(setting)) return scaling_in_time::needs_one_pass(setting, *this);
  if (batch) return {false, "its batch is of fresh examples, `train_size: online`"};
  if (const Applicability descent = needs_linear_descent(setting); !descent.applies) return descent;
  if (const Applicability steps =
          needs_given_steps(setting, scaling_in_time::own(*this),
                            "it needs steps of a given rate; with `learning_rate: auto` they follow the gradient flow");
      !steps.applies)
    return steps;
  if (const Applicability times = needs_finite_time(setting); !times.applies) return times;
  const bool file = std::holds_alternative<data::File>(setting.data.input);
  return file ? needs_numbered_labels(setting) : needs_known_modes(setting);
}

ScalingDynamics::Inputs ScalingDynamics::inputs(const Setting& setting) const {
  const auto& network = setting.network;
  Modes modes;
  if (std::holds_alternative<data::File>(setting.data.input)) {
    PoolModes pool = pool_of(setting);
    pool.points = std::numeric_limits<int>::max();  // second moments take them all
    modes = pool;
  } else {
    std::visit([&](auto known) { modes = std::move(known); }, modes_of(setting));
  }
  if (scaling_in_time::is_online(setting)) return scaling_in_time::one_pass_inputs(*this, setting, std::move(modes));
  const GivenSteps steps = given_steps(setting, scaling_in_time::own(*this));
  return {.kernel = kernel_spec(network),
          .width = network::last_width(network),
          .train_size = data::train_points(setting.data),
          .ridge = setting.ridge,
          .noise = setting.data.noise,
          .step = steps.size,
          .momentum = steps.momentum,
          .modes = std::move(modes),
          .times = finite_times(setting, steps)};
}

Cost ScalingDynamics::cost(const Setting& setting) const {
  const double circle = scaling_in_time::frequencies(inputs(setting)), modes = data::input_dimension(setting.data);
  Cost cost{.seconds = 1e-3 + 6e-8 * circle * circle / 2 + 4e-8 * circle * modes,
            .bytes = scaling_in_time::bytes_of(circle)};
  if (const auto* file = std::get_if<data::File>(&setting.data.input)) {
    const auto sizes = file->known_sizes(setting.data.test_from);
    const double rows = sizes ? static_cast<double>(sizes->train) : 0;
    cost.seconds += (2 * rows * modes * modes + 25 * modes * modes * modes) / flops_per_second;
    cost.bytes += 8 * (2 * rows * modes + 4 * modes * modes);
  }
  if (scaling_in_time::is_online(setting)) cost.seconds += 1.5e-8 * circle * circle / 4;  // all steps, one by one
  return cost;
}

Result ScalingDynamics::predict(const Inputs& inputs) const {
  const bool online = inputs.batch > 0;
  const double points = online ? inputs.batch : inputs.train_size;
  const FeatureModes modes =
      feature_modes(inputs.modes, {.kernel = inputs.kernel, .points = points, .ridge = inputs.ridge});
  const FeatureDescent descent{.points = points,
                               .features = static_cast<double>(inputs.width),
                               .step = inputs.step,
                               .momentum = inputs.momentum,
                               .ridge = inputs.ridge,
                               .noise_variance = inputs.noise * inputs.noise,
                               .examples = online ? Examples::fresh : Examples::same};
  Result result;
  const double instability = feature_instability(modes.spectrum, descent);
  if (!(instability < 1)) {
    result.outcome = Outcome::diverged;
    result.reason = fmt::format("(η/χ)(λ_max + κ) is {:.4g} times the stability limit 2(1 + β)", instability);
    return result;
  }
  const double circle = scaling_in_time::frequencies(inputs);
  require_memory(scaling_in_time::bytes_of(circle),
                 fmt::format("descent over random features in {:.3g} steps", circle / 4));
  const auto errors = average_descent(modes.spectrum, modes.power, descent, scaling_in_time::steps_of(inputs));
  const bool few = std::min(online ? inputs.width : inputs.train_size, inputs.width) < scaling_in_time::smallest;
  const double largest = scaling_in_time::diverged_above * (modes.power.sum() + descent.noise_variance);
  result.reason = modes.remark;
  for (std::size_t k = 0; k < errors.size(); ++k) {
    if (!(errors[k].test <= largest)) {
      result.outcome = Outcome::diverged;
      result.reason = fmt::format(
          "the error is above 10⁴ times that of the start at t = {:.4g}: batches of {} spread "
          "the weights faster than the rate {:.4g} lets them relax",
          inputs.times[k], inputs.batch, inputs.step);
      break;
    }
    Writer writer(result, inputs.times[k], few || !modes.known ? Flag::outside_validity : Flag::none);
    writer.row(Observable::error_test, std::max(errors[k].test, 0.0));  // rounding, where all is learned
    if (!online) writer.row(Observable::error_train, std::max(errors[k].train, 0.0));
  }
  Writer first(result, inputs.times.front());
  for (Index l = 0; l < std::min(scaling_in_time::eigenvalues_written, modes.spectrum.eigenvalue.size()); ++l)
    first.row(Observable::eigenvalue, modes.spectrum.eigenvalue[l], modes.first_number + static_cast<double>(l));
  if (!errors.empty()) first.residual(errors.front().residual);
  return result;
}

}  // namespace fieldscan::theory
