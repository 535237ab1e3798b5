#include "fieldscan/network/activation/erf.hpp"

#include <algorithm>
#include <cassert>

#include "pairs.hpp"
#include "vector_math.hpp"

namespace fieldscan::network {
namespace {

constexpr double two_over_root_pi = 1.1283791670955126;

/// The case γ = 1, with determinant = ab − c²; atan2(2c, r) = angle of (r, 2|c|) with the sign of c.
[[gnu::always_inline]] inline GaussianAverage closed(double a, double b, double c, double determinant) {
  const double r = std::sqrt(1 + 2 * (a + b) + 4 * determinant);
  const double psi = std::copysign(vector_math::angle(std::fabs(2 * c), r), c);
  return {2 / vector_math::pi * psi, 4 / vector_math::pi / r};
}

/// u = γ z has the covariance γ²(a, b, c), and φ′ another γ.
[[gnu::always_inline]] inline GaussianAverage scaled(double a, double b, double c, double square) {
  const double determinant = square * square * vector_math::determinant(a, b, c);
  const GaussianAverage one = closed(square * a, square * b, square * c, determinant);
  return {one.value, square * one.derivative};
}

/// The sine 2c/√D of the angle: where it is at most ½, the arcsine is well conditioned and needs neither the
/// determinant nor a second root and division. Nearly all pairs of different points are there.
void values_of_block(double square, std::span<const double> a, std::span<const double> b, std::span<const double> c,
                     std::span<double> out) {
  const std::size_t n = out.size();
  const double *const pa = a.data(), *const pb = b.data(), *const pc = c.data();
  double* const to = out.data();
  const double twice = 2 * square;
  double largest = 0;
#pragma omp simd reduction(max : largest)
  for (std::size_t k = 0; k < n; ++k) {
    const double sine = twice * pc[k] / std::sqrt((1 + twice * pa[k]) * (1 + twice * pb[k]));
    to[k] = 2 / vector_math::pi * vector_math::small_arcsine(sine);
    largest = std::max(largest, std::fabs(sine));
  }
  if (largest <= 0.5) return;
#pragma omp simd
  for (std::size_t k = 0; k < n; ++k) {
    const double limit = (1 + twice * pa[k]) * (1 + twice * pb[k]) / 4;
    const double angle = scaled(pa[k], pb[k], pc[k], square).value;
    to[k] = twice * twice * pc[k] * pc[k] <= limit ? to[k] : angle;
  }
}

template <class T>
auto both(T gamma, T norm) {
  return [gamma, norm](T x) {
    const auto erf = vector_math::error_function(gamma * x);
    return ValueDerivative<T>{erf.value, norm * erf.gauss};
  };
}

}  // namespace

void Erf::value(std::span<const double> z, std::span<double> out) const {
  const double gamma = scale;
  map(z, out, [gamma](double x) { return vector_math::error_function(gamma * x).value; });
}

void Erf::value_and_derivative(std::span<const double> z, std::span<double> out, std::span<double> derivative) const {
  map(z, out, derivative, both(scale, two_over_root_pi * scale));
}

void Erf::value_and_derivative(std::span<const float> z, std::span<float> out, std::span<float> derivative) const {
  map(z, out, derivative, both(static_cast<float>(scale), static_cast<float>(two_over_root_pi * scale)));
}

GaussianAverage Erf::average(double a, double b, double c) const { return scaled(a, b, c, scale * scale); }

GaussianAverage Erf::average_equal(double a) const { return scaled(a, a, a, scale * scale); }

void Erf::averages(std::span<const double> a, std::span<const double> b, std::span<const double> c,
                   std::span<double> out, std::span<double> derivative) const {
  const double square = scale * scale;
  map_pairs(a, b, c, out, derivative, [square](double u, double v, double w) { return scaled(u, v, w, square); });
}

void Erf::values(std::span<const double> a, std::span<const double> b, std::span<const double> c,
                 std::span<double> out) const {
  assert(out.data() != c.data() && "the pairs are read twice");
  constexpr std::size_t block = 512;
  const double square = scale * scale;
  for (std::size_t k = 0; k < out.size(); k += block) {
    const std::size_t count = std::min(block, out.size() - k);
    values_of_block(square, a.subspan(k, count), b.subspan(k, count), c.subspan(k, count), out.subspan(k, count));
  }
}

}  // namespace fieldscan::network
