#include "level_power.hpp"

#include <cmath>

#include "fieldscan/core/solve/quadrature.hpp"
#include "fieldscan/data/target/gegenbauer.hpp"
#include "fieldscan/data/target/hermite.hpp"

namespace fieldscan::data {
namespace {

// The density of t is ∝ (1 − t²)^((d−3)/2); its orthonormal polynomials have the recurrence b_1² = 1/d,
// b_k² = k(k + d − 3)/((2k + d − 2)(2k + d − 4)). In d = 1 it is concentrated on t = ±1.
solve::Rule sphere_quadrature(int d, int count) {
  if (d == 1) return {Eigen::Vector2d(1, -1), Eigen::Vector2d(0.5, 0.5)};
  Vector b(count - 1);
  for (int k = 1; k < count; ++k) {
    const double square = k == 1 ? 1.0 / d : k * (k + d - 3.0) / ((2 * k + d - 2.0) * (2 * k + d - 4.0));
    b[k - 1] = std::sqrt(square);
  }
  return solve::rule_of_recurrence(b);
}

}  // namespace

std::map<int, double> hermite_level_power(const std::vector<double>& coefficients, int dimension) {
  const int degree = static_cast<int>(coefficients.size()) - 1;
  const auto [t, weight] = sphere_quadrature(dimension, degree + 1);
  const Vector h = hermite_values(std::sqrt(dimension) * t, degree) *
                   Eigen::Map<const Vector>(coefficients.data(), static_cast<Index>(coefficients.size()));
  // In d = 1 the only harmonics are 1 and t.
  const Matrix p = dimension == 1 ? hermite_values(t, 1) : gegenbauer_values(t, dimension, degree);
  const double total = weight.dot(h.cwiseAbs2());
  std::map<int, double> power;
  for (int level = 0; level < p.cols() && level <= degree; ++level) {
    const double overlap = weight.dot(h.cwiseProduct(p.col(level)));
    const double c = harmonics_count(dimension, level) * overlap * overlap;
    if (c > 1e-24 * total) power[level] = c;
  }
  return power;
}

}  // namespace fieldscan::data
