#include "joint_law.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "fit.hpp"
#include "least_squares.hpp"

namespace fieldscan::analysis {
namespace {

using Span = std::span<const double>;
using Gradient = std::span<double>;

// p = (log A, a, log B, b[, E]) with A, B at the geometric means of N and P; x holds their centred logarithms.

double sum_law(Span x, Span p, Gradient g) {
  const double first = std::exp(p[0] + p[1] * x[0]), second = std::exp(p[2] + p[3] * x[1]);
  g[0] = first, g[1] = first * x[0], g[2] = second, g[3] = second * x[1];
  return first + second;
}

double floor_law(Span x, Span p, Gradient g) {
  g[4] = 1;
  return p[4] + sum_law(x, p, g);
}

double min_law(Span x, Span p, Gradient g) {
  const double first = std::exp(p[0] + p[1] * x[0]), second = std::exp(p[2] + p[3] * x[1]);
  const bool of_first = first >= second;
  g[0] = of_first ? first : 0, g[1] = g[0] * x[0];
  g[2] = of_first ? 0 : second, g[3] = g[2] * x[1];
  return std::max(first, second);
}

Model model_of(JointLaw::Form form) {
  return form == JointLaw::Form::sum ? sum_law : form == JointLaw::Form::min ? min_law : floor_law;
}

std::vector<std::vector<double>> starts_of(JointLaw::Form form, double low, double high) {
  std::vector<std::vector<double>> starts;
  for (const double a : {0.3, 0.8, 1.5})
    for (const double b : {0.3, 0.8, 1.5}) {
      if (form == JointLaw::Form::floor)
        for (const double part : {0.2, 0.8}) {
          const double size = std::log(std::max(0.3 * (high - part * low), 1e-300));
          starts.push_back({size, -a, size, -b, part * low});
        }
      else
        for (const double size : {std::log(high) - 1, std::log(std::max(low, 1e-3 * high))})
          starts.push_back({size, -a, size, -b});
    }
  return starts;
}

/// The amplitude at N = 1 from that at the mean: A = exp(p_0 − a·centre).
Quantity amplitude(const Quantity& log_amplitude, const Quantity& exponent, double centre) {
  const std::array<Quantity, 2> parts{log_amplitude, exponent};
  return propagate([&](Span v) { return std::exp(v[0] - v[1] * centre); }, parts, 1e-3);
}

}  // namespace

JointLaw fit_joint_law(std::span<const std::array<double, 2>> x, std::span<const Quantity> y, JointLaw::Form form) {
  JointLaw law{.exponents = {}, .amplitudes = {}, .floor = exact_quantity(0)};
  const auto fail = [&](const char* why) {
    law.exponents = law.amplitudes = {no_quantity(why), no_quantity(why)};
    return law;
  };
  const bool with_floor = form == JointLaw::Form::floor;
  law.degrees = static_cast<int>(x.size()) - (with_floor ? 5 : 4);
  if (law.degrees < 2)
    return fail(with_floor ? "a joint scaling law with a floor needs seven points"
                           : "a joint scaling law needs six points");
  LeastSquares problem{.model = model_of(form), .x = {}, .sigma = fit_errors(y)};
  std::array<double, 2> centre{};
  for (const auto& point : x) {
    if (!(point[0] > 0) || !(point[1] > 0)) return fail("a scaling law needs positive abscissas");
    for (std::size_t j = 0; j < 2; ++j) centre[j] += std::log(point[j]) / static_cast<double>(x.size());
  }
  for (const auto& point : x) problem.x.push_back({std::log(point[0]) - centre[0], std::log(point[1]) - centre[1]});
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const Quantity& q : y) low = std::min(low, q.value), high = std::max(high, q.value);
  if (!(high > 0)) return fail("the values are not positive");
  const Fit result = fit(problem, y, starts_of(form, low, high));
  law.chi_squared = result.chi_squared;
  for (std::size_t j = 0; j < 2; ++j) {
    law.exponents[j] = result.parameters[2 * j + 1];
    law.amplitudes[j] = amplitude(result.parameters[2 * j], result.parameters[2 * j + 1], centre[j]);
  }
  if (with_floor) law.floor = result.parameters[4];
  return law;
}

}  // namespace fieldscan::analysis
