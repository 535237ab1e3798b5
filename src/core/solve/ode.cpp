#include "fieldscan/core/solve/ode.hpp"

#include <algorithm>
#include <boost/numeric/odeint/stepper/controlled_runge_kutta.hpp>
#include <boost/numeric/odeint/stepper/runge_kutta_dopri5.hpp>
#include <cassert>
#include <cmath>
#include <limits>
#include <vector>

namespace fieldscan::solve {

namespace {

namespace odeint = boost::numeric::odeint;
using State = std::vector<double>;

Eigen::Map<const Vector> view(const State& x) { return {x.data(), static_cast<Index>(x.size())}; }

/// f as Odeint calls it; remembers whether all slopes were finite.
struct System {
  const Derivative& f;
  bool& finite;

  void operator()(const State& x, State& slope, double t) const {
    Eigen::Map<Vector> out(slope.data(), static_cast<Index>(slope.size()));
    f(view(x), t, out);
    finite = finite && out.allFinite();
  }
};

/// Odeint's judgement of a step, which also says how far off the last one was.
struct Checker {
  using Stepper = odeint::runge_kutta_dopri5<State>;
  using Algebra = Stepper::algebra_type;

  odeint::default_error_checker<double, Algebra, Stepper::operations_type> checker;
  double* off;

  double error(Algebra& algebra, const State& x, const State& slope, State& difference, double step) const {
    *off = view(difference).lpNorm<Eigen::Infinity>();
    return checker.error(algebra, x, slope, difference, step);
  }
};

}  // namespace

Solved<Matrix> integrate(const Derivative& f, const Vector& start, std::span<const double> times,
                         const OdeLimits& limits) {
  assert(!times.empty() && std::ranges::is_sorted(times) && "times ascend");
  Solved<Matrix> out{.value = Matrix(start.size(), std::ssize(times))};
  out.value.col(0) = start;
  State x(start.data(), start.data() + start.size()), before;
  bool finite = start.allFinite();
  const System system{f, finite};
  double off = 0, off_in_all = 0, largest = start.lpNorm<Eigen::Infinity>();
  odeint::controlled_runge_kutta<Checker::Stepper, Checker> stepper(
      Checker{.checker = {limits.absolute, limits.relative}, .off = &off});
  double t = times.front(), step = limits.first_step;
  Index reached = 1;
  for (; reached < std::ssize(times) && finite; ++reached) {
    const double end = times[static_cast<std::size_t>(reached)];
    if (step == 0) step = 1e-3 * (end - t);
    bool stuck = false;
    while (t < end && !stuck) {
      // A step cut short by a time to record does not make those after it shorter.
      const double wanted = step, from = t;
      const bool last = t + step >= end;
      if (last) step = end - t;
      const double tried = step;
      before = x;
      finite = true;
      const bool made = stepper.try_step(system, x, t, step) == odeint::success;
      if (!finite) {  // a stage that overshot, perhaps: only where short steps see it too is there no solution
        x = before, t = from, step = tried / 5;
        stepper.reset();
      } else if (made) {
        off_in_all += off;
        largest = std::max(largest, view(x).lpNorm<Eigen::Infinity>());
        if (last) t = end, step = std::max(step, wanted);
      }
      stuck = ++out.steps >= limits.steps || !(t + step > t);
    }
    if (!finite || t < end) break;
    out.value.col(reached) = view(x);
  }
  out.converged = finite && reached == std::ssize(times);
  out.value.conservativeResize(Eigen::NoChange, reached);
  out.error = largest > 0 ? off_in_all / largest : 0;
  out.residual = finite ? times.back() - t : std::numeric_limits<double>::quiet_NaN();
  return out;
}

}  // namespace fieldscan::solve
