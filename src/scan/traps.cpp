#include "traps.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "fieldscan/training/list.hpp"
#include "kernel_scale.hpp"

namespace fieldscan::scan {
namespace {

Place place_of(const Variant& variant, std::string path) {
  while (true) {
    if (const auto found = variant.places.find(path); found != variant.places.end()) return found->second;
    const auto dot = path.rfind('.');
    if (dot == std::string::npos) return {1, 1};
    path.resize(dot);
  }
}

bool has_bias(const network::Spec& network) {
  return std::ranges::any_of(network.bias_variance.values, [](double v) { return v > 0; });
}

/// Odd levels above one that a target has.
std::vector<int> high_odd_levels(const data::TargetChoice& target) {
  std::vector<int> odd;
  if (const auto* g = std::get_if<data::Gegenbauer>(&target)) {
    for (const auto& [level, power] : g->levels)
      if (level >= 3 && level % 2 == 1 && power > 0) odd.push_back(level);
  } else if (const auto* h = std::get_if<data::Hermite>(&target)) {
    for (std::size_t k = 3; k < h->coefficients.size(); k += 2)
      if (h->coefficients[k] != 0) odd.push_back(static_cast<int>(k));
  }
  return odd;
}

void warn_of_invisible_levels(const PointSpec& spec, const Variant& variant, Report& report) {
  const bool rectifier = std::holds_alternative<network::Relu>(spec.network.activation) ||
                         std::holds_alternative<network::LeakyRelu>(spec.network.activation);
  if (!rectifier || spec.network.depth != 1 || has_bias(spec.network)) return;
  const auto odd = high_odd_levels(spec.data.target);
  if (odd.empty()) return;
  report.warning("FS0601", place_of(variant, "data.target"), "data.target",
                 fmt::format("a bias-free one-hidden-layer ReLU network cannot see odd levels above one: level {} of "
                             "the target stays unlearned",
                             fmt::join(odd, ", ")),
                 "give the network biases (network.bias_variance), another activation, or leave these levels out");
}

void warn_of_hermite_on_sphere(const PointSpec& spec, const Variant& variant, Report& report) {
  if (!std::holds_alternative<data::Hermite>(spec.data.target) ||
      !std::holds_alternative<data::Sphere>(spec.data.input))
    return;
  report.warning("FS0602", place_of(variant, "data.target"), "data.target",
                 "Hermite components are not orthogonal on the sphere (only for normal inputs, and as dim → ∞)",
                 "use {kind: gegenbauer, levels: …} on the sphere, or {kind: gaussian} inputs");
}

void warn_of_adam_ridge(const PointSpec& spec, const Variant& variant, Report& report) {
  if (!std::holds_alternative<training::Adam>(spec.training) || !variant.places.contains("ridge") || spec.ridge == 0)
    return;
  report.warning("FS0609", place_of(variant, "ridge"), "ridge", "adam does not use the ridge: only theories see it",
                 "its own decay is training.weight_decay");
}

void warn_of_long_step(const PointSpec& spec, const Variant& variant, Report& report) {
  const auto* langevin = std::get_if<training::Langevin>(&spec.training);
  if (!langevin) return;
  const Sizes sizes = sizes_of(spec);
  const auto limit = largest_stable_step(spec, sizes, kernel_scale_of(spec, sizes));
  if (!limit || langevin->step <= *limit) return;
  report.warning("FS0611", place_of(variant, "training.step"), "training.step",
                 fmt::format("the step {:.3g} lies beyond the longest stable one, some {:.1g}: the chains will diverge",
                             langevin->step, *limit),
                 "a shorter step (its bias is a share ε k/2 of a mode's variance), a larger ridge, or hmc");
}

void warn_of_few_members(const Block& block, const Point& point, Report& report) {
  const Ensemble& e = block.ensemble;
  if (!trains(point.spec) || e.until) return;
  const bool sampler = training::is_sampler(point.spec.training);
  const int members = sampler ? e.data_draws * e.initialisations : std::max(e.data_draws, e.initialisations);
  if (members >= 8) return;
  report.warning("FS0603", block.place, "ensemble",
                 fmt::format("{} data draws × {} {} are too few for an interval: a mean needs 8 members{}",
                             e.data_draws, e.initialisations, sampler ? "chains" : "initialisations",
                             sampler ? "" : " in the level with the larger variance"),
                 "raise ensemble.data_draws or ensemble.initialisations (fits need 20)");
}

/// The population error is a quadratic form only for networks without bias that are linear in x.
std::optional<std::string> exact_test_problem(const PointSpec& spec) {
  if (!spec.data.test_size.is(data::TestSizeWord::exact)) return std::nullopt;
  if (std::holds_alternative<network::Linear>(spec.network.activation) && !has_bias(spec.network)) return std::nullopt;
  return "test_size: exact needs a network that is linear in x (activation linear, no bias)";
}

}  // namespace

bool trains(const PointSpec& spec) { return !std::holds_alternative<training::None>(spec.training); }

void check_point(PointSpec& spec, const Variant& variant) {
  if (const auto problem = first_problem(point_schema(), &spec, ""))
    throw PointFailure{"FS0113", place_of(variant, problem->path), problem->path, problem->text, ""};
  if (const auto text = training::precision_problem(spec.training, spec.precision))
    throw PointFailure{"FS0113", place_of(variant, "precision"), "precision", "precision 'single': " + *text,
                       "leave `precision` out, or take another trainer"};
  if (const auto text = exact_test_problem(spec))
    throw PointFailure{"FS0113", place_of(variant, "data.test_size"), "data.test_size", *text,
                       "give a number of test points"};
  const bool sampler = training::is_sampler(spec.training);
  if (sampler && !(spec.ridge > 0))
    throw PointFailure{"FS0610", place_of(variant, variant.places.contains("ridge") ? "ridge" : "training"), "ridge",
                       "ridge 0 with a sampler: the posterior exp(−U) does not exist at temperature 0",
                       "give a positive ridge, or use gradient_descent"};
  if (const auto text = training::problem(spec.training, spec.network, spec.data, spec.ridge))
    throw PointFailure{"FS0113", place_of(variant, "training"), "training", *text, ""};
}

void warn_of_traps(const Block& block, const Point& point, const Variant& variant, Report& report) {
  warn_of_invisible_levels(point.spec, variant, report);
  warn_of_hermite_on_sphere(point.spec, variant, report);
  warn_of_adam_ridge(point.spec, variant, report);
  warn_of_long_step(point.spec, variant, report);
  warn_of_few_members(block, point, report);
}

}  // namespace fieldscan::scan
