#include "fieldscan/theory/trajectory/langevin_dynamics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "../applicability.hpp"
#include "../rows.hpp"
#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/theory/concept.hpp"
#include "fieldscan/theory/effort.hpp"
#include "fieldscan/theory/trajectory/relaxation.hpp"

namespace fieldscan::theory {

static_assert(Theory<LangevinDynamics>);

const Card LangevinDynamics::card = {
    .formula =
        "f(t) = ψ(t) + Σ_{s<t} D(t, s)(y − f(s)), ψ ~ GP(0, K/χ): mean (1 + D)⁻¹D y, covariance (1 + D)⁻¹K(1 + D)⁻ᵀ/χ, "
        "K and D by recursion over layers with the weights' correlation (1 − ε)^(steps); at two times (1 + D)⁻¹K(1 + "
        "D)⁻ᵀ/χ between them, and ∂⟨f(t)⟩/∂y = 1 − Σ_{b ≥ t_w} (1 + D)⁻¹(t, b)",
    .source = "Y. Avidan, Q. Li, H. Sompolinsky, arXiv:2309.04522; at finite steps: derived, checked against networks",
    .regime =
        "the trainer langevin at N → ∞ with χ fixed, from the prior, P ≪ N; early the flow with Θ, at t ≫ 1/κ "
        "regression with K and ridge κ; stable for ε (1 + λ_max(Θ)/κ) < 2",
    .effort =
        "n log n in the number n of steps, P²(P + test points) of them per time; memory n P²: exact at every step"};

namespace relaxing {

namespace {

/// Steps at the finite times asked for, each once.
std::vector<double> steps_of(const std::vector<double>& times, double time_per_step) {
  std::vector<double> steps;
  for (const double time : times) {
    if (!std::isfinite(time)) continue;
    const double n = std::round(time / time_per_step);
    if (steps.empty() || n > steps.back()) steps.push_back(n);
  }
  return steps;
}

/// Of one network: the mean's error, and the variance of every output.
struct Shown {
  double chi = 1;
  double outputs = 1;
  double of(const Vector& variance) const { return variance.size() > 0 ? outputs * variance.mean() / chi : 0; }
};

void write(Writer& writer, const RelaxationState& state, const Shown& shown, const data::Draw& draw) {
  const double variance = shown.of(state.variance);
  writer.row(Observable::error_test, writer.predictor(state.mean, draw) + variance);
  writer.row(Observable::error_train,
             (draw.train.label - state.mean_train).squaredNorm() / static_cast<double>(state.mean_train.rows()) +
                 shown.of(state.variance_train));
  writer.row(listed("output_size"), state.mean.squaredNorm() / static_cast<double>(state.mean.rows()) + variance);
}

/// Of a network at a time and at the waiting time, which is earlier.
void write_pair(Writer& writer, const RelaxationState& now, const RelaxationState& waiting, const Shown& shown) {
  const RelaxationPair pair = between(now, waiting);
  const bool same = now.step == waiting.step;  // where rounding would leave something
  const auto points = static_cast<double>(now.mean_train.rows());
  const double scale = shown.outputs / shown.chi, covariance = scale * pair.covariance;
  const double moved = (now.mean_train - waiting.mean_train).squaredNorm() / points + shown.of(now.variance_train) +
                       shown.of(waiting.variance_train) - 2 * covariance;
  writer.row(listed("two_time_correlation"),
             now.mean_train.cwiseProduct(waiting.mean_train).sum() / points + covariance);
  writer.row(listed("displacement"), same ? 0 : std::max(moved, 0.0));
  writer.row(listed("response"), same ? 0 : shown.outputs * pair.response);
}

}  // namespace

}  // namespace relaxing

Applicability LangevinDynamics::applicability(const Setting& setting) const {
  if (is_alone(setting.dynamics)) {
    if (!step) return {false, "without training it has to be given its step"};
  } else if (!is_any<dynamics::Langevin>(setting.dynamics)) {
    return {false, "it describes Langevin dynamics, and the trainer is " + setting.trainer};
  } else if (!std::get<dynamics::Langevin>(setting.dynamics).from_prior) {
    return {false, "chains start from the prior there, and here from weights along the target"};
  } else if (step || waiting > 0) {
    return {false, "its own step and waiting are for `training: none`; here they are the trainer's"};
  }
  if (const Applicability posterior = needs_posterior(setting); !posterior.applies) return posterior;
  if (!(setting.ridge > 0)) return {false, "without a ridge there is no temperature"};
  if (std::ranges::none_of(setting.asked.times, [](double time) { return std::isfinite(time); }))
    return {false, "no time is asked for that is not the end of all times, which is the theory nngp"};
  return needs_draw(setting);
}

LangevinDynamics::Inputs LangevinDynamics::inputs(const Setting& setting) const {
  const auto* langevin = std::get_if<dynamics::Langevin>(&setting.dynamics);
  Inputs out{.kernel = kernel_spec(setting.network),
             .ridge = setting.ridge,
             .chi = setting.network.chi,
             .train = setting.network.train,
             .step = step.value_or(langevin ? langevin->step : 0),
             .waiting = langevin ? langevin->waiting : waiting,
             .times = {}};
  const double time_per_step = out.step / out.ridge;
  if (is_alone(setting.dynamics)) {
    for (const double n : relaxing::steps_of(setting.asked.times, time_per_step))
      out.times.push_back(n * time_per_step);
  } else {
    std::ranges::copy_if(setting.asked.times, std::back_inserter(out.times), [](double t) { return std::isfinite(t); });
  }
  return out;
}

Cost LangevinDynamics::cost(const Setting& setting) const {
  const Inputs in = inputs(setting);
  const double points = data::train_points(setting.data), test = data::test_points(setting.data);
  std::vector<double> steps = relaxing::steps_of(in.times, in.step / in.ridge);
  if (in.waiting <= in.times.back()) steps.push_back(std::round(in.waiting * in.ridge / in.step));
  const RelaxationWork work = relaxation_work(in.step, points, test, steps);
  const double average = seconds_per_pair(in.kernel, 0, Norms::different) + 10e-9;
  Cost cost = draw_cost(setting, 4, 1, work.bytes + kernel_bytes(points, points));
  cost.seconds += work.averages * average + work.operations / 1.2e10;
  return cost;
}

Result LangevinDynamics::predict(const Inputs& inputs, const data::Draw& draw) const {
  Result result;
  const Matrix tangent = tangent_kernel(inputs.kernel, inputs.train, draw.train.x);
  const double stiffest = tangent.rows() > 0 ? 1 + eigenvalues(tangent)[0] / inputs.ridge : 1;
  if (inputs.step * stiffest >= 2) {
    result.outcome = Outcome::diverged;
    result.reason =
        fmt::format("the step {:.3g} times the stiffest mode, 1 + λ_max(Θ)/κ = {:.4g}, is {:.3g}, stable below 2",
                    inputs.step, stiffest, inputs.step * stiffest);
    return result;
  }
  const std::vector<double> steps = relaxing::steps_of(inputs.times, inputs.step / inputs.ridge);
  const Relaxation relaxation(inputs.kernel, inputs.train, {inputs.step, inputs.ridge}, draw.train.x,
                              static_cast<Index>(steps.back()));
  const relaxing::Shown shown{inputs.chi, static_cast<double>(draw.train.label.cols())};
  const auto waiting = static_cast<Index>(std::round(inputs.waiting * inputs.ridge / inputs.step));
  std::optional<RelaxationState> earlier;
  if (waiting <= static_cast<Index>(steps.back()) && draw.train.x.rows() > 0)
    earlier = relaxation.at(waiting, draw.train.label, draw.test.x.topRows(0));
  for (std::size_t k = 0; k < steps.size(); ++k) {
    const auto step_now = static_cast<Index>(steps[k]);
    const RelaxationState state = relaxation.at(step_now, draw.train.label, draw.test.x);
    Writer writer(result, inputs.times[k]);
    relaxing::write(writer, state, shown, draw);
    if (earlier && step_now >= waiting) relaxing::write_pair(writer, state, *earlier, shown);
    writer.residual(state.residual);
  }
  return result;
}

}  // namespace fieldscan::theory
