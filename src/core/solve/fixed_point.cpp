#include "fieldscan/core/solve/fixed_point.hpp"

#include <cassert>
#include <cmath>
#include <deque>
#include <limits>

namespace fieldscan::solve {

namespace {

constexpr double growth_allowed = 10;

/// An iterate with what the map proposes beyond it.
struct Iterate {
  Vector x, change;  ///< x, g(x) − x
};

/// Where the combination of the iterates with the least linearised residual is, after a step from it.
Vector mixed(const std::deque<Iterate>& past, double mixing) {
  const Iterate& last = past.back();
  const Vector plain = last.x + mixing * last.change;
  const auto columns = static_cast<Index>(past.size()) - 1;
  if (columns == 0) return plain;
  Matrix x(last.x.size(), columns), change(last.x.size(), columns);
  for (Index k = 0; k < columns; ++k) {
    x.col(k) = past[static_cast<std::size_t>(k) + 1].x - past[static_cast<std::size_t>(k)].x;
    change.col(k) = past[static_cast<std::size_t>(k) + 1].change - past[static_cast<std::size_t>(k)].change;
  }
  const Vector weight = change.colPivHouseholderQr().solve(last.change);
  const Vector next = plain - (x + mixing * change) * weight;
  return next.allFinite() ? next : plain;
}

}  // namespace

Solved<Vector> fixed_point(const std::function<Vector(const Vector&)>& map, const Vector& start,
                           const FixedPointLimits& limits) {
  assert(limits.unit > 0 && limits.mixing > 0 && limits.memory >= 0);
  Solved<Vector> out{.value = start, .residual = std::numeric_limits<double>::infinity()};
  std::deque<Iterate> past;
  Vector best_change = Vector::Zero(start.size()), x = start;
  while (out.steps < limits.steps) {
    past.push_back({x, map(x) - x});
    ++out.steps;
    const double size = x.norm(), residual = past.back().change.norm() / std::max(size, limits.unit);
    if (!std::isfinite(residual) || size > limits.largest) {
      if (past.size() == 1) {  // the map itself led there
        out.value = x;
        out.residual = residual;
        return out;
      }
      past.clear();
      x = out.value + limits.mixing * best_change;
      continue;
    }
    const bool grows = residual > growth_allowed * out.residual;
    if (residual < out.residual) {
      out.value = x;
      out.residual = residual;
      best_change = past.back().change;
    }
    out.converged = residual <= limits.tolerance;
    if (out.converged) return out;
    while (past.size() > 1 && (grows || std::ssize(past) > limits.memory + 1)) past.pop_front();
    x = mixed(past, limits.mixing);
  }
  return out;
}

}  // namespace fieldscan::solve
