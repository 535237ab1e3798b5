#include "fieldscan/core/solve/minimum.hpp"

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>
#include <vector>

namespace fieldscan::solve {

namespace {

constexpr double fall_wanted = 1e-4, slope_wanted = 0.9;
constexpr int most_bisections = 60;

/// One step with the change of the gradient along it.
struct Secant {
  Vector step, change;
};

/// −H g, with the inverse Hessian H of the remembered steps.
Vector direction_of(const std::deque<Secant>& past, const Vector& gradient) {
  Vector out = -gradient;
  std::vector<double> share(past.size());
  for (std::size_t k = past.size(); k-- > 0;) {
    share[k] = past[k].step.dot(out) / past[k].step.dot(past[k].change);
    out -= share[k] * past[k].change;
  }
  if (!past.empty()) out *= past.back().step.dot(past.back().change) / past.back().change.squaredNorm();
  for (std::size_t k = 0; k < past.size(); ++k)
    out += (share[k] - past[k].change.dot(out) / past[k].step.dot(past[k].change)) * past[k].step;
  return out;
}

struct Place {
  Vector x, gradient;
  double value = std::numeric_limits<double>::infinity();
};

Place place_at(const ValueAndGradient& f, Vector x) {
  Place out{.x = std::move(x), .gradient = {}};
  out.gradient.resize(out.x.size());
  out.value = f(out.x, out.gradient);
  if (!std::isfinite(out.value) || !out.gradient.allFinite()) out.value = std::numeric_limits<double>::infinity();
  return out;
}

/// A step along the direction that falls enough and flattens the slope, by bisection; the place itself where there is
/// none that rounding can tell from it.
Place next_place(const ValueAndGradient& f, const Place& from, const Vector& direction, double length) {
  const double slope = from.gradient.dot(direction);
  double low = 0, high = std::numeric_limits<double>::infinity();
  for (int k = 0; k < most_bisections; ++k) {
    Place next = place_at(f, from.x + length * direction);
    if (!(next.value <= from.value + fall_wanted * length * slope))
      high = length;
    else if (next.gradient.dot(direction) < slope_wanted * slope)
      low = length;
    else
      return next;
    length = std::isfinite(high) ? 0.5 * (low + high) : 2 * low;
  }
  return from;
}

double residual_of(const Place& at) { return at.gradient.cwiseAbs().maxCoeff(); }

}  // namespace

Solved<Vector> minimum(const ValueAndGradient& f, const Vector& start, const MinimumLimits& limits) {
  Place at = place_at(f, start);
  Solved<Vector> out{.value = start, .residual = std::numeric_limits<double>::infinity(), .steps = 1};
  if (!std::isfinite(at.value)) return out;
  std::deque<Secant> past;
  for (out.residual = residual_of(at); out.residual > limits.tolerance && out.steps < limits.steps; ++out.steps) {
    const Vector direction = direction_of(past, at.gradient);
    const double first = past.empty() ? std::min(1.0, 1 / at.gradient.norm()) : 1.0;
    Place next = next_place(f, at, direction, first);
    if (next.x == at.x) {
      if (past.empty()) break;  // not even along the gradient
      past.clear();
      continue;
    }
    past.push_back({next.x - at.x, next.gradient - at.gradient});
    if (!(past.back().step.dot(past.back().change) > 0)) past.pop_back();
    if (std::ssize(past) > limits.memory) past.pop_front();
    at = std::move(next);
    out.residual = residual_of(at);
  }
  out.value = at.x;
  out.converged =
      out.residual <= limits.tolerance || (out.steps < limits.steps && out.residual <= 1e4 * limits.tolerance);
  return out;
}

}  // namespace fieldscan::solve
