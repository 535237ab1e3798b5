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
#include "fieldscan/theory/finite_width/deep_adaptation.hpp"
#include "fieldscan/theory/finite_width/deep_linear.hpp"
#include "fieldscan/theory/finite_width/kernel_adaptation.hpp"
#include "fieldscan/theory/finite_width/kernel_renormalisation.hpp"
#include "fieldscan/theory/finite_width/perturbative.hpp"
#include "fieldscan/theory/finite_width/problem.hpp"
#include "recommendation.hpp"

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
  const bool posterior = is_sampling(dynamics) || (is_alone(dynamics) && network.initial == network::Initial{});
  return posterior && !is_convolutional(network.architecture) && network.train == network::Trained::all &&
         point.spec.ridge > 0 && data::train_points(point.spec.data) > 0;
}

std::string regime_key(const theory::Setting& setting) {
  return fmt::format("{}{}ridge={}\nseed={}\n", canonical_text("data", setting.data),
                     canonical_text("kernel", theory::kernel_spec(setting.network)), setting.ridge, setting.seed);
}

/// What is known of one data set, kernel and κ.
struct Looked {
  theory::Setting setting;
  int draws = 0;  ///< wanted
  std::vector<theory::Expansion> expansions = {};
};

double pool_seconds(const theory::Setting& setting) {
  return std::holds_alternative<data::File>(setting.data.input) ? 1 : 0;
}
double draw_seconds(const theory::Setting& setting) { return 1e-3 + theory::draw_cost(setting, 2, 1, 0).seconds; }

/// E and tr(GK)/N without χ and N: tᵀKt and tr GK.
std::vector<theory::Expansion> expansions_of(const theory::Setting& setting, int draws) {
  const auto pool = data::load_pool(setting.data);
  std::vector<theory::Expansion> all;
  for (int r = 0; r < draws; ++r) {
    const data::Draw draw = data::make_draw(setting.data, pool, setting.seed, r);
    all.push_back(theory::expansion_of(theory::nngp_kernel(theory::kernel_spec(setting.network), draw.train.x),
                                       draw.train.label, setting.ridge, 1, 1));
  }
  return all;
}

std::vector<std::string_view> applicable_theories(const theory::Setting& setting) {
  std::vector<std::string_view> names;
  const auto look_at = [&]<class T>(const T& theory) {
    if (theory.applicability(setting).applies) names.push_back(T::kind);
  };
  look_at(theory::DeepLinear{});
  look_at(theory::Perturbative{});
  look_at(theory::KernelRenormalisation{});
  look_at(theory::KernelAdaptation{});
  look_at(theory::Droplet{});
  if (theory::DeepAdaptation{.closure = theory::DeepClosure::sampled}.applicability(setting).applies)
    names.push_back(sampled_adaptation);
  return names;
}

/// The recommendations of the middle half of the draws by E, each once: a few draws with strong labels do not count.
void add_to_regimes(std::vector<Regime>& list, const Point& point, std::vector<theory::Expansion> expansions) {
  const network::Spec& network = point.spec.network;
  const double width = network::last_width(network);
  RegimeNumbers numbers{.points = static_cast<double>(data::train_points(point.spec.data)),
                        .dimension = static_cast<double>(data::input_dimension(point.spec.data)),
                        .width = width,
                        .chi = network.chi,
                        .applicable = applicable_theories(setting_of(point))};
  std::ranges::sort(expansions, {}, &theory::Expansion::signal);
  Regime own{.points = 1, .signal_low = 1e300, .trace_low = 1e300};
  const std::size_t tail = expansions.size() / 4;
  for (std::size_t k = 0; k < expansions.size(); ++k) {
    numbers.signal = network.chi / width * expansions[k].signal;
    numbers.trace = expansions[k].trace / width;
    if (k >= tail && k + tail < expansions.size())
      for (const std::string& theory : recommended_theories(numbers))
        if (std::ranges::find(own.theories, theory) == own.theories.end()) own.theories.push_back(theory);
    own.signal_low = std::min(own.signal_low, numbers.signal);
    own.signal_high = std::max(own.signal_high, numbers.signal);
    own.trace_low = std::min(own.trace_low, numbers.trace);
    own.trace_high = std::max(own.trace_high, numbers.trace);
  }
  std::ranges::sort(own.theories);
  const auto same = std::ranges::find(list, own.theories, &Regime::theories);
  if (same == list.end()) {
    list.push_back(own);
    return;
  }
  ++same->points;
  same->signal_low = std::min(same->signal_low, own.signal_low);
  same->signal_high = std::max(same->signal_high, own.signal_high);
  same->trace_low = std::min(same->trace_low, own.trace_low);
  same->trace_high = std::max(same->trace_high, own.trace_high);
}

std::string range_text(double low, double high) {
  return low == high ? fmt::format("{:.2g}", low) : fmt::format("{:.2g} … {:.2g}", low, high);
}

}  // namespace

Regimes regimes_of(const Scan& scan, RegimeBudget budget) {
  Regimes out;
  std::map<std::string, Looked> looked;
  double reading = 0;
  scan.for_each_point([&](const Point& point) {
    if (!has_regime(point)) return true;
    const theory::Setting setting = reduced_setting(point);
    const auto [at, is_new] = looked.try_emplace(regime_key(setting), Looked{.setting = setting});
    at->second.draws = std::max({at->second.draws, point.ensemble.data_draws, point.ensemble.theory_draws});
    if (is_new) reading += pool_seconds(setting), out.seconds += draw_seconds(setting);
    return true;
  });
  const double affordable = (regime_seconds - reading) / out.seconds;
  out.seconds += reading;
  if (looked.empty() || (budget == RegimeBudget::ten_seconds && !(affordable >= 1))) return out;
  const int most =
      budget == RegimeBudget::any ? regime_draws : static_cast<int>(std::min(affordable, 1.0 * regime_draws));
  for (auto& [key, one] : looked) {
    one.expansions = expansions_of(one.setting, std::min(one.draws, most));
    out.draws = std::max(out.draws, std::min(one.draws, most));
  }
  scan.for_each_point([&](const Point& point) {
    if (!has_regime(point)) return true;
    const auto points = static_cast<std::uint64_t>(data::train_points(point.spec.data));
    if (points > regime_points) out.largest = std::max(out.largest, points);
    add_to_regimes(out.list, point, looked.at(regime_key(reduced_setting(point))).expansions);
    return true;
  });
  return out;
}

std::string regimes_text(const Regimes& regimes) {
  if (regimes.seconds == 0) return "";
  std::string out =
      "  which theory of finite width where, by E = (χ/N) tᵀKt and tr(GK)/N, K the kernel at initialisation";
  if (regimes.draws == 0)
    return out + fmt::format("\n    not computed: it would take about {:.0f} s; plan --regime does\n", regimes.seconds);
  out += fmt::format(", of {}\n", regimes.draws == 1 ? "one draw" : fmt::format("{} draws", regimes.draws));
  bool several = false;
  for (const Regime& regime : regimes.list) {
    several |= regime.theories.size() > 1;
    const std::string names = fmt::format("{}", fmt::join(regime.theories, ", "));
    out += fmt::format("    {:<41} {:>5} points, E {}, tr(GK)/N {}\n", names.empty() ? "none is known to hold" : names,
                       regime.points, range_text(regime.signal_low, regime.signal_high),
                       range_text(regime.trace_low, regime.trace_high));
  }
  if (several)
    out += "    several: between their regimes, or draws differ; run them side by side (a figure of style: regions)\n";
  if (regimes.largest > 0)
    out += fmt::format("    of the first {} of up to {} training points: both grow with their number\n", regime_points,
                       regimes.largest);
  return out;
}

std::string regimes_json(const Regimes& regimes) {
  if (regimes.draws == 0) return "null";
  std::string out;
  for (const Regime& r : regimes.list) {
    std::string names;
    for (const std::string& theory : r.theories) names += fmt::format("{}\"{}\"", names.empty() ? "" : ", ", theory);
    out += fmt::format("{}{{\"theories\": [{}], \"points\": {}, \"signal\": [{}, {}], \"trace\": [{}, {}]}}",
                       out.empty() ? "" : ", ", names, r.points, shortest(r.signal_low), shortest(r.signal_high),
                       shortest(r.trace_low), shortest(r.trace_high));
  }
  return "[" + out + "]";
}

}  // namespace fieldscan::scan
