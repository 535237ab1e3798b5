#include "fieldscan/theory/feature_dynamics/dmft.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "feature_descent.hpp"
#include "feature_rows.hpp"
#include "fieldscan/core/memory.hpp"
#include "fieldscan/theory/concept.hpp"
#include "fieldscan/theory/effort.hpp"
#include "fieldscan/theory/feature_dynamics/layers_in_time.hpp"
#include "populations.hpp"

namespace fieldscan::theory {

static_assert(Theory<Dmft>);
static_assert(Sampled<Dmft>);

const Card Dmft::card = {
    .formula =
        "one hidden layer: c ← c + e Δ∘aφ′(h), a ← a + e φ(h)·Δ, h = h₀ + K c, f = σ_a⟨aφ(h)⟩/γ₀, Δ = y − f, e = η γ₀ "
        "σ_a/χ, γ₀² = χ/N; several: h = u + Σ_{t′<t} (A + e Δ Φ) g, z = r + Σ_{t′≤t} (B + e Δ G) φ with Gaussian u, r and "
        "responses A = ⟨∂φ/∂r⟩, B = ⟨∂g/∂u⟩",
    .source =
        "B. Bordelon, C. Pehlevan, NeurIPS (2022); G. Yang, E. Hu, ICML (2021); momentum, ridge and variances: derived",
    .regime =
        "full-batch gradient descent with a fixed rate, η ∝ χ ∝ N → ∞ (γ₀ fixed), in the ntk or mup parameterisation; "
        "networks fluctuate by 1/√N around it, more for small γ₀ unless they are centred, and their mean is off by "
        "1/N. Flagged where χ is not large: where the variance ⟨K⟩/χ of the output at initialisation, unless that is "
        "subtracted, is more than 5% of the training error at the start (`validity`); and from the first time on at "
        "which (η/χ) λ_max(Θ) + ηκ/χ > 2(1 + β), where trajectories of networks part from it",
    .effort =
        "one hidden layer: samples × steps × (P² + P activations) four times, and samples × P·test points at every time; "
        "deeper: samples × n³ for n = (steps + 1)·P ≤ 200 and every response, and memory samples/4 × n² × 8 bytes; "
        "responses from correlations: samples × n², n ≤ 2500, memory samples/4 × n × 40 bytes a layer"};

namespace {

constexpr double most_places = 200, most_correlated_places = 2500;  ///< (steps + 1) P of a deep network
constexpr int deepest = 3;
constexpr double largest_initial_share = 0.05;  ///< of the output at initialisation in the error at the start
/// Products with P columns wait for memory: of Jacobians always, of correlations the less the more points there are.
double deep_flops_per_second(Dmft::Form responses, double points) {
  return responses == Dmft::Form::jacobians ? 1e10 : std::min(1.2e10 + 2e9 * points, 4.5e10);
}

double nodes_of(const Dmft::Inputs& in, double rank) {
  if (in.samples > 0) return 4.0 * in.samples;  // pairs, once whole and once in halves
  if (std::holds_alternative<network::Linear>(in.kernel.activation)) return rank + 1;
  return rank < 2 ? 5e4 : 2e5;
}

double last_step(const Dmft::Inputs& in) { return std::round(in.times.back() / in.time_per_step); }

/// One population of one hidden layer.
Cost cost_of_units(const Dmft::Inputs& in, double points, double test, double rank) {
  const double nodes = nodes_of(in, rank), held = in.samples > 0 ? 2.0 * in.samples / unit_populations : nodes;
  const double each = 2e-9;  // an activation with its derivative, and what is done with it
  const double step = points * (2 * points / flops_per_second + each),
               look = test * (2 * (points + rank) / flops_per_second + each) + 4 * points * points / flops_per_second;
  return {.seconds = 1e-3 + nodes * (last_step(in) * step + static_cast<double>(in.times.size()) * look),
          .bytes = 8 * held * (6 * points + 2 * rank + 3 * test) + 32 * points * points,
          .threads = threads_of(points)};
}

Responses responses_of(const Dmft::Inputs& in) {
  return in.responses == Dmft::Form::jacobians ? Responses::all : Responses::by_correlations;
}

Cost cost_of_layers(const Dmft::Inputs& in, double points, double test) {
  const double depth = in.kernel.depth, places = (last_step(in) + 1) * points,
               times = static_cast<double>(in.times.size()),
               units = 4.0 * in.samples;  // once whole and once in halves
  const bool jacobians = in.responses == Dmft::Form::jacobians;
  const double cube = jacobians ? places * places * places / 2 : 0;
  const double march = (2 * depth - 2) * cube + (jacobians ? 4 : 6) * depth * places * places,
               look = times * test * ((depth - 1) * (jacobians ? places * places / 2 : places) + 3 * depth * places);
  return {.seconds = 1e-3 + units * 2 * (march + look) / deep_flops_per_second(in.responses, points),
          .bytes = LayersInTime::bytes(2.0 * in.samples / layer_populations, points, last_step(in), depth,
                                       responses_of(in))};
}

/// All times but the first ones, which are not asked for. Returns the flag of the last.
Flag write_times(Result& result, const Trajectories& all, const Dmft::Inputs& in, std::size_t first,
                 const DescentSteps& descent, const data::Draw& draw) {
  PopulationEstimate share;
  if (in.chi && reached(all) > 0)
    share = initial_share(all, in.kernel.readout_variance, *in.chi, data::one_output(draw.train.label));
  Flag flag = share.value <= largest_initial_share ? Flag::none : Flag::outside_validity;
  for (std::size_t k = 0; k < reached(all); ++k) {
    if (!(instability(mean_tangent(all, k), descent) <= 1)) flag = Flag::outside_validity;  // from here on
    if (k < first) continue;
    write_feature_state(result, all, k, in.times[k - first], flag, draw);
    if (in.chi)
      Writer(result, in.times[k - first], flag).row(Observable::validity, share.value, 0, share.standard_error);
  }
  return flag;
}

}  // namespace

Applicability Dmft::applicability(const Setting& setting) const {
  if (Applicability descent = needs_feature_descent(setting, learning_rate, momentum); !descent.applies) return descent;
  const int depth = setting.network.depth;
  if (depth > deepest) return {false, fmt::format("beyond {} hidden layers it was not compared with others", deepest)};
  const double steps = last_step(inputs(setting)), places = (steps + 1) * data::train_points(setting.data);
  if (depth > 1 && responses == Form::jacobians && places > most_places)
    return {
        false,
        fmt::format("its responses of deep networks take memory and time of n² and n³ numbers for each of {} units, "
                    "n = (steps + 1)·P = {:.0f}, and n ≤ {:.0f} is what it does: fewer, longer steps or fewer points, "
                    "or `responses: correlations`",
                    samples, places, most_places)};
  if (depth > 1 && places > most_correlated_places)
    return {false, fmt::format("n = (steps + 1)·P = {:.0f}, and n ≤ {:.0f} is what responses from correlations are "
                               "taken for: fewer, longer steps or fewer points",
                               places, most_correlated_places)};
  return {};
}

Dmft::Inputs Dmft::inputs(const Setting& setting) const {
  const FeatureDescent descent = feature_descent(setting, learning_rate, momentum);
  const KernelSpec kernel = kernel_spec(setting.network);
  const bool rule = averages == Averages::automatic && has_unit_rule(kernel, input_rank(setting));
  return {.kernel = kernel,
          .richness = descent.richness,
          .step = descent.step,
          .momentum = descent.momentum,
          .ridge = setting.ridge,
          .anchor = descent.anchor,
          .time_per_step = descent.time_per_step,
          .times = descent.times,
          .chi = setting.network.centred ? std::nullopt : std::optional(setting.network.chi),
          .samples = rule ? 0 : samples,
          .responses = kernel.depth > 1 ? responses : Form::jacobians};
}

bool Dmft::sampled(const Inputs& inputs) const { return inputs.samples > 0; }

Cost Dmft::cost(const Setting& setting) const {
  const Inputs in = inputs(setting);
  const double points = data::train_points(setting.data), test = data::test_points(setting.data);
  return in.kernel.depth == 1 ? cost_of_units(in, points, test, input_rank(setting)) : cost_of_layers(in, points, test);
}

Result Dmft::predict(const Inputs& inputs, const data::Draw& draw, const Stream& stream) const {
  const double points = static_cast<double>(draw.train.x.rows()), test = static_cast<double>(draw.test.x.rows()),
               rank = std::min(points, static_cast<double>(draw.train.x.cols() + 1));
  const Cost cost =
      inputs.kernel.depth == 1 ? cost_of_units(inputs, points, test, rank) : cost_of_layers(inputs, points, test);
  require_memory(cost.bytes, fmt::format("the units of {} points and {:.0f} steps", points, last_step(inputs)));
  const FeatureProblem problem = feature_problem(
      inputs.kernel, inputs.richness,
      {.step = inputs.step, .momentum = inputs.momentum, .pull = inputs.step * inputs.ridge, .anchor = inputs.anchor},
      draw);
  std::vector<std::int64_t> steps = steps_at(inputs.times, inputs.time_per_step);
  const std::size_t first = steps.front() > 0 ? 1 : 0;  // kernels change since the start
  if (first == 1) steps.insert(steps.begin(), 0);
  double residual = 0;
  const Trajectories all = inputs.samples > 0
                               ? sampled_trajectories(problem, steps, inputs.samples, stream, responses_of(inputs))
                               : rule_trajectory(problem, steps, residual);
  Result result;
  const std::size_t count = reached(all);
  const Flag flag = write_times(result, all, inputs, first, problem.descent, draw);
  if (count < steps.size()) {
    result.outcome = Outcome::diverged;
    result.reason = fmt::format("the training error is above 10⁴ times its first value after {} steps", steps[count]);
  }
  if (inputs.samples == 0 && count > first) Writer(result, inputs.times[count - 1 - first], flag).residual(residual);
  return result;
}

}  // namespace fieldscan::theory
