#include "fieldscan/theory/feature_dynamics/width_fluctuations.hpp"

#include <fmt/format.h>

#include <cmath>

#include "../rows.hpp"
#include "feature_descent.hpp"
#include "fieldscan/core/memory.hpp"
#include "fieldscan/theory/concept.hpp"
#include "fieldscan/theory/feature_dynamics/unit_fluctuations.hpp"

namespace fieldscan::theory {

static_assert(Theory<WidthFluctuations>);
static_assert(Sampled<WidthFluctuations>);

const Card WidthFluctuations::card = {
    .formula =
        "N Cov f = (1 + D)⁻¹ Cov[o, o] (1 + D)⁻ᵀ, o = aφ(h)σ_a/γ₀ of one unit, D = ⟨∂o(t)/∂Δ(t′)⟩; at test points δf* = "
        "δo* − D*(1 + D)⁻¹ δo",
    .source = "B. Bordelon, C. Pehlevan, NeurIPS (2023); momentum, ridge, variances and test points: derived",
    .regime =
        "that of dmft with one hidden layer, N large; late in training the variance on the training set is below what is "
        "left out, of order 1/N², and from the first time on at which (η/χ) λ_max(Θ) + ηκ/χ > 2(1 + β), where differences "
        "grow, numbers are flagged; with a fresh test set, since with a shared one variance_init is that of a mean over "
        "draws",
    .effort = "samples × steps² × P² activations, and as often the test points at every time; (steps + 1)·P ≤ 1000"};

namespace {

constexpr double most_places = 1000;
/// Of the residuals, to differentiate by them: far above rounding; and so that many units cross a kink, the average
/// over them being smooth.
constexpr double smooth_difference = 0.003, kinked_difference = 0.3;

double last_step(const Dmft::Inputs& in) { return std::round(in.times.back() / in.time_per_step); }

double bytes_of(const Dmft::Inputs& in, double points, double test, double rank) {
  const double steps = last_step(in), places = (steps + 1) * points, times = static_cast<double>(in.times.size()),
               units = 2.0 * in.samples / WidthFluctuations::estimates;
  return 8 * (units * (steps * (5 * points + 4) + 2 * places + (times + 2) * test + rank) +
              WidthFluctuations::estimates * 2 * (places * places + times * places * test));
}

/// 16 populations, or fewer where one diverges.
std::vector<UnitFluctuations> populations_of(const FeatureProblem& problem, const std::vector<std::int64_t>& steps,
                                             int samples, const Stream& stream) {
  std::vector<UnitFluctuations> out;
  const Index pairs = samples / WidthFluctuations::estimates, tests = problem.test_own.size();
  const double difference = network::is_rectifier(problem.spec.activation) ? kinked_difference : smooth_difference;
  for (std::uint32_t b = 0; b < WidthFluctuations::estimates; ++b) {
    const Stream own_stream = stream.at(0, b);
    Matrix normals(pairs, 1 + problem.train_root.cols()), own(tests > 0 ? pairs : 0, tests);
    own_stream.normals({normals.data(), static_cast<std::size_t>(normals.size())});
    own_stream.normals({own.data(), static_cast<std::size_t>(own.size())}, static_cast<std::uint64_t>(normals.size()));
    const UnitSample sample = paired_units(normals, own, moments_of(pairs, normals.cols()));
    UnitFluctuations one = unit_fluctuations(problem, sample, steps, difference);
    if (one.response.size() == 0) break;
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace

Applicability WidthFluctuations::applicability(const Setting& setting) const {
  if (Applicability descent = needs_feature_descent(setting, learning_rate, momentum); !descent.applies) return descent;
  if (setting.network.depth > 1) return {false, "of several hidden layers the fluctuations are not known here"};
  if (setting.network.centred)
    return {false, "the output at initialisation is subtracted, and what then fluctuates is not known here"};
  if (setting.data.test_set == data::TestSet::shared)
    return {false, "with a shared test set variance_init is that of a mean over data draws; it takes a fresh one"};
  const double places = (last_step(inputs(setting).descent) + 1) * data::train_points(setting.data);
  if (places > most_places)
    return {false, fmt::format("it takes a run of all units for each of (steps + 1)·P = {:.0f} residuals, and {:.0f} "
                               "are what it does: fewer, longer steps or fewer points",
                               places, most_places)};
  return {};
}

WidthFluctuations::Inputs WidthFluctuations::inputs(const Setting& setting) const {
  const Dmft mean{
      .learning_rate = learning_rate, .momentum = momentum, .averages = Dmft::Averages::sampled, .samples = samples};
  Inputs out{.descent = mean.inputs(setting), .width = network::last_width(setting.network)};
  out.descent.chi = std::nullopt;  // γ₀ and the width say it
  return out;
}

bool WidthFluctuations::sampled(const Inputs&) const { return true; }

Cost WidthFluctuations::cost(const Setting& setting) const {
  const Dmft::Inputs in = inputs(setting).descent;
  const double points = data::train_points(setting.data), test = data::test_points(setting.data),
               rank = input_rank(setting), steps = last_step(in), runs = 2 * steps * points, units = 2.0 * in.samples;
  const double each = 2e-9, step = points * (2 * points / flops_per_second + each),
               look = test * (2 * (points + rank) / flops_per_second + each) * static_cast<double>(in.times.size());
  return {.seconds = 1e-3 + units * runs * (steps * step + look) / 2,
          .bytes = bytes_of(in, points, test, rank),
          .threads = threads_of(points)};
}

Result WidthFluctuations::predict(const Inputs& inputs, const data::Draw& draw, const Stream& stream) const {
  const Dmft::Inputs& in = inputs.descent;
  require_memory(bytes_of(in, static_cast<double>(draw.train.x.rows()), static_cast<double>(draw.test.x.rows()),
                          static_cast<double>(draw.train.x.cols() + 1)),
                 fmt::format("the fluctuations of {} points over {:.0f} steps", draw.train.x.rows(), last_step(in)));
  const FeatureProblem problem = feature_problem(
      in.kernel, in.richness,
      {.step = in.step, .momentum = in.momentum, .pull = in.step * in.ridge, .anchor = in.anchor}, draw);
  const std::vector<std::int64_t> steps = steps_at(in.times, in.time_per_step);
  const std::vector<UnitFluctuations> all = populations_of(problem, steps, in.samples, stream);
  Result result;
  if (all.size() < static_cast<std::size_t>(estimates)) {
    result.outcome = Outcome::diverged;
    result.reason = "the training error grows above 10⁴ times its first value";
    return result;
  }
  // All populations in one, and without each of them in turn: the jackknife.
  std::vector<std::vector<const UnitFluctuations*>> parts(estimates + 1);
  for (int b = 0; b <= estimates; ++b)
    for (int c = 0; c < estimates; ++c)
      if (c != b) parts[static_cast<std::size_t>(b)].push_back(&all[static_cast<std::size_t>(c)]);
  Matrix value(estimates + 1, std::ssize(steps));
  std::vector<Matrix> tangent;
  for (Index b = 0; b <= estimates; ++b) {
    const UnitFluctuations average = average_of(parts[static_cast<std::size_t>(b)]);
    for (Index k = 0; k < value.cols(); ++k)
      value(b, k) = scaled_variance(average, static_cast<std::size_t>(k)).mean() / inputs.width;
    if (b == estimates) tangent = average.tangent;
  }
  Flag flag = Flag::none;
  for (Index k = 0; k < value.cols(); ++k) {
    const auto without = value.col(k).head(estimates).array();
    const double error = std::sqrt((without - without.mean()).square().sum() * (estimates - 1.0) / estimates);
    const auto at = static_cast<std::size_t>(k);
    if (!(instability(tangent[at], problem.descent) <= 1)) flag = Flag::outside_validity;  // from here on
    Writer(result, in.times[at], flag).row(Observable::variance_init, value(estimates, k), 0, error);
  }
  return result;
}

}  // namespace fieldscan::theory
