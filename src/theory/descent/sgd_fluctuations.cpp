#include "fieldscan/theory/descent/sgd_fluctuations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "../applicability.hpp"
#include "../given_steps.hpp"
#include "../rows.hpp"
#include "fieldscan/theory/concept.hpp"
#include "fieldscan/theory/descent/batch_moments.hpp"
#include "flow_rows.hpp"

namespace fieldscan::theory {

static_assert(Theory<SgdFluctuations>);

const Card SgdFluctuations::card = {
    .formula =
        "M = ⟨r rᵀ⟩, r = f − y: M ← M − h(ΘM + MΘ) + h² Θ[(1 − 1/B) M + (P/B) diag M]Θ, h = η/χ; the mean as of the whole "
        "training set",
    .source =
        "A. Jacot, F. Gabriel, C. Hongler, NeurIPS (2018) for Θ; the second moment: derived, exact for linear SGD",
    .regime =
        "sgd with `sampling: with_replacement` at a fixed rate, without momentum and ridge, N → ∞ with χ fixed in the ntk "
        "parameterisation; the errors are means over batches and initialisations",
    .effort = "6 P³ + 6 P²·test points operations a step"};

namespace of_batches {

namespace {

/// A training error above this multiple of the first one is diverged, as the trainers have it unless they are told.
constexpr double diverged_above = 1e4;
/// Sums of squares below zero by more than this share of the first ones are rounding that has grown; by less they are
/// 0.
constexpr double rounding = 1e-9;
constexpr double product_flops_per_second = 4.5e10, seconds_beside = 5e-6;  ///< of a step: in products, and beside them

GivenSteps steps_of(const SgdFluctuations& theory, const Setting& setting) {
  const auto* batches = std::get_if<dynamics::Batches>(&setting.dynamics);
  return {.size = theory.learning_rate.value_or(batches ? batches->rate : 0) / setting.network.chi, .momentum = 0};
}

Applicability needs_batches(const SgdFluctuations& theory, const Setting& setting) {
  if (is_alone(setting.dynamics)) {
    if (!theory.learning_rate || !theory.batch)
      return {false, "without training it has to be given its learning_rate and batch"};
    return {};
  }
  if (theory.learning_rate || theory.batch)
    return {false, "its own learning_rate and batch are for `training: none`; here they are the trainer's"};
  const auto* batches = std::get_if<dynamics::Batches>(&setting.dynamics);
  if (!batches) return {false, "it describes batches of a training set, and the trainer is " + setting.trainer};
  if (batches->sampling != dynamics::Sampling::with_replacement)
    return {false,
            "it is for batches drawn with replacement (`sampling: with_replacement`): within an epoch of a "
            "permutation they depend on each other"};
  if (batches->momentum > 0) return {false, "with momentum the second moments do not close in these"};
  return {};
}

}  // namespace

}  // namespace of_batches

Applicability SgdFluctuations::applicability(const Setting& setting) const {
  if (Applicability batches = of_batches::needs_batches(*this, setting); !batches.applies) return batches;
  if (setting.ridge > 0) return {false, "with a ridge the second moments do not close in these: set `ridge: 0`"};
  if (Applicability linear = needs_linear_descent(setting); !linear.applies) return linear;
  if (Applicability times = needs_finite_time(setting); !times.applies) return times;
  return needs_draw(setting);
}

SgdFluctuations::Inputs SgdFluctuations::inputs(const Setting& setting) const {
  const auto* batches = std::get_if<dynamics::Batches>(&setting.dynamics);
  const GivenSteps steps = of_batches::steps_of(*this, setting);
  return {
      .kernel = kernel_spec(setting.network),
      .chi = setting.network.chi,
      .train = setting.network.train,
      .centred = setting.network.centred,
      .step = steps.size,
      .batch = std::min(batch.value_or(batches ? batches->batch : 1), std::max(1, data::train_points(setting.data))),
      .times = finite_times(setting, steps)};
}

Cost SgdFluctuations::cost(const Setting& setting) const {
  const Inputs in = inputs(setting);
  const double points = data::train_points(setting.data), test = data::test_points(setting.data);
  Cost cost = draw_cost(setting, 0, 1, flow_bytes(points, test));
  cost.seconds +=
      in.times.back() / in.step *
      (of_batches::seconds_beside + 6 * points * points * (points + test) / of_batches::product_flops_per_second);
  cost.threads = threads_of(points);
  return cost;
}

Result SgdFluctuations::predict(const Inputs& inputs, const data::Draw& draw) const {
  const FlowKernels kernels = flow_kernels(inputs.kernel, inputs.train, draw);
  const auto label = data::one_output(draw.train.label), target = data::one_output(draw.test.target);
  BatchMoments moments(kernels, label, target, inputs.centred ? 0 : 1 / inputs.chi, inputs.step, inputs.batch);
  const double points = static_cast<double>(label.size()), first = moments.square_train().trace(),
               least = -of_batches::rounding * first,
               least_test = -of_batches::rounding * std::max(first / points, moments.square_test().maxCoeff());
  const auto steps = steps_at(inputs.times, inputs.step);
  Result result;
  for (std::size_t k = 0; k < steps.size(); ++k) {
    moments.go_to(steps[k]);
    const double square = moments.square_train().trace();
    const bool grown = !(square <= of_batches::diverged_above * first);
    if (grown || !(square >= least && moments.square_test().minCoeff() >= least_test)) {
      result.outcome = Outcome::diverged;
      result.reason = fmt::format(
          "{} by step {}: batches of {} at this rate push more than they pull",
          grown ? "the mean squared residual has grown 10⁴ times" : "rounding has grown to squares below zero",
          steps[k], inputs.batch);
      break;
    }
    Writer writer(result, inputs.times[k]);
    writer.predictor(moments.mean_test() + target, draw);
    writer.row(Observable::error_test, std::max(moments.square_test().mean(), 0.0));
    writer.row(Observable::error_train, std::max(square, 0.0) / points);
    writer.row(Observable::variance_init,
               std::max((moments.square_test() - moments.mean_test().cwiseAbs2()).mean(), 0.0));
  }
  return result;
}

}  // namespace fieldscan::theory
