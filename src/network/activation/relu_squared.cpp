#include "fieldscan/network/activation/relu_squared.hpp"

#include "pairs.hpp"
#include "vector_math.hpp"

namespace fieldscan::network {
namespace {

/// With ψ = π − θ.
[[gnu::always_inline]] inline GaussianAverage closed(double a, double b, double c) {
  const double s = std::sqrt(vector_math::determinant(a, b, c));
  const double psi = vector_math::angle(s, -c);
  constexpr double norm = 1 / (2 * vector_math::pi);
  return {norm * (3 * s * c + psi * (a * b + 2 * c * c)), 4 * norm * (s + psi * c)};
}

constexpr auto both = []<class T>(T x) {
  const T positive = x < 0 ? 0 : x;
  return ValueDerivative<T>{positive * positive, 2 * positive};
};

}  // namespace

void ReluSquared::value(std::span<const double> z, std::span<double> out) const {
  map(z, out, [](double x) { return x < 0 ? 0 : x * x; });
}

void ReluSquared::value_and_derivative(std::span<const double> z, std::span<double> out,
                                       std::span<double> derivative) const {
  map(z, out, derivative, both);
}

void ReluSquared::value_and_derivative(std::span<const float> z, std::span<float> out,
                                       std::span<float> derivative) const {
  map(z, out, derivative, both);
}

GaussianAverage ReluSquared::average(double a, double b, double c) const { return closed(a, b, c); }

GaussianAverage ReluSquared::average_equal(double a) const { return {1.5 * a * a, 2 * a}; }

void ReluSquared::averages(std::span<const double> a, std::span<const double> b, std::span<const double> c,
                           std::span<double> out, std::span<double> derivative) const {
  map_pairs(a, b, c, out, derivative, [](double u, double v, double w) { return closed(u, v, w); });
}

}  // namespace fieldscan::network
