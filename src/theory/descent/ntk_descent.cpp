#include "fieldscan/theory/descent/ntk_descent.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "../applicability.hpp"
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
    .effort = "O(P³) once, then O(P) per step and O(P²·test points) per time"};

namespace {

constexpr double largest_filter = 1e100;  ///< beyond it squares overflow
/// A loss above this multiple of the first one is diverged, as the trainers have it unless they are told otherwise.
constexpr double diverged_above = 1e4;

/// Multiples of the step nearest to the times, each once; an infinite time stays.
std::vector<double> whole_steps(const std::vector<double>& times, double time_per_step) {
  std::vector<double> out;
  for (const double time : times) {
    const double snapped = std::isinf(time) ? time : std::round(time / time_per_step) * time_per_step;
    if (out.empty() || snapped > out.back()) out.push_back(snapped);
  }
  return out;
}

bool is_small(const Filter& filter) {
  return filter.moved.allFinite() && filter.left.allFinite() && filter.moved.cwiseAbs().maxCoeff() < largest_filter &&
         filter.left.cwiseAbs().maxCoeff() < largest_filter;
}

}  // namespace

Applicability NtkDescent::applicability(const Setting& setting) const {
  if (const Applicability descent = needs_linear_descent(setting); !descent.applies) return descent;
  if (is_alone(setting.dynamics)) {
    if (!learning_rate) return {false, "without training it has to be given its learning_rate"};
  } else if (learning_rate || momentum) {
    return {false, "its own learning_rate and momentum are for `training: none`; here they are the trainer's"};
  } else if (!is_any<dynamics::Descent>(setting.dynamics)) {
    return {false, is_any<dynamics::Flow>(setting.dynamics)
                       ? "with `learning_rate: auto` the steps follow the gradient flow, which is the theory ntk_flow"
                       : "it describes steps over the whole training set, and the trainer is " + setting.trainer};
  }
  return needs_draw(setting);
}

NtkDescent::Inputs NtkDescent::inputs(const Setting& setting) const {
  const auto& network = setting.network;
  const auto* steps = std::get_if<dynamics::Descent>(&setting.dynamics);
  Inputs out{.kernel = kernel_spec(network),
             .ridge = setting.ridge,
             .chi = network.chi,
             .train = network.train,
             .centred = network.centred,
             .step = learning_rate.value_or(steps ? steps->rate : 0) / network.chi,
             .momentum = momentum.value_or(steps ? steps->momentum : 0),
             .times = setting.asked.times};
  if (is_alone(setting.dynamics)) out.times = whole_steps(setting.asked.times, out.step / (1 - out.momentum));
  return out;
}

Cost NtkDescent::cost(const Setting& setting) const {
  const Inputs in = inputs(setting);
  Cost flow = flow_cost(setting, static_cast<double>(in.times.size()));
  double last = 0;
  for (const double time : in.times)
    if (std::isfinite(time)) last = std::max(last, time);
  flow.seconds += 2e-9 * data::train_points(setting.data) * last * (1 - in.momentum) / in.step;
  return flow;
}

Result NtkDescent::predict(const Inputs& inputs, const data::Draw& draw) const {
  const Flow flow(flow_kernels(inputs.kernel, inputs.train, draw), draw.train.label, inputs.ridge);
  Descent descent(flow.eigenvalues(), inputs.ridge, inputs.step, inputs.momentum);
  const bool stable = descent.instability() < 1;
  const double time_per_step = inputs.step / (1 - inputs.momentum);
  const Appearance appearance{inputs.chi, inputs.centred};
  const double largest_error = diverged_above * error_train(flow.through(descent.go_to(0)), appearance);
  Result result;
  for (const double time : inputs.times) {
    if (std::isinf(time) && stable) {
      write_state(result, flow, flow.at(time), time, appearance, draw);
      continue;
    }
    const Filter* filter = std::isinf(time) ? nullptr : &descent.go_to(std::llround(time / time_per_step));
    if (filter && is_small(*filter)) {
      const FlowState state = flow.through(*filter);
      if (error_train(state, appearance) <= largest_error &&
          write_state(result, flow, state, time, appearance, draw, stable ? Flag::none : Flag::outside_validity))
        continue;
    }
    result.outcome = Outcome::diverged;
    result.reason = fmt::format("the largest rate is {:.4g} times the stability limit 2(1 + β)/(η/χ): modes grow",
                                descent.instability());
    break;
  }
  if (!result.rows.empty()) write_eigenvalues(result, flow, inputs.times.front());
  return result;
}

}  // namespace fieldscan::theory
