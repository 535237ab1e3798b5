#include "fit.hpp"

#include "bootstrap.hpp"

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

double power_law_exponent(std::span<const double> x, std::span<const double> y, std::span<const double> sigma,
                          double order) {
  return best_power(centred_logs(x), y, sigma) / order;
}

bool amplitude_is_sure(const PowerLaw& fit) { return share_positive(fit.amplitude, 1) >= 0.975; }

bool exponent_is_known(const PowerLaw& fit) { return estimate(fit.exponent).standard_error <= 0.5; }

PowerLaw fit_power_law(std::span<const double> x, std::span<const Quantity> y, double order) {
  PowerLaw fit = fit_power_law_to_anything(x, y, order);
  if (!fit.exponent.has_value()) return fit;
  const char* problem = !amplitude_is_sure(fit)   ? "the amplitude is lost in its error"
                        : !exponent_is_known(fit) ? "the exponent is not known to 0.5"
                                                  : nullptr;
  if (problem) fit.exponent = fit.amplitude = no_quantity(problem);
  return fit;
}

PowerLaw fit_power_law_to_anything(std::span<const double> x, std::span<const Quantity> y, double order) {
  PowerLaw fit{.exponent = {},
               .amplitude = {},
               .centre = 1,
               .order = order,
               .chi_squared = 0,
               .degrees = static_cast<int>(x.size()) - 2};
  const auto fail = [&](std::string problem) {
    fit.exponent = fit.amplitude = no_quantity(std::move(problem));
    return fit;
  };
  for (const Quantity& q : y)
    if (!q.has_value()) return fail(q.problem);
  if (x.size() < 3) return fail(fmt::format("{} points; a power law needs three", x.size()));
  if (std::ranges::any_of(x, [](double value) { return !(value > 0); }))
    return fail("a power law needs positive abscissas");
  const std::vector<double> logs = centred_logs(x), sigma = fit_errors(y);
  fit.centre = geometric_mean(x);
  fit.exponent = propagate([&](std::span<const double> v) { return best_power(logs, v, sigma) / order; }, y, 0.3);
  if (!fit.exponent.has_value())
    return fail("no power law with positive amplitude fits: the values are lost in their errors");
  const double power = order * fit.exponent.value;
  std::vector<double> values;
  for (const Quantity& q : y) values.push_back(q.value);
  fit.chi_squared = profile(logs, values, sigma, power).sum_of_squares;
  fit.amplitude = propagate([&](std::span<const double> v) { return profile(logs, v, sigma, power).amplitude; }, y);
  return fit;
}

Line fit_line(std::span<const double> x, std::span<const Quantity> y) {
  Line line;
  const std::vector<double> sigma = fit_errors(y);
  double s = 0, sx = 0, sxx = 0;
  for (std::size_t k = 0; k < x.size(); ++k) {
    const double w = 1 / (sigma[k] * sigma[k]);
    s += w;
    sx += w * x[k];
    sxx += w * x[k] * x[k];
  }
  const double determinant = s * sxx - sx * sx;
  if (x.size() < 3 || !(determinant > 0)) {
    line.slope = line.intercept = no_quantity("a straight line needs three points");
    return line;
  }
  std::vector<double> to_slope, to_intercept;
  for (std::size_t k = 0; k < x.size(); ++k) {
    const double w = 1 / (sigma[k] * sigma[k]);
    to_slope.push_back(w * (s * x[k] - sx) / determinant);
    to_intercept.push_back(w * (sxx - sx * x[k]) / determinant);
  }
  const auto linear = [&](const std::vector<double>& slopes) {
    double value = 0;
    for (std::size_t k = 0; k < y.size(); ++k) value += slopes[k] * y[k].value;
    return combine(value, y, slopes);
  };
  line.slope = linear(to_slope);
  line.intercept = linear(to_intercept);
  for (std::size_t k = 0; k < x.size(); ++k) {
    std::vector<double> slopes;
    for (std::size_t j = 0; j < x.size(); ++j)
      slopes.push_back((j == k ? 1.0 : 0.0) - to_intercept[j] - to_slope[j] * x[k]);
    line.residuals.push_back(linear(slopes));
  }
  return line;
}

}  // namespace fieldscan::analysis
