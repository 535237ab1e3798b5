#include "fieldscan/scan/task/regimes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "cost.hpp"
#include "fieldscan/core/canonical.hpp"
#include "fieldscan/core/text.hpp"
#include "fieldscan/data/draw.hpp"
#include "fieldscan/theory/droplet/droplet.hpp"
#include "fieldscan/theory/effort.hpp"
#include "fieldscan/theory/finite_width/problem.hpp"

namespace fieldscan::scan {
namespace {

constexpr double regime_seconds = 10;

/// The point with no more training points than are looked at.
theory::Setting reduced_setting(const Point& point) {
  theory::Setting setting = setting_of(point);
  if (data::train_points(setting.data) > regime_points) setting.data.train_size = regime_points;
  return setting;
}

/// Networks that are samples of the posterior with all parameters, of one output, on a training set.
bool has_regime(const Point& point) {
  const Dynamics dynamics = dynamics_of(point.spec);
  const network::Spec& network = point.spec.network;
  return (is_sampling(dynamics) || is_alone(dynamics)) && network.train == network::Trained::all &&
         point.spec.ridge > 0 && data::train_points(point.spec.data) > 0;
}

std::string regime_key(const theory::Setting& setting) {
  return fmt::format("{}{}ridge={}\nseed={}\n", canonical_text("data", setting.data),
                     canonical_text("kernel", theory::kernel_spec(setting.network)), setting.ridge, setting.seed);
}

/// Seconds to make a draw: a file is read for it.
double draw_seconds(const theory::Setting& setting) {
  return std::holds_alternative<data::File>(setting.data.input) ? 1 : 1e-3;
}

/// E and tr(GK)/N without χ and N: tᵀKt and tr GK.
theory::Expansion expansion_at(const theory::Setting& setting) {
  const data::Draw draw = data::make_draw(setting.data, setting.seed, 0);
  return theory::expansion_of(theory::nngp_kernel(theory::kernel_spec(setting.network), draw.train.x), draw.train.label,
                              setting.ridge, 1, 1);
}

RegimeNumbers regime_numbers(const Point& point, const theory::Setting& setting, const theory::Expansion& whole) {
  const network::Spec& network = point.spec.network;
  const double width = network::last_width(network);
  return {.signal = network.chi / width * whole.signal,
          .trace = whole.trace / width,
          .points = static_cast<double>(data::train_points(point.spec.data)),
          .dimension = static_cast<double>(data::input_dimension(point.spec.data)),
          .width = width,
          .chi = network.chi,
          .linear = std::holds_alternative<network::Linear>(network.activation),
          .droplets = theory::Droplet{}.applicability(setting).applies};
}

void add_to_regimes(std::vector<Regime>& list, const RegimeNumbers& numbers) {
  const std::string theory = recommended_theory(numbers);
  auto regime = std::ranges::find(list, theory, &Regime::theory);
  if (regime == list.end())
    regime = list.insert(list.end(), {.theory = theory,
                                      .signal_low = numbers.signal,
                                      .signal_high = numbers.signal,
                                      .trace_low = numbers.trace,
                                      .trace_high = numbers.trace});
  ++regime->points;
  regime->signal_low = std::min(regime->signal_low, numbers.signal);
  regime->signal_high = std::max(regime->signal_high, numbers.signal);
  regime->trace_low = std::min(regime->trace_low, numbers.trace);
  regime->trace_high = std::max(regime->trace_high, numbers.trace);
}

std::string range_text(double low, double high) {
  return low == high ? fmt::format("{:.2g}", low) : fmt::format("{:.2g} … {:.2g}", low, high);
}

}  // namespace

std::string recommended_theory(const RegimeNumbers& n) {
  const bool rich = n.chi >= 0.1 * n.width;
  const auto alike = [](double a, double b) { return a <= 5 * b && b <= 5 * a; };
  if (n.linear) return "deep_linear";
  if (n.droplets && n.points >= 3 * n.dimension && rich) return "droplet";
  if (n.signal + n.trace <= 0.01) return "nngp";
  if (n.signal <= 0.5 && n.trace <= 0.3) return "perturbative";
  if (n.signal >= 2 && n.signal >= 3 * n.trace) return "kernel_adaptation";
  if (!rich && alike(n.points, n.width) && alike(n.points, n.dimension)) return "kernel_renormalisation";
  return "";
}

Regimes regimes_of(const Scan& scan, RegimeBudget budget) {
  Regimes out;
  std::map<std::string, theory::Expansion> known;
  scan.for_each_point([&](const Point& point) {
    if (!has_regime(point)) return true;
    const theory::Setting setting = reduced_setting(point);
    if (known.emplace(regime_key(setting), theory::Expansion{}).second)
      out.seconds += draw_seconds(setting) + theory::draw_cost(setting, 2, 1, 0).seconds;
    return true;
  });
  if (known.empty() || (budget == RegimeBudget::ten_seconds && out.seconds > regime_seconds)) return out;
  out.computed = true;
  known.clear();
  scan.for_each_point([&](const Point& point) {
    if (!has_regime(point)) return true;
    const theory::Setting setting = reduced_setting(point);
    const auto [at, is_new] = known.emplace(regime_key(setting), theory::Expansion{});
    if (is_new) at->second = expansion_at(setting);
    const auto points = static_cast<std::uint64_t>(data::train_points(point.spec.data));
    if (points > regime_points) out.largest = std::max(out.largest, points);
    add_to_regimes(out.list, regime_numbers(point, setting_of(point), at->second));
    return true;
  });
  return out;
}

std::string regimes_text(const Regimes& regimes) {
  if (regimes.seconds == 0) return "";
  std::string out = "  which theory of finite width where, by E = (χ/N) tᵀKt and tr(GK)/N of one draw\n";
  if (!regimes.computed)
    return out + fmt::format("    not computed: it would take about {:.0f} s; plan --regime does\n", regimes.seconds);
  for (const Regime& regime : regimes.list)
    out +=
        fmt::format("    {:<23} {:>5} points, E {}, tr(GK)/N {}\n",
                    regime.theory.empty() ? "none is known to hold" : regime.theory, regime.points,
                    range_text(regime.signal_low, regime.signal_high), range_text(regime.trace_low, regime.trace_high));
  if (regimes.largest > 0)
    out += fmt::format("    of the first {} of up to {} training points: both grow with their number\n", regime_points,
                       regimes.largest);
  return out;
}

std::string regimes_json(const Regimes& regimes) {
  if (!regimes.computed) return "null";
  std::string out;
  for (const Regime& r : regimes.list)
    out += fmt::format("{}{{\"theory\": \"{}\", \"points\": {}, \"signal\": [{}, {}], \"trace\": [{}, {}]}}",
                       out.empty() ? "" : ", ", r.theory, r.points, shortest(r.signal_low), shortest(r.signal_high),
                       shortest(r.trace_low), shortest(r.trace_high));
  return "[" + out + "]";
}

}  // namespace fieldscan::scan
