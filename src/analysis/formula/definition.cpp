#include "definition.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <tuple>

#include "../fit/fit.hpp"
#include "../quantity/bootstrap.hpp"
#include "../text/number.hpp"

namespace fieldscan::analysis {
namespace {

constexpr double not_known = std::numeric_limits<double>::quiet_NaN();

struct Transform {
  bool log = false;
  double forward(double x) const { return log ? std::log(x) : x; }
  double back(double u) const { return log ? std::exp(u) : u; }
  /// The same for abscissas from x on: zero (the start of the time) has no logarithm.
  Transform from(double x) const { return {log && x > 0}; }
};

/// Whether abscissas are spaced as a geometric series rather than as an arithmetic one: their steps vary less in log x
/// than in x. Those that are not positive do not count; two do not tell, and count as arithmetic; gaps, where a point
/// is missing, count in both.
bool spaced_in_log(std::span<const double> x) {
  while (!x.empty() && !(x.front() > 0)) x = x.subspan(1);
  if (x.size() < 3) return false;
  const auto variation = [&](const auto& at) {
    const double mean = (at(x.back()) - at(x.front())) / static_cast<double>(x.size() - 1);
    double square = 0;
    for (std::size_t k = 0; k + 1 < x.size(); ++k) square += std::pow((at(x[k + 1]) - at(x[k])) / mean - 1, 2);
    return square;
  };
  return variation([](double v) { return std::log(v); }) < variation([](double v) { return v; });
}

Transform axis_of(scan::Interpolation in, const Curve& curve) {
  using scan::Interpolation;
  return {in == Interpolation::log_x || (in == Interpolation::as_spaced && spaced_in_log(curve.x))};
}

/// First crossing of the level by the piecewise linear curve; NaN where there is none.
double crossing(std::span<const double> x, std::span<const double> y, double level, Transform axis) {
  for (std::size_t k = 0; k + 1 < x.size(); ++k) {
    const double a = y[k] - level, b = y[k + 1] - level;
    if (a == 0) return x[k];
    if ((a < 0) == (b < 0) && b != 0) continue;
    const Transform here = axis.from(x[k]);
    const double u = here.forward(x[k]), v = here.forward(x[k + 1]);
    return here.back(u + (v - u) * a / (a - b));
  }
  return not_known;
}

struct Extremum {
  double at = not_known;
  double value = not_known;
  bool first = false, last = false;  ///< at an end of the curve
};

/// Vertex of the parabola through the least point and its neighbours.
Extremum minimum(std::span<const double> x, std::span<const double> y, Transform axis) {
  const auto k = static_cast<std::size_t>(std::ranges::min_element(y) - y.begin());
  Extremum result{x[k], y[k], k == 0, k + 1 == x.size()};
  if (result.first || result.last) return result;
  const Transform here = axis.from(x[k - 1]);
  const double u = here.forward(x[k - 1]), v = here.forward(x[k]), w = here.forward(x[k + 1]);
  const double left = (y[k - 1] - y[k]) / (u - v), right = (y[k + 1] - y[k]) / (w - v);
  const double curvature = (right - left) / (w - u);
  if (!(curvature > 0)) return result;
  const double slope = left - curvature * (u - v);  // y = y_k + slope·(s − v) + curvature·(s − v)²
  const double shift = std::clamp(-0.5 * slope / curvature, u - v, w - v);
  return {here.back(v + shift), y[k] + slope * shift + curvature * shift * shift, false, false};
}

Quantity censored_at(const Curve& curve, double value, Censored side) {
  const std::vector<double> none(curve.y.size(), 0.0);
  Quantity result = combine(value, curve.y, none);
  result.censored = side;
  return result;
}

/// A curve, and what its resampling is keyed by.
struct NamedCurve {
  const Curve& curve;
  std::uint64_t seed;
  const std::string& name;
};

Quantity number_of(const scan::Crossing& d, const NamedCurve& named) {
  const Curve& curve = named.curve;
  const Transform axis = axis_of(d.in, curve);
  const auto f = [&](std::span<const double> y) { return crossing(curve.x, y, d.level, axis); };
  Quantity result = bootstrapped(f, curve.y, named.seed, named.name);
  if (result.has_value()) return result;
  // A curve that rises towards the level from below, or falls towards it from above, may still meet it beyond its end.
  const double first = curve.y.front().value - d.level, last = curve.y.back().value - d.level;
  const bool approaches = std::abs(last) <= std::abs(first);
  return approaches ? censored_at(curve, curve.x.back(), Censored::above)
                    : censored_at(curve, curve.x.front(), Censored::below);
}

template <scan::ExtremeWord which>
Quantity number_of(const scan::Extreme<which>& d, const NamedCurve& named) {
  using Word = scan::ExtremeWord;
  const Curve& curve = named.curve;
  const Transform axis = axis_of(d.in, curve);
  constexpr double sign = which == Word::argmax || which == Word::maximum ? -1 : 1;
  constexpr bool place = which == Word::argmin || which == Word::argmax;
  const auto f = [&](std::span<const double> y) {
    std::vector<double> turned(y.begin(), y.end());
    for (double& value : turned) value *= sign;
    const Extremum e = minimum(curve.x, turned, axis);
    return place ? e.at : sign * e.value;
  };
  if (place) {
    std::vector<double> turned;
    for (const Quantity& q : curve.y) turned.push_back(sign * q.value);
    const Extremum e = minimum(curve.x, turned, axis);
    if (e.first || e.last) return censored_at(curve, e.at, e.first ? Censored::below : Censored::above);
  }
  return bootstrapped(f, curve.y, named.seed, named.name);
}

Quantity number_of(const scan::Slope&, const NamedCurve& named) {
  return fit_power_law(named.curve.x, named.curve.y, named.curve.order).exponent;
}

Quantity number_of(const scan::PointValue&, const NamedCurve& named) { return named.curve.y.back(); }

/// Keys keep what tells the numbers apart. What all have in common comes from the definition's own `where`: a slope
/// taken at width 1024 can be compared with one taken at another width.
void forget_what_is_common(std::vector<DefinedNumber>& numbers) {
  if (numbers.empty()) return;
  const auto first = numbers.front().key;
  for (const auto& entry : first) {
    const bool common = std::ranges::all_of(numbers, [&](const DefinedNumber& number) {
      const auto found = number.key.find(entry.first);
      return found != number.key.end() && found->second == entry.second;
    });
    if (common)
      for (DefinedNumber& number : numbers) number.key.erase(entry.first);
  }
}

/// The value at the one site of a group. Several sites differ in what is neither an axis nor in `by`: none of them is
/// meant.
Quantity value_of_group(const Context& context, const scan::Define& d, const scan::Mentions& of,
                        const std::vector<Site>& sites) {
  if (sites.size() == 1) return evaluate(context, of, sites.front(), d.from);
  return no_quantity(
      fmt::format("{} is the value of one point, and {} points have it: say which by `where`, or tell "
                  "them apart by `by`",
                  d.name, sites.size()));
}

/// Why a site is no point of a curve, and how many are not for that reason.
struct LeftOut {
  std::size_t count = 0;
  Lack lack = Lack::nothing;
};

/// Not applicable where that is so everywhere; without numbers where one of them is.
Lack lack_of(const std::map<std::string, LeftOut>& problems, std::size_t sites) {
  if (problems.size() == 1 && problems.begin()->second.count == sites) return problems.begin()->second.lack;
  const bool without =
      std::ranges::any_of(problems, [](const auto& entry) { return entry.second.lack == Lack::no_numbers; });
  return without ? Lack::no_numbers : Lack::not_yet;
}

/// "no predictor of nngp yet" where that is so everywhere; else "2 of 7 points are left out: …".
std::string words_of_left_out(const std::map<std::string, LeftOut>& problems, const std::vector<Curve::Bound>& bounds,
                              std::size_t sites) {
  if (problems.size() == 1 && problems.begin()->second.count == sites) return problems.begin()->first;
  std::string text;
  for (const auto& [problem, left_out] : problems)
    text += fmt::format("{}{} of {} left out: {}", text.empty() ? "" : "; ", left_out.count, counted(sites, "point"),
                        problem);
  if (!bounds.empty())
    text += fmt::format("{}{} of {} left out: their numbers lie beyond the range that was looked at",
                        text.empty() ? "" : "; ", bounds.size(), counted(sites, "point"));
  return text;
}

/// The points of a curve in any order, and what is none.
struct CurveParts {
  std::vector<std::tuple<double, Quantity, Site>> points;
  std::map<std::string, LeftOut> problems;
  std::vector<Curve::Bound> bounds;
  std::size_t sites = 0;

  void add(const Quantity& x, const Quantity& y, const Site& site) {
    ++sites;
    if (!x.has_value() || !y.has_value()) {
      const Quantity& none = y.has_value() ? x : y;
      LeftOut& left_out = problems[none.problem];
      ++left_out.count;
      left_out.lack = none.lack;
    } else if (y.censored != Censored::no) {
      bounds.push_back({x.value, y.value, y.censored});
    } else {
      points.emplace_back(x.value, y, site);
    }
  }

  Curve curve(Power power) {
    std::ranges::stable_sort(points, {}, [](const auto& p) { return std::get<0>(p); });
    Curve result;
    result.order = power == Power::signed_square ? 2 : 1;
    for (auto& [x, y, site] : points) {
      result.x.push_back(x);
      result.y.push_back(std::move(y));
      result.sites.push_back(site);
    }
    result.bounds = bounds;
    result.left_out = words_of_left_out(problems, bounds, sites);
    result.lack = lack_of(problems, sites);
    return result;
  }
};

void evaluate_one(Context& context, const scan::Define& d) {
  Selection selection{.formulas = {context.resolve(d.of.text)},
                      .where = std::nullopt,
                      .names = d.by,
                      .at = d.at.text,
                      .theory = d.from,
                      .theories = {}};
  if (!d.from.empty()) selection.theories.push_back(d.from);
  if (!d.where.empty()) selection.where = context.resolve(d.where.text);
  std::set<std::string> free;
  const std::string axis = along_of(d);
  if (!axis.empty()) {
    selection.names.push_back(axis);
    free.merge(full_names(context, {axis}));
  }
  const scan::Mentions& of = selection.formulas[0];
  std::vector<DefinedNumber> numbers;
  std::vector<Group> groups = group_sites(context, select_sites(context, selection), free, d.by);
  if (!axis.empty()) groups = split_blocks(context, groups, context.resolve(axis));
  for (Group& group : groups) {
    DefinedNumber number{.site = group.sites.front(), .key = group.key, .quantity = {}};
    if (std::holds_alternative<scan::PointValue>(d.kind)) {
      number.quantity = value_of_group(context, d, of, group.sites);
    } else {
      const scan::Mentions along = context.resolve(axis);
      const Power power =
          std::holds_alternative<scan::Slope>(d.kind) && has_root(of) ? Power::signed_square : Power::plain;
      number.quantity = number_of_curve(d, make_curve(context, of, along, group.sites, d.from, power), context.seed);
    }
    numbers.push_back(std::move(number));
  }
  forget_what_is_common(numbers);
  context.definitions[d.name] = std::move(numbers);
}

}  // namespace

Quantity number_of_curve(const scan::Define& d, const Curve& curve, std::uint64_t seed) {
  if (curve.x.size() < 2)
    return no_quantity(
        curve.why_none(fmt::format("{}: the curve has {} yet", d.name, counted(curve.x.size(), "point"))));
  return std::visit([&](const auto& kind) { return number_of(kind, {curve, seed, d.name}); }, d.kind);
}

Missing Curve::why_none(const std::string& problem) const {
  if (left_out.empty()) return {problem};
  return {x.empty() && bounds.empty() ? left_out : problem + "; " + left_out, lack};
}

Curve make_curve(const Context& context, const scan::Mentions& of, const scan::Mentions& versus,
                 const std::vector<Site>& sites, const std::string& theory, Power power) {
  CurveParts parts;
  for (const Site& site : sites)
    parts.add(evaluate(context, versus, site), evaluate(context, of, site, theory, power), site);
  return parts.curve(power);
}

CurvePair make_curves(const Context& context, const scan::Mentions& of, const scan::Mentions& versus,
                      const std::vector<Site>& sites, const std::string& theory, Power power) {
  CurveParts measured, predicted;
  std::string draws;
  for (const Site& site : sites) {
    const Quantity x = evaluate(context, versus, site);
    const Pair pair = evaluate_pair(context, {of, site}, {of, site, theory}, power);
    measured.add(x, pair.a, site);
    predicted.add(x, pair.b, site);
    if (draws.empty()) draws = pair.draws;
  }
  return {measured.curve(power), predicted.curve(power), draws};
}

void evaluate_definitions(Context& context, const std::vector<scan::Define>& definitions) {
  for (const scan::Define& d : definitions) try {
      evaluate_one(context, d);
    } catch (const std::exception& error) {  // the others are evaluated; a test of this one says why
      const std::string problem = fmt::format("{} can not be evaluated: {}", d.name, error.what());
      context.definitions[d.name] = {{.site = {}, .key = {}, .quantity = no_quantity(problem)}};
    }
}

}  // namespace fieldscan::analysis
