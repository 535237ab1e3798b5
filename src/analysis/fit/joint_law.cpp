#include "joint_law.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "curve_law.hpp"
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

double joint_floor_law(Span x, Span p, Gradient g) {
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
  return form == JointLaw::Form::sum ? sum_law : form == JointLaw::Form::min ? min_law : joint_floor_law;
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

/// Whether values change beyond rounding along one abscissa while the other stays; true where there is no such pair of
/// points.
bool varies_along(std::size_t j, std::span<const std::array<double, 2>> x, std::span<const Quantity> y) {
  std::map<double, std::pair<double, double>> ranges;  // by the other abscissa
  std::map<double, std::size_t> counts;
  bool pairs = false;
  for (std::size_t k = 0; k < x.size(); ++k) {
    const auto [entry, is_new] = ranges.try_emplace(x[k][1 - j], y[k].value, y[k].value);
    auto& [low, high] = entry->second;
    low = std::min(low, y[k].value), high = std::max(high, y[k].value);
    pairs |= ++counts[x[k][1 - j]] > 1;
    if (high - low > 1e-9 * std::max(std::abs(high), std::abs(low))) return true;
  }
  return !pairs;
}

/// The amplitude at N = 1 from that at the mean: A = exp(p_0 − a·centre).
Quantity amplitude(const Quantity& log_amplitude, const Quantity& exponent, double centre) {
  const std::array<Quantity, 2> parts{log_amplitude, exponent};
  return propagate([&](Span v) { return std::exp(v[0] - v[1] * centre); }, parts, 1e-3);
}

}  // namespace

std::string_view word_of(JointLaw::Form form) {
  return form == JointLaw::Form::sum ? "sum" : form == JointLaw::Form::min ? "min" : "floor";
}

Quantity term_of(const JointLaw& law, std::size_t j, double x) {
  const std::array<Quantity, 2> parts{law.amplitudes[j], law.exponents[j]};
  return propagate([&](Span v) { return v[0] * std::pow(x, v[1]); }, parts, 1e-3);
}

JointLaw fit_joint_law(std::span<const std::array<double, 2>> x, std::span<const Quantity> values,
                       JointLaw::Form form) {
  const double unit = unit_of(values);
  const std::vector<Quantity> y = in_unit(values, unit);
  JointLaw law{.exponents = {}, .amplitudes = {}, .floor = exact_quantity(0)};
  law.criterion = std::numeric_limits<double>::infinity();
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
  for (std::size_t j = 0; j < 2; ++j)
    if (!varies_along(j, x, y))
      return fail(j == 0 ? "the values do not change along the first resource: it has no exponent"
                         : "the values do not change along the second resource: it has no exponent");
  const Fit result = fit(problem, y, starts_of(form, low, high));
  law.chi_squared = result.chi_squared;
  if (!result.parameters[0].has_value()) return fail(result.parameters[0].problem.c_str());
  law.criterion = akaike(law.chi_squared, result.parameters.size(), x.size());
  for (const double value : result.fitted) law.fitted.push_back(value * unit);
  for (std::size_t j = 0; j < 2; ++j) {
    law.exponents[j] = result.parameters[2 * j + 1];
    law.amplitudes[j] = scaled(amplitude(result.parameters[2 * j], result.parameters[2 * j + 1], centre[j]), unit);
  }
  if (with_floor) law.floor = scaled(result.parameters[4], unit);
  return law;
}

}  // namespace fieldscan::analysis
