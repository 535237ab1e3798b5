#include "line.hpp"

#include <algorithm>
#include <cmath>
#include <ranges>

#include "fit.hpp"
#include "resample_errors.hpp"

namespace fieldscan::analysis {

namespace {

/// slope = Σ_k to_slope_k y_k, and so for the intercept; empty where the abscissas are too few or all the same.
struct LineWeights {
  std::vector<double> to_slope, to_intercept;
};

LineWeights line_weights(std::span<const double> x, std::span<const double> sigma) {
  double s = 0, sx = 0, sxx = 0;
  for (std::size_t k = 0; k < x.size(); ++k) {
    const double w = 1 / (sigma[k] * sigma[k]);
    s += w;
    sx += w * x[k];
    sxx += w * x[k] * x[k];
  }
  const double determinant = s * sxx - sx * sx;
  LineWeights weights;
  if (x.size() < 3 || !(determinant > 0)) return weights;
  for (std::size_t k = 0; k < x.size(); ++k) {
    const double w = 1 / (sigma[k] * sigma[k]);
    weights.to_slope.push_back(w * (s * x[k] - sx) / determinant);
    weights.to_intercept.push_back(w * (sxx - sx * x[k]) / determinant);
  }
  return weights;
}

/// Those of power laws; all the same where they are errors of rounding alone, which say nothing of how well one point
/// is known beside another.
std::vector<double> line_errors(std::span<const Quantity> y) {
  const auto largest = std::ranges::max(y | std::views::transform([](const Quantity& q) { return std::abs(q.value); }));
  const bool known = std::ranges::any_of(
      y, [&](const Quantity& q) { return estimate(q).standard_error > std::max(rounding_of(q), 1e-12 * largest); });
  return known ? fit_errors(y) : std::vector<double>(y.size(), 1.0);
}

/// Slope, intercept and residuals.
std::vector<double> line_through(std::span<const double> x, std::span<const Quantity> y) {
  if (y.empty()) return {};
  const LineWeights weights = line_weights(x, line_errors(y));
  if (weights.to_slope.empty()) return {};
  std::vector<double> numbers{0, 0};
  for (std::size_t k = 0; k < y.size(); ++k) {
    numbers[0] += weights.to_slope[k] * y[k].value;
    numbers[1] += weights.to_intercept[k] * y[k].value;
  }
  for (std::size_t k = 0; k < y.size(); ++k) numbers.push_back(y[k].value - numbers[1] - numbers[0] * x[k]);
  return numbers;
}

}  // namespace

Line fit_line(std::span<const double> x, std::span<const Quantity> values) {
  Line line;
  const double unit = unit_of(values);
  const std::vector<Quantity> y = in_unit(values, unit);
  const LineWeights weights = y.empty() ? LineWeights{} : line_weights(x, line_errors(y));
  if (weights.to_slope.empty()) {
    line.slope = line.intercept = no_quantity("a straight line needs three points");
    return line;
  }
  const std::vector<double> found = line_through(x, y);
  std::vector<Quantity> numbers{combine(found[0], y, weights.to_slope), combine(found[1], y, weights.to_intercept)};
  std::vector<double> fitted;
  for (std::size_t k = 0; k < x.size(); ++k) {
    std::vector<double> slopes;
    for (std::size_t j = 0; j < x.size(); ++j)
      slopes.push_back((j == k ? 1.0 : 0.0) - weights.to_intercept[j] - weights.to_slope[j] * x[k]);
    numbers.push_back(combine(found[2 + k], y, slopes));
    fitted.push_back(found[1] + found[0] * x[k]);
  }
  resample_errors(numbers, y, fitted, [&](std::span<const Quantity> left) { return line_through(x, left); });
  line.slope = scaled(numbers[0], unit);
  line.intercept = scaled(numbers[1], unit);
  for (std::size_t k = 0; k < x.size(); ++k) line.residuals.push_back(scaled(numbers[2 + k], unit));
  return line;
}

}  // namespace fieldscan::analysis
