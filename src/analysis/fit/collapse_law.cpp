#include "collapse_law.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <set>

#include "fit.hpp"
#include "least_squares.hpp"

namespace fieldscan::analysis {
namespace {

using Span = std::span<const double>;
using Gradient = std::span<double>;

/// p = (a, b, c_0, c_1, …); x = (log x, log W), both centred. y = e^{−a log W} F(log x + b log W).
Model model_of(bool positive) {
  return [positive](Span x, Span p, Gradient g) {
    const double u = x[0] + p[1] * x[1];
    double value = 0, slope = 0;
    for (std::size_t k = p.size(); k-- > 2;) slope = slope * u + value, value = value * u + p[k];
    const double scale = std::exp(-p[0] * x[1]);
    const double y = scale * (positive ? std::exp(value) : value);
    const double outer = positive ? y : scale;
    g[0] = -x[1] * y;
    g[1] = outer * slope * x[1];
    double monomial = outer;
    for (std::size_t k = 2; k < p.size(); ++k, monomial *= u) g[k] = monomial;
    return y;
  };
}

/// The coefficients of F at given exponents, by linear least squares in log y (or y).
std::vector<double> start_at(const LeastSquares& problem, Span y, double a, double b, std::size_t degree,
                             bool positive) {
  const auto n = static_cast<Eigen::Index>(y.size());
  Eigen::MatrixXd design(n, static_cast<Eigen::Index>(degree + 1));
  Eigen::VectorXd value(n);
  for (Eigen::Index k = 0; k < n; ++k) {
    const auto& x = problem.x[static_cast<std::size_t>(k)];
    const double u = x[0] + b * x[1], target = y[static_cast<std::size_t>(k)];
    double monomial = 1;
    for (Eigen::Index j = 0; j < design.cols(); ++j, monomial *= u) design(k, j) = monomial;
    value(k) = positive ? std::log(target) + a * x[1] : target * std::exp(a * x[1]);
  }
  const Eigen::VectorXd coefficients = design.colPivHouseholderQr().solve(value);
  std::vector<double> start{a, b};
  start.insert(start.end(), coefficients.data(), coefficients.data() + coefficients.size());
  return start;
}

}  // namespace

CollapseLaw fit_collapse(std::span<const ScaledPoint> points) {
  CollapseLaw law;
  const auto fail = [&](const std::string& why) {
    law.of_abscissa = law.of_ordinate = no_quantity(why);
    return law;
  };
  if (points.size() < 8) return fail("the exponents of a collapse need eight points");
  std::vector<Quantity> given, y;
  std::vector<double> values;
  std::set<double> sizes;
  std::array<double, 2> centre{};
  for (const ScaledPoint& point : points) {
    if (!point.y.has_value()) return fail(point.y.problem);
    if (!(point.x > 0) || !(point.size > 0))
      return fail("the exponents of a collapse need positive abscissas and sizes");
    given.push_back(point.y);
    sizes.insert(point.size);
    centre[0] += std::log(point.x) / static_cast<double>(points.size());
    centre[1] += std::log(point.size) / static_cast<double>(points.size());
  }
  if (sizes.size() < 2) return fail("the exponents of a collapse need two sizes");
  const double unit = unit_of(given);
  y = in_unit(given, unit);  // the coefficients of F are not looked at
  for (const Quantity& q : y) values.push_back(q.value);
  const auto [low, high] = std::ranges::minmax(values);
  if (high - low <= 1e-9 * std::max(std::abs(high), std::abs(low)))
    return fail("all values are the same: a collapse has no exponents");
  const bool positive = std::ranges::all_of(values, [](double v) { return v > 0; });
  LeastSquares problem{.model = model_of(positive), .x = {}, .sigma = fit_errors(y)};
  for (const ScaledPoint& point : points)
    problem.x.push_back({std::log(point.x) - centre[0], std::log(point.size) - centre[1]});
  const std::size_t degree = std::clamp<std::size_t>(points.size() / 4, 1, 5);
  law.degrees = static_cast<int>(points.size()) - static_cast<int>(degree) - 3;
  std::vector<std::vector<double>> starts;
  for (const double a : {-1.0, 0.0, 1.0})
    for (const double b : {-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0})
      starts.push_back(start_at(problem, values, a, b, degree, positive));
  const Fit result = fit(problem, y, starts);
  law.of_ordinate = result.parameters[0];
  law.of_abscissa = result.parameters[1];
  law.chi_squared = result.chi_squared;
  for (const double value : result.fitted) law.fitted.push_back(value * unit);
  return law;
}

}  // namespace fieldscan::analysis
