#include "fieldscan/core/solve/root.hpp"

#include <boost/math/tools/toms748_solve.hpp>
#include <cstdint>
#include <limits>
#include <utility>

namespace fieldscan::solve {

namespace {

constexpr double jump =
    1e-6;  ///< of the values at the ends: what is left of |f| at a root of a continuous function is far below

Solved<double> at_an_end(double x, double value, int steps) {
  return {.value = x, .residual = std::abs(value), .steps = steps, .converged = value == 0};
}

}  // namespace

Solved<double> root_between(const std::function<double(double)>& f, double low, double high, const RootLimits& limits) {
  if (high < low) std::swap(low, high);
  const double at_low = f(low), at_high = f(high);
  if (at_low == 0) return at_an_end(low, at_low, 2);
  if (at_high == 0) return at_an_end(high, at_high, 2);
  const bool finite = std::isfinite(at_low) && std::isfinite(at_high);
  if (!finite) return at_an_end(low, std::numeric_limits<double>::quiet_NaN(), 2);
  if ((at_low < 0) == (at_high < 0))
    return std::abs(at_high) < std::abs(at_low) ? at_an_end(high, at_high, 2) : at_an_end(low, at_low, 2);
  bool all_finite = true;
  const auto watched = [&](double x) {
    const double value = f(x);
    all_finite = all_finite && std::isfinite(value);
    return std::isfinite(value) ? value : at_high;  // the search goes on, for nothing
  };
  auto steps = static_cast<std::uintmax_t>(limits.steps);
  const auto [left, right] = boost::math::tools::toms748_solve(watched, low, high, at_low, at_high,
                                                               boost::math::tools::eps_tolerance<double>(), steps);
  Solved<double> out{.value = (left + right) / 2, .steps = static_cast<int>(steps) + 3};
  out.residual = all_finite ? std::abs(f(out.value)) : std::numeric_limits<double>::quiet_NaN();
  const double largest = std::max(std::abs(at_low), std::abs(at_high));
  const bool narrow = boost::math::tools::eps_tolerance<double>()(left, right) || right - left <= limits.absolute ||
                      out.residual <= limits.rounding;
  out.converged = narrow && out.residual <= std::max(limits.rounding, jump * largest);
  return out;
}

}  // namespace fieldscan::solve
