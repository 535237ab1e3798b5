#include "joint_law.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "fit.hpp"

namespace fieldscan::analysis {
namespace {

using Parameters = std::array<double, 4>;  ///< log A, −a, log B, −b; at the geometric means of N and P
using X = std::array<double, 2>;           ///< logarithms of N and P, centred

double model(const Parameters& p, const X& x, JointLaw::Form form) {
  const double first = std::exp(p[0] - p[1] * x[0]), second = std::exp(p[2] - p[3] * x[1]);
  return form == JointLaw::Form::sum ? first + second : std::max(first, second);
}

struct Problem {
  std::vector<X> x;
  std::vector<double> sigma;
  JointLaw::Form form{};
};

double chi_squared(const Problem& problem, std::span<const double> y, const Parameters& p) {
  double sum = 0;
  for (std::size_t k = 0; k < y.size(); ++k) {
    const double z = (y[k] - model(p, problem.x[k], problem.form)) / problem.sigma[k];
    sum += z * z;
  }
  return sum;
}

/// Nelder and Mead, "A simplex method for function minimization", Computer Journal 7 (1965).
template <class F>
Parameters nelder_mead(F f, const Parameters& start, double size) {
  struct Vertex {
    Parameters p;
    double value;
  };
  std::array<Vertex, 5> simplex;
  simplex[0] = {start, f(start)};
  for (std::size_t k = 0; k < 4; ++k) {
    Parameters p = start;
    p[k] += size;
    simplex[k + 1] = {p, f(p)};
  }
  for (int step = 0; step < 2000; ++step) {
    std::ranges::sort(simplex, {}, &Vertex::value);
    if (simplex[4].value - simplex[0].value <= 1e-13 * (1e-12 + std::abs(simplex[0].value))) break;
    Parameters centre{};
    for (std::size_t v = 0; v < 4; ++v)
      for (std::size_t k = 0; k < 4; ++k) centre[k] += simplex[v].p[k] / 4;
    const auto along = [&](double factor) {
      Parameters p;
      for (std::size_t k = 0; k < 4; ++k) p[k] = centre[k] + factor * (simplex[4].p[k] - centre[k]);
      return Vertex{p, f(p)};
    };
    const Vertex reflected = along(-1);
    if (reflected.value < simplex[0].value) {
      const Vertex expanded = along(-2);
      simplex[4] = expanded.value < reflected.value ? expanded : reflected;
    } else if (reflected.value < simplex[3].value) {
      simplex[4] = reflected;
    } else if (const Vertex contracted = along(reflected.value < simplex[4].value ? -0.5 : 0.5);
               contracted.value < std::min(reflected.value, simplex[4].value)) {
      simplex[4] = contracted;
    } else {
      for (std::size_t v = 1; v < 5; ++v) {
        for (std::size_t k = 0; k < 4; ++k) simplex[v].p[k] = 0.5 * (simplex[v].p[k] + simplex[0].p[k]);
        simplex[v].value = f(simplex[v].p);
      }
    }
  }
  return std::ranges::min_element(simplex, {}, &Vertex::value)->p;
}

Parameters minimise(const Problem& problem, std::span<const double> y, const std::vector<Parameters>& starts,
                    double size) {
  const auto f = [&](const Parameters& p) { return chi_squared(problem, y, p); };
  Parameters best = starts[0];
  double least = std::numeric_limits<double>::infinity();
  for (const Parameters& start : starts) {
    const Parameters rough = nelder_mead(f, start, size);
    const Parameters p = nelder_mead(f, rough, 0.1 * size);
    if (f(p) < least) least = f(p), best = p;
  }
  return best;
}

}  // namespace

JointLaw fit_joint_law(std::span<const std::array<double, 2>> x, std::span<const Quantity> y, JointLaw::Form form) {
  JointLaw law;
  const auto fail = [&](const char* why) {
    law.exponents = {no_quantity(why), no_quantity(why)};
    return law;
  };
  if (x.size() < 6) return fail("a joint scaling law needs six points");
  Problem problem{.x = {}, .sigma = fit_errors(y), .form = form};
  X centre{};
  double level = 0;
  for (std::size_t k = 0; k < x.size(); ++k) {
    if (!(x[k][0] > 0) || !(x[k][1] > 0)) return fail("a scaling law needs positive abscissas");
    problem.x.push_back({std::log(x[k][0]), std::log(x[k][1])});
    for (std::size_t j = 0; j < 2; ++j) centre[j] += problem.x[k][j] / static_cast<double>(x.size());
    level = std::max(level, y[k].value);
  }
  if (!(level > 0)) return fail("the values are not positive");
  for (X& point : problem.x)
    for (std::size_t j = 0; j < 2; ++j) point[j] -= centre[j];
  std::vector<Parameters> starts;
  for (double a : {0.5, 1.5})
    for (double b : {0.5, 1.5}) starts.push_back({std::log(level) - 1, a, std::log(level) - 1, b});
  std::vector<double> values;
  for (const Quantity& q : y) values.push_back(q.value);
  const Parameters best = minimise(problem, values, starts, 0.5);
  law.chi_squared = chi_squared(problem, values, best);
  for (std::size_t j = 0; j < 2; ++j)
    law.exponents[j] =
        propagate([&](std::span<const double> v) { return -minimise(problem, v, {best}, 0.05)[2 * j + 1]; }, y, 0.3);
  return law;
}

}  // namespace fieldscan::analysis
