#include "fieldscan/theory/kernel/order_chaos.hpp"

#include <algorithm>
#include <boost/math/differentiation/finite_difference.hpp>
#include <cmath>
#include <limits>
#include <optional>

#include "fieldscan/core/solve/root.hpp"

namespace fieldscan::theory {

namespace {

constexpr double largest_variance = 1e12, smallest_variance = 1e-12;
constexpr double step = 1.25;              ///< of the search for a bracket
constexpr double critical_margin = 1e-12;  ///< |χ_1 − 1| up to which the correlation counts as critical

using Root = solve::Solved<double>;

Root known(double value) { return {.value = value, .converged = true}; }

/// The excess of a map over its argument carries the rounding of both.
template <class F>
Root root(F&& excess, double low, double high) {
  return solve::root_between(excess, low, high, {.steps = 200, .rounding = 1e-12 * high});
}

class Maps {
 public:
  explicit Maps(const LayerMap& layer) : layer_(layer) {}

  double variance(double q) const {
    return layer_.weight_variance * network::average_equal(layer_.activation, q).value + layer_.bias_variance;
  }
  double variance_slope(double q) const {
    const auto relative = [&](double factor) { return variance(q * factor); };
    return boost::math::differentiation::finite_difference_derivative<decltype(relative), double, 8>(relative, 1.0) / q;
  }
  double slope_at_equal(double q) const {
    return layer_.weight_variance * network::average_equal(layer_.activation, q).derivative;
  }
  double correlation(double q, double c) const {
    return (layer_.weight_variance * network::average(layer_.activation, q, q, c * q).value + layer_.bias_variance) / q;
  }
  double correlation_slope(double q, double c) const {
    return layer_.weight_variance * network::average(layer_.activation, q, q, c * q).derivative;
  }

 private:
  const LayerMap& layer_;
};

/// q*: the first fixed point in the direction in which the variance moves at the start; none where it is beyond the
/// range, 0 below it.
std::optional<Root> fixed_variance(const Maps& maps, double start) {
  const auto excess = [&](double q) { return maps.variance(q) - q; };
  const double first = excess(start);
  if (std::abs(first) <= 1e-14 * start) return known(start);
  double near = start, far = start;
  if (first > 0) {
    while (excess(far) > 0) {
      near = far;
      far *= step;
      if (far > largest_variance) return std::nullopt;
    }
    return root(excess, near, far);
  }
  while (excess(far) < 0) {
    near = far;
    far /= step;
    if (far < smallest_variance) return maps.variance(0) > 0 ? root(excess, 0.0, near) : known(0);
  }
  return root(excess, far, near);
}

/// c* < 1 of the chaotic phase. The map is a power series with coefficients that are not negative, so it is convex and
/// has one fixed point below 1.
Root chaotic_correlation(const Maps& maps, double q) {
  const auto excess = [&](double c) { return maps.correlation(q, c) - c; };
  if (excess(0) <= 1e-15) return known(0);
  for (double distance = 0.1; distance > 1e-14; distance /= 4)
    if (excess(1 - distance) < 0) return root(excess, 0.0, 1 - distance);
  return known(1);
}

/// What a root that was not found means: of a map that is not finite, nothing of it is known.
DepthState state_of(const Root& root) {
  if (root.converged) return DepthState::finite;
  return std::isfinite(root.residual) ? DepthState::not_found : DepthState::beyond;
}

double length(double slope) {
  const double rate = -std::log(std::abs(slope));
  return rate > 0 ? 1 / rate : std::numeric_limits<double>::infinity();
}

}  // namespace

double DepthLimit::variance_length() const { return length(variance_slope); }
double DepthLimit::correlation_length() const { return length(correlation_slope); }

DepthLimit depth_limit(const LayerMap& layer) {
  const Maps maps(layer);
  DepthLimit limit;
  const double start = layer.weight_variance + layer.bias_variance;
  if (!(start <= largest_variance) || !std::isfinite(maps.variance(start))) {
    limit.state = DepthState::beyond;
    return limit;
  }
  const auto q = fixed_variance(maps, start);
  if (!q) {
    limit.state = DepthState::grows;
    return limit;
  }
  limit.state = state_of(*q);
  if (limit.state != DepthState::finite) return limit;
  limit.variance = q->value;
  if (q->value > 0) limit.residual = q->residual / q->value;
  limit.slope_at_equal = maps.slope_at_equal(limit.variance);
  if (limit.variance == 0) {  // with φ(0) = 0, the variance near zero is that of the linearised layer
    limit.state = DepthState::dies_out;
    limit.variance_slope = limit.slope_at_equal;
    return limit;
  }
  limit.variance_slope = maps.variance_slope(limit.variance);
  if (limit.variance_slope < -1) limit.state = DepthState::oscillates;
  const bool chaotic = limit.slope_at_equal > 1 + critical_margin;
  const Root c = chaotic ? chaotic_correlation(maps, limit.variance) : known(1);
  if (!c.converged) limit.state = state_of(c);
  limit.correlation = c.value;
  limit.residual = std::max(limit.residual, c.residual);
  limit.correlation_slope =
      limit.correlation < 1 ? maps.correlation_slope(limit.variance, limit.correlation) : limit.slope_at_equal;
  for (const double number :
       {limit.variance, limit.variance_slope, limit.slope_at_equal, limit.correlation, limit.correlation_slope})
    if (!std::isfinite(number)) limit.state = DepthState::beyond;
  return limit;
}

}  // namespace fieldscan::theory
