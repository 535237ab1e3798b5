#include "local_exponents.hpp"

#include <cmath>

#include "fit.hpp"

namespace fieldscan::analysis {

namespace {

using Span = std::span<const double>;

}  // namespace

std::vector<Quantity> local_exponents(Span x, std::span<const Quantity> y, double order) {
  return local_exponents_above(exact_quantity(0), x, y, order);
}

std::vector<Quantity> local_exponents_above(const Quantity& floor, Span x, std::span<const Quantity> y, double order) {
  const auto above = [order](double value, double base) {
    return (order == 2 ? std::copysign(std::sqrt(std::abs(value)), value) : value) - base;
  };
  const bool without_floor = floor.exact() && floor.value == 0;
  const auto sure = [&](const Quantity& q) {  // sign of what lies above the floor; 0 where its error hides it
    const std::array<Quantity, 2> parts{q, floor};
    const Quantity part = without_floor ? q : propagate([&](Span v) { return above(v[0], v[1]); }, parts, 1e-3);
    if (!part.has_value() || !(std::abs(part.value) > 2 * estimate(part).standard_error)) return 0;
    return part.value > 0 ? 1 : -1;
  };
  std::vector<Quantity> exponents;
  for (std::size_t k = 0; k + 1 < x.size(); ++k) {
    const int sign = sure(y[k]);
    if (sign == 0 || sign != sure(y[k + 1]) || (sign < 0 && without_floor)) {
      exponents.push_back(no_quantity("a value that may be zero has no logarithm"));
      continue;
    }
    const std::array<Quantity, 3> parts{y[k], y[k + 1], floor};
    const double step = std::log(x[k + 1] / x[k]);
    exponents.push_back(
        propagate([&](Span v) { return std::log(above(v[1], v[2]) / above(v[0], v[2])) / step; }, parts, 1e-3));
  }
  return exponents;
}

WindowStability window_stability(Span x, std::span<const Quantity> y, double order) {
  WindowStability result;
  const Quantity whole = fit_power_law(x, y, order).exponent;
  const auto without = [&](std::size_t from, Quantity& exponent, Quantity& shift) {
    exponent = x.size() < 4
                   ? no_quantity("a power law needs three points")
                   : fit_power_law(x.subspan(from, x.size() - 1), y.subspan(from, x.size() - 1), order).exponent;
    shift = difference(exponent, whole);
  };
  without(1, result.without_first, result.shift_first);
  without(0, result.without_last, result.shift_last);
  return result;
}

}  // namespace fieldscan::analysis
