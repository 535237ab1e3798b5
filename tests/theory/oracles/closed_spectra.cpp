#include "theory/oracles/closed_spectra.hpp"

#include <cassert>
#include <cmath>
#include <numbers>

namespace fieldscan::theory {

namespace {

double log_root_pi() { return 0.5 * std::log(std::numbers::pi); }
constexpr double log_two = std::numbers::ln2;

/// ± Γ(d/2) Γ(top)/(√π 2^l Γ(bottom) Γ(last)).
double coefficient(int dimension, int level, double top, double bottom, double last, bool negative) {
  const double size = std::exp(std::lgamma(0.5 * dimension) - log_root_pi() - level * log_two + std::lgamma(top) -
                               std::lgamma(bottom) - std::lgamma(last));
  return negative ? -size : size;
}

}  // namespace

Vector levels_from_taylor(int dimension, const VectorView& coefficients, Index levels) {
  assert(dimension >= 2);
  Vector out = Vector::Zero(levels);
  for (Index level = 0; level < levels; ++level) {
    const double l = static_cast<double>(level);
    for (Index term = level; term < coefficients.size(); term += 2) {
      const double m = static_cast<double>(term);
      out[level] += coefficients[term] *
                    std::exp(std::lgamma(m + 1) - l * log_two - std::lgamma(m - l + 1) + std::lgamma(0.5 * dimension) +
                             std::lgamma(0.5 * (m - l + 1)) - log_root_pi() - std::lgamma(0.5 * (m + l + dimension)));
    }
  }
  return out;
}

double rectifier_coefficient(int dimension, int level) {
  assert(dimension >= 2 && level >= 0);
  if (level == 0)
    return 0.5 * std::exp(std::lgamma(0.5 * dimension) - std::lgamma(0.5 * (dimension + 1)) - log_root_pi());
  if (level == 1) return 0.5 / dimension;
  if (level % 2 == 1) return 0;
  return coefficient(dimension, level, level - 1, 0.5 * level, 0.5 * (level + dimension + 1), (level - 2) / 2 % 2 == 1);
}

double step_coefficient(int dimension, int level) {
  assert(dimension >= 2 && level >= 0);
  if (level == 0) return 0.5;
  if (level % 2 == 0) return 0;
  return coefficient(dimension, level, level, 0.5 * (level + 1), 0.5 * (level + dimension), (level - 1) / 2 % 2 == 1);
}

Vector rectifier_levels_nngp(int dimension, Index levels) {
  Vector out(levels);
  for (Index l = 0; l < levels; ++l) {
    const double a = rectifier_coefficient(dimension, static_cast<int>(l));
    out[l] = dimension * a * a;
  }
  return out;
}

Vector rectifier_levels_tangent(int dimension, Index levels) {
  Vector out = rectifier_levels_nngp(dimension, levels);
  for (Index level = 0; level < levels; ++level) {
    const int l = static_cast<int>(level);
    const double below = l > 0 ? step_coefficient(dimension, l - 1) : 0.0, above = step_coefficient(dimension, l + 1);
    // In two dimensions level 0 is 0/0: its limit is b_1².
    const double norm = 2 * l + dimension - 2;
    out[level] += norm > 0 ? (l * below * below + (l + dimension - 2) * above * above) / norm : above * above;
  }
  return out;
}

Vector rbf_eigenvalues(double deviation, double length, Index count) {
  assert(deviation > 0 && length > 0);
  const double a = 0.25 / (deviation * deviation), b = 0.5 / (length * length);
  const double d = a + b + std::sqrt(a * a + 2 * a * b);
  Vector out(count);
  for (Index k = 0; k < count; ++k) out[k] = std::sqrt(2 * a / d) * std::pow(b / d, static_cast<double>(k));
  return out;
}

}  // namespace fieldscan::theory
