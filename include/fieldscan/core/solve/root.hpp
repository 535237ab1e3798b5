#pragma once
#include <algorithm>
#include <cmath>
#include <complex>
#include <functional>

#include "fieldscan/core/solve/solved.hpp"

/// Roots of functions of one variable.
namespace fieldscan::solve {

/// A function's value with its derivative.
template <class Scalar>
struct ValueAndSlope {
  Scalar value{}, slope{};
};

/// When an iteration ends.
struct RootLimits {
  double relative = 1e-15;  ///< it stands still: |step| ≤ relative |x| + absolute
  double absolute = 0;
  int steps = 500;
  double rounding = 0;  ///< |f| that counts as zero, where rounding keeps the iteration from standing still
};

/// Newton's method for f(x) = 0 from a start, real or complex; f gives a ValueAndSlope. Not converged where f is not
/// finite, or the steps did not suffice. residual: |f| at the last point but one, where it was evaluated last.
template <class Scalar, class F>
Solved<Scalar> newton(F&& f, Scalar start, const RootLimits& limits) {
  Solved<Scalar> out{.value = start};
  while (out.steps < limits.steps && !out.converged) {
    const ValueAndSlope<Scalar> at = f(out.value);
    out.residual = std::abs(at.value) + 0 * std::abs(at.slope);  // not finite where the slope is not
    ++out.steps;
    out.converged = out.residual == 0;
    if (out.converged || !std::isfinite(out.residual) || at.slope == Scalar(0)) break;
    const Scalar change = at.value / at.slope;
    out.value -= change;
    const double size = std::abs(out.value);
    out.converged = std::isfinite(size) && std::abs(change) <= limits.relative * size + limits.absolute;
  }
  out.converged = out.converged || out.residual <= limits.rounding;
  return out;
}

/// Newton's method from the lower end of an interval, kept inside it: for functions that fall and are convex (or rise
/// and are concave) it rises to the root and never overshoots. Otherwise as `newton`. An end of the interval is a root
/// only where |f| ≤ rounding there: the iteration stands still at the ends of functions without a root, too.
template <class F>
Solved<double> newton_from_below(F&& f, double low, double high, const RootLimits& limits) {
  Solved<double> out{.value = low};
  while (out.steps < limits.steps && !out.converged) {
    const ValueAndSlope<double> at = f(out.value);
    out.residual = std::abs(at.value) + 0 * at.slope;
    ++out.steps;
    out.converged = out.residual == 0;
    if (out.converged || !std::isfinite(out.residual)) break;
    const double next = std::clamp(out.value - at.value / at.slope, low, high);
    const double change = std::abs(next - out.value);
    out.value = next;
    out.converged = change <= limits.relative * std::abs(next) + limits.absolute;
  }
  if (out.converged && (out.value == low || out.value == high)) {
    out.residual = std::abs(f(out.value).value);
    out.converged = out.residual <= limits.rounding;
  }
  out.converged = out.converged || out.residual <= limits.rounding;
  return out;
}

/// A root between two points where f has different signs (or vanishes), to the last bits: TOMS 748 (Boost.Math).
///
/// Not converged where the signs are equal, f is not finite, or changes its sign in a jump: |f| at the root is then
/// above 10⁻⁶ of the larger value at the ends, and above limits.rounding. Of several roots one is found. residual: |f|
/// at the value; without a change of sign that of the smaller end, which is then the value. limits: steps and rounding
/// alone. Source: G. Alefeld, F. Potra, Y. Shi, ACM Transactions on Mathematical Software 21 (1995).
Solved<double> root_between(const std::function<double(double)>& f, double low, double high,
                            const RootLimits& limits = {.steps = 200});

/// An interval that holds a point.
struct Interval {
  double low = 0, high = 0;
  double middle() const { return 0.5 * (low + high); }
};

/// Halves an interval around the point where `before(x)` turns from true to false, until it is narrower than relative
/// |high| + absolute or has no point between its ends. Not converged where `before` does not turn between the ends, or
/// the steps did not suffice. For functions that are known only as larger or smaller. residual: the width.
template <class Before>
Solved<Interval> bisect(Before&& before, double low, double high, const RootLimits& limits) {
  Solved<Interval> out{.value = {low, high}, .residual = high - low};
  out.steps = 2;
  const bool turns = before(low) && !before(high);
  auto& [from, to] = out.value;
  const auto narrow = [&] { return !(to - from > limits.relative * std::abs(to) + limits.absolute); };
  for (int step = 0; step < limits.steps && !narrow(); ++step) {
    const double middle = out.value.middle();
    (before(middle) ? from : to) = middle;
    ++out.steps;
  }
  out.residual = to - from;
  const double middle = out.value.middle();
  out.converged = turns && (narrow() || middle == from || middle == to);
  return out;
}

}  // namespace fieldscan::solve
