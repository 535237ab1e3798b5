#include "fieldscan/core/solve/convex.hpp"

#include <Eigen/Cholesky>
#include <cmath>

namespace fieldscan::solve {

namespace {

constexpr double sufficient = 1e-4, value_rounding = 1e-13, shortest_step = 1e-10;

bool is_finite(const Curvature& at) {
  return std::isfinite(at.value) && at.gradient.allFinite() && at.hessian.allFinite();
}

}  // namespace

Solved<Vector> convex_minimum(const std::function<Curvature(const Vector&)>& f, Vector start,
                              const ConvexLimits& limits) {
  Solved<Vector> out{.value = std::move(start), .residual = std::nan(""), .steps = 1};
  Curvature at = f(out.value);
  if (!is_finite(at)) return out;
  out.residual = at.gradient.cwiseAbs().maxCoeff();
  for (int step = 0; step < limits.steps && out.residual > limits.gradient; ++step) {
    const Vector direction = -at.hessian.ldlt().solve(at.gradient);
    const double slope = direction.dot(at.gradient);
    if (!(slope < 0)) break;
    double length = 1;
    for (; length > shortest_step; length /= 2) {
      const Vector next = out.value + length * direction;
      Curvature there = f(next);
      ++out.steps;
      // Near the minimum the promise is below the rounding of the value: the gradient then decides.
      const double slack = value_rounding * std::abs(at.value);
      if (!is_finite(there) || !(there.value <= at.value + sufficient * length * slope + slack)) continue;
      out.value = next;
      at = std::move(there);
      break;
    }
    if (!(length > shortest_step)) break;
    out.residual = at.gradient.cwiseAbs().maxCoeff();
  }
  out.converged = out.residual <= limits.gradient;
  return out;
}

}  // namespace fieldscan::solve
