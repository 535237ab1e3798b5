#include "curve_number.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>

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
  const Quantity found = bootstrapped(f, curve.y, named.seed, named.name);
  if (found.has_value()) return found;
  // A curve that rises towards the level from below, or falls towards it from above, may still meet it beyond its end.
  const double first = curve.y.front().value - d.level, last = curve.y.back().value - d.level;
  const bool approaches = std::abs(last) <= std::abs(first);
  const double end = approaches ? curve.x.back() : curve.x.front();
  const auto crossing_or_end = [&](std::span<const double> y) {
    const double at = f(y);
    return std::isnan(at) ? end : at;
  };
  Quantity bound = bootstrapped(crossing_or_end, curve.y, named.seed, named.name);
  bound.censored = approaches ? Censored::above : Censored::below;
  return bound;
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
  Quantity result = bootstrapped(f, curve.y, named.seed, named.name);
  std::vector<double> turned;
  for (const Quantity& q : curve.y) turned.push_back(sign * q.value);
  const Extremum e = minimum(curve.x, turned, axis);
  // At an end of the curve it is the best of what was looked at, and a bound of what lies further on.
  if (e.first || e.last) {
    const bool below = place ? e.first : sign > 0;
    result.censored = below ? Censored::below : Censored::above;
  }
  return result;
}

Quantity number_of(const scan::Slope&, const NamedCurve& named) {
  return fit_power_law(named.curve.x, named.curve.y, named.curve.order).exponent;
}

Quantity number_of(const scan::PointValue&, const NamedCurve& named) { return named.curve.y.back(); }

}  // namespace

Quantity number_of_curve(const scan::Define& d, const Curve& curve, std::uint64_t seed) {
  if (curve.x.size() < 2)
    return no_quantity(
        curve.why_none(fmt::format("{}: the curve has {} yet", d.name, counted(curve.x.size(), "point"))));
  Quantity number = std::visit([&](const auto& kind) { return number_of(kind, {curve, seed, d.name}); }, d.kind);
  if (!number.has_value())  // it says what its curve stands on, all the same
    for (const Quantity& y : curve.y) {
      number.unequilibrated = std::max(number.unequilibrated, y.unequilibrated);
      number.unconverged = std::max(number.unconverged, y.unconverged);
    }
  return number;
}

}  // namespace fieldscan::analysis
