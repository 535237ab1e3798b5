#pragma once
#include <functional>
#include <span>

#include "fieldscan/core/matrix.hpp"
#include "fieldscan/core/solve/solved.hpp"

namespace fieldscan::solve {

/// dx/dt at x and t, written into `slope` [n].
using Derivative = std::function<void(const VectorView& x, double t, Eigen::Ref<Vector> slope)>;

struct OdeLimits {
  double relative = 1e-10;  ///< of every component, per step
  double absolute = 1e-12;
  int steps = 100'000;    ///< tried in all: a stiff equation exhausts them
  double first_step = 0;  ///< 0: a thousandth of the time to the first record
};

/// The solution of dx/dt = f(x, t) from x(times.front()) = start, at all times (ascending): Dormand and Prince's method
/// of order 5 with its own choice of steps (Boost.Odeint). Explicit: made for equations that are not stiff.
///
/// value: the states at the times that were reached [n × times]; residual: the time that was not; 0 where all were;
/// error: Σ over the steps made of max_i |x_i of order 5 − x_i of order 4|, over the largest |x_i| on the way. What
/// grows or dies out along the solution grows or dies out of that, too: it is the error itself where neighbours stay as
/// far apart as they are. Not converged where the steps do not suffice, fall below rounding, or f is not finite however
/// short the step (the residual is then not either). Source: J. Dormand, P. Prince, Journal of Computational and
/// Applied Mathematics 6 (1980).
Solved<Matrix> integrate(const Derivative& f, const Vector& start, std::span<const double> times,
                         const OdeLimits& limits = {});

}  // namespace fieldscan::solve
