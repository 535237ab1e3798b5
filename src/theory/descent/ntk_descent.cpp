#include "fieldscan/theory/descent/ntk_descent.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "../applicability.hpp"
#include "../given_steps.hpp"
#include "averaged_rows.hpp"
#include "fieldscan/theory/concept.hpp"
#include "flow_rows.hpp"

namespace fieldscan::theory {

static_assert(Theory<NtkDescent>);

const Card NtkDescent::card = {
    .formula =
        "f̄ = Θ_*X s(Θ) y, s ← s + β(s − s₋) + (η/χ)(1 − (λ + κ)s) per mode λ of Θ; variance over initialisations as in "
        "ntk_flow",
    .source =
        "A. Jacot, F. Gabriel, C. Hongler, NeurIPS (2018); J. Lee et al., NeurIPS (2019); momentum: B. Polyak (1964)",
    .regime =
        "full-batch gradient descent with a fixed rate at N → ∞ with χ fixed, in the ntk parameterisation, the ridge "
        "pulling towards the initial parameters; stable for 0 < (η/χ)(λ_max(Θ) + κ) < 2(1 + β)",
    .effort =
        "O(P³) once, then O(P) per step and O(P²·test points) per time; averaged: levels × steps² × 16 per time, up to "
        "2000 steps, whatever P"};

namespace {

constexpr double largest_filter = 1e100;  ///< beyond it squares overflow
/// A loss above this multiple of the first one is diverged, as the trainers have it unless they are told otherwise.
constexpr double diverged_above = 1e4;

constexpr double most_averaged_steps = 2000;
constexpr double seconds_per_level = 3.3e-8;  ///< and pair of nodes, of mean and networks, both signs

OwnSteps own(const NtkDescent& theory) { return {theory.learning_rate, theory.momentum}; }

bool is_small(const Filter& filter) {
  return filter.moved.allFinite() && filter.left.allFinite() && filter.moved.cwiseAbs().maxCoeff() < largest_filter &&
         filter.left.cwiseAbs().maxCoeff() < largest_filter;
}

std::int64_t steps_of(const NtkDescent::Inputs& in, double time) {
  return std::llround(time * (1 - in.momentum) / in.step);
}

double last_step(const NtkDescent::Inputs& in) {
  double last = 0;
  for (const double time : in.times)
    if (std::isfinite(time)) last = std::max(last, std::round(time * (1 - in.momentum) / in.step));
  return last;
}

}  // namespace

Applicability NtkDescent::applicability(const Setting& setting) const {
  if (const Applicability descent = needs_linear_descent(setting); !descent.applies) return descent;
  if (const Applicability steps = needs_given_steps(
          setting, own(*this),
          "with `learning_rate: auto` the steps follow the gradient flow, which is the theory ntk_flow");
      !steps.applies)
    return steps;
  if (!averaged) return needs_draw(setting);
  if (const Applicability sphere = needs_sphere_spectrum(setting); !sphere.applies) return sphere;
  if (const double steps = last_step(inputs(setting)); steps > most_averaged_steps)
    return {false, fmt::format("averaged over data it takes sums over the square of the steps, {:.0f}, and {:.0f} are "
                               "what it does: earlier times, or ntk_flow",
                               steps, most_averaged_steps)};
  return {};
}

NtkDescent::Inputs NtkDescent::inputs(const Setting& setting) const {
  const auto& network = setting.network;
  const GivenSteps steps = given_steps(setting, own(*this));
  Inputs out{.kernel = kernel_spec(network),
             .ridge = setting.ridge,
             .chi = network.chi,
             .train = network.train,
             .centred = network.centred,
             .step = steps.size,
             .momentum = steps.momentum,
             .times = finite_times(setting, steps)};
  // Where the descent ends is known too.
  if (std::ranges::any_of(setting.asked.times, [](double time) { return std::isinf(time); }))
    out.times.push_back(std::numeric_limits<double>::infinity());
  if (averaged) take_averaged(out, setting);
  return out;
}

Cost NtkDescent::cost(const Setting& setting) const {
  const Inputs in = inputs(setting);
  if (averaged) {
    Cost average = average_cost(setting);
    const double levels = sphere_levels(setting);
    for (const double time : in.times) {
      const double nodes = std::isfinite(time) ? static_cast<double>(steps_of(in, time)) + 1 : 10;
      average.seconds += 2e-3 + nodes * nodes * levels * seconds_per_level;
      average.bytes += 2 * nodes * 16 * levels;
    }
    return average;
  }
  Cost flow = flow_cost(setting, static_cast<double>(in.times.size()));
  flow.seconds += 2e-9 * data::train_points(setting.data) * last_step(in);
  return flow;
}

Result NtkDescent::predict(const Inputs& inputs, const data::Draw& draw) const {
  const Flow flow(flow_kernels(inputs.kernel, inputs.train, draw), draw.train.label, inputs.ridge);
  Descent descent(flow.eigenvalues(), inputs.ridge, inputs.step, inputs.momentum);
  const bool stable = descent.instability() < 1;
  const Appearance appearance{inputs.chi, inputs.centred};
  const double largest_error = diverged_above * error_train(flow.through(descent.go_to(0)), appearance);
  Result result;
  for (const double time : inputs.times) {
    if (std::isinf(time) && stable) {
      write_state(result, flow, flow.at(time), time, appearance, draw);
      continue;
    }
    const Filter* filter = std::isinf(time) ? nullptr : &descent.go_to(steps_of(inputs, time));
    if (filter && is_small(*filter)) {
      const FlowState state = flow.through(*filter);
      if (error_train(state, appearance) <= largest_error &&
          write_state(result, flow, state, time, appearance, draw, stable ? Flag::none : Flag::outside_validity))
        continue;
    }
    result.outcome = Outcome::diverged;
    result.reason = fmt::format("(η/χ)(λ_max(Θ) + κ) is {:.4g} times the stability limit 2(1 + β): modes grow",
                                descent.instability());
    break;
  }
  if (!result.rows.empty()) write_eigenvalues(result, flow, inputs.times.front());
  return result;
}

Result NtkDescent::predict(const Inputs& inputs) const {
  const AveragedProblem problem = averaged_problem(averaged_setting(inputs));
  const double points = problem.setting.points, noise = problem.noise_variance();
  AveragedSteps descent{.step = inputs.step, .momentum = inputs.momentum};
  const double instability = averaged_instability(problem.spectrum, points, inputs.ridge, descent);
  Result result;
  if (!(instability < 1)) {
    result.outcome = Outcome::diverged;
    result.reason = fmt::format(
        "(η/χ)(λ_max(Θ) + κ) of the averaged spectrum is {:.4g} times the stability limit 2(1 + β)", instability);
    return result;
  }
  write_averaged(result, problem, inputs.times, [&](const VectorView& power, double tail, double time) {
    if (std::isinf(time)) return average_flow(problem.spectrum, power, tail, points, inputs.ridge, noise, time);
    descent.steps = steps_of(inputs, time);
    return average_descent(problem.spectrum, power, tail, points, inputs.ridge, noise, descent);
  });
  return result;
}

}  // namespace fieldscan::theory
