#include "fieldscan/network/activation/gelu.hpp"

#include "pairs.hpp"
#include "vector_math.hpp"

namespace fieldscan::network {
namespace {

/// Φ(z), with an absolute error of 1e-16 (float: 1e-7), and Φ′(z).
template <class T>
struct Normal {
  T cdf;
  T density;
};
template <class T>
[[gnu::always_inline]] inline Normal<T> normal(T z) {
  constexpr T root_half = T(0.70710678118654752), one_over_root_two_pi = T(0.39894228040143268);
  const auto at = vector_math::error_function(root_half * z);
  return {T(0.5) + T(0.5) * at.value, one_over_root_two_pi * at.gauss};
}
constexpr auto both = []<class T>(T x) {
  const Normal<T> at = normal(x);
  return ValueDerivative<T>{x * at.cdf, at.cdf + x * at.density};
};

/// The formulas of the header with ¼ + ψ/2π = angle of (−c, r)/2π and ab + c²(1 − ab)/q = (ab r² + c²)/q: no
/// differences are left.
[[gnu::always_inline]] inline GaussianAverage closed(double a, double b, double c) {
  const double q = (1 + a) * (1 + b);
  const double square = 1 + a + b + vector_math::determinant(a, b, c);  // r²
  const double r = std::sqrt(square);
  const double share = vector_math::angle(r, -c);
  constexpr double norm = 1 / (2 * vector_math::pi);
  const double value = c * share + (a * b * square + c * c) / (r * q);
  const double derivative = share + c / r * ((2 + a + b) / q + 1 / square);
  return {norm * value, norm * derivative};
}

}  // namespace

void Gelu::value(std::span<const double> z, std::span<double> out) const {
  map(z, out, [](double x) { return x * normal(x).cdf; });
}

void Gelu::value_and_derivative(std::span<const double> z, std::span<double> out, std::span<double> derivative) const {
  map(z, out, derivative, both);
}

void Gelu::value_and_derivative(std::span<const float> z, std::span<float> out, std::span<float> derivative) const {
  map(z, out, derivative, both);
}

GaussianAverage Gelu::average(double a, double b, double c) const { return closed(a, b, c); }

GaussianAverage Gelu::average_equal(double a) const { return closed(a, a, a); }

void Gelu::averages(std::span<const double> a, std::span<const double> b, std::span<const double> c,
                    std::span<double> out, std::span<double> derivative) const {
  map_pairs(a, b, c, out, derivative, [](double u, double v, double w) { return closed(u, v, w); });
}

}  // namespace fieldscan::network
