#include "fit.hpp"

#include "../quantity/bootstrap.hpp"
#include "../text/number.hpp"
#include "resample_errors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace fieldscan::analysis {
namespace {

constexpr double largest_exponent = 12;
constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();

double geometric_mean(std::span<const double> x) {
  double sum = 0;
  for (double value : x) sum += std::log(value);
  return std::exp(sum / static_cast<double>(x.size()));
}

struct Profile {
  double amplitude = 0;
  double sum_of_squares = 0;
};

/// The best amplitude at a fixed power and what remains: the model is linear in A. x is relative to its centre.
Profile profile(std::span<const double> log_x, std::span<const double> y, std::span<const double> sigma, double power) {
  double cross = 0, square = 0, total = 0;
  for (std::size_t k = 0; k < y.size(); ++k) {
    const double shape = std::exp(power * log_x[k]) / sigma[k];
    cross += shape * y[k] / sigma[k];
    square += shape * shape;
    total += y[k] * y[k] / (sigma[k] * sigma[k]);
  }
  return {cross / square, total - cross * cross / square};
}

std::vector<double> centred_logs(std::span<const double> x) {
  const double centre = std::log(geometric_mean(x));
  std::vector<double> logs;
  for (double value : x) logs.push_back(std::log(value) - centre);
  return logs;
}

/// Minimum over the power: a scan, then golden sections around the best.
double best_power(std::span<const double> log_x, std::span<const double> y, std::span<const double> sigma) {
  constexpr double step = 0.1;
  double best = nan_value, least = std::numeric_limits<double>::infinity();
  const auto value = [&](double power) {
    const Profile p = profile(log_x, y, sigma, power);
    return p.amplitude > 0 ? p.sum_of_squares : std::numeric_limits<double>::infinity();
  };
  for (double power = -2 * largest_exponent; power <= 2 * largest_exponent; power += step)
    if (value(power) < least) least = value(power), best = power;
  if (!std::isfinite(best) || std::abs(best) > 2 * largest_exponent - 1.5 * step) return nan_value;
  double low = best - step, high = best + step;
  const double ratio = (std::sqrt(5.0) - 1) / 2;
  for (int k = 0; k < 60; ++k) {
    const double left = high - ratio * (high - low), right = low + ratio * (high - low);
    if (value(left) < value(right))
      high = right;
    else
      low = left;
  }
  return 0.5 * (low + high);
}

}  // namespace

std::vector<double> fit_errors(std::span<const Quantity> y) {
  std::vector<double> sigma;
  double largest = 0;
  for (const Quantity& q : y) largest = std::max(largest, std::abs(q.value));
  for (const Quantity& q : y) {
    const double error = estimate(q).standard_error;
    sigma.push_back(std::max({std::isfinite(error) ? error : 0.0, 1e-3 * std::abs(q.value), 1e-12 * largest}));
  }
  return sigma;
}

std::string why_not_positive(std::span<const Quantity> y) {
  const auto negative = static_cast<std::size_t>(std::ranges::count_if(y, [](const Quantity& q) {
    const double error = estimate(q).standard_error;
    return q.value + 2 * (std::isfinite(error) ? error : 0) < 0;
  }));
  if (negative == 0) return "the values are lost in their errors";
  if (negative == y.size()) return "the values are negative: no logarithm";
  return fmt::format("{} of {} values {} negative: no logarithm", negative, y.size(), negative == 1 ? "is" : "are");
}

double unit_of(std::span<const Quantity> y, double order) {
  double largest = 0;
  for (const Quantity& q : y)
    if (q.has_value()) largest = std::max(largest, std::abs(q.value));
  if (!(largest > 0) || !std::isfinite(largest)) return 1;
  const int exponent = std::ilogb(largest);
  return std::ldexp(1.0, order == 2 && exponent % 2 != 0 ? exponent - 1 : exponent);
}

std::vector<Quantity> in_unit(std::span<const Quantity> y, double unit) {
  std::vector<Quantity> result;
  for (const Quantity& q : y) result.push_back(scaled(q, 1 / unit));
  return result;
}

double power_law_exponent(std::span<const double> x, std::span<const double> y, std::span<const double> sigma,
                          double order) {
  return best_power(centred_logs(x), y, sigma) / order;
}

bool amplitude_is_sure(const PowerLaw& fit) { return sign_of(fit.amplitude) == Sign::positive; }

bool exponent_is_known(const PowerLaw& fit) { return estimate(fit.exponent).standard_error <= 0.5; }

PowerLaw fit_power_law(std::span<const double> x, std::span<const Quantity> y, double order) {
  PowerLaw fit = fit_power_law_to_anything(x, y, order);
  if (!fit.exponent.has_value()) return fit;
  const char* problem = !amplitude_is_sure(fit)   ? "the amplitude is lost in its error"
                        : !exponent_is_known(fit) ? "the exponent is not known to 0.5"
                                                  : nullptr;
  if (problem) {
    fit.exponent = fit.amplitude = no_quantity(problem);
    return fit;
  }
  const std::vector<double> logs = centred_logs(x);
  const double unit = unit_of(y);
  std::vector<double> fitted;
  for (const double value : fit.fitted) fitted.push_back(value / unit);
  std::vector<Quantity> numbers{fit.exponent};
  resample_errors(numbers, in_unit(y, unit), fitted, [&](std::span<const Quantity> left) {
    std::vector<double> values;
    for (const Quantity& q : left) values.push_back(q.value);
    return std::vector{best_power(logs, values, fit_errors(left)) / order};
  });
  fit.exponent = numbers[0];
  if (fit.exponent.carried.empty() && !exponent_is_known(fit))
    fit.exponent = fit.amplitude = no_quantity("the exponent is not known to 0.5");
  return fit;
}

PowerLaw fit_power_law_to_anything(std::span<const double> x, std::span<const Quantity> values, double order) {
  PowerLaw fit{.exponent = {},
               .amplitude = {},
               .centre = 1,
               .order = order,
               .chi_squared = 0,
               .degrees = static_cast<int>(x.size()) - 2,
               .fitted = {}};
  const double unit = unit_of(values);
  const std::vector<Quantity> y = in_unit(values, unit);
  const auto fail = [&](std::string problem) {
    fit.exponent = fit.amplitude = no_quantity(std::move(problem));
    return fit;
  };
  for (const Quantity& q : y)
    if (!q.has_value()) return fail(q.problem);
  if (x.size() < 3) return fail(fmt::format("{}; a power law needs three", counted(x.size(), "point")));
  if (std::ranges::any_of(x, [](double value) { return !(value > 0); }))
    return fail("a power law needs positive abscissas");
  const std::vector<double> logs = centred_logs(x), sigma = fit_errors(y);
  fit.centre = geometric_mean(x);
  fit.exponent = propagate([&](std::span<const double> v) { return best_power(logs, v, sigma) / order; }, y, 0.3);
  if (!fit.exponent.has_value()) return fail("no power law with positive amplitude fits: " + why_not_positive(y));
  const double power = order * fit.exponent.value;
  std::vector<double> numbers;
  for (const Quantity& q : y) numbers.push_back(q.value);
  fit.chi_squared = profile(logs, numbers, sigma, power).sum_of_squares;
  fit.amplitude =
      scaled(propagate([&](std::span<const double> v) { return profile(logs, v, sigma, power).amplitude; }, y), unit);
  for (const double u : logs) fit.fitted.push_back(fit.amplitude.value * std::exp(power * u));
  return fit;
}

}  // namespace fieldscan::analysis
