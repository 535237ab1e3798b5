#include "fieldscan/network/activation/relu.hpp"

#include "pairs.hpp"
#include "vector_math.hpp"

namespace fieldscan::network {
namespace {

/// With ψ = π − θ.
[[gnu::always_inline]] inline GaussianAverage closed(double a, double b, double c) {
  const double s = std::sqrt(vector_math::determinant(a, b, c));
  const double psi = vector_math::angle(s, -c);
  constexpr double norm = 1 / (2 * vector_math::pi);
  return {norm * (s + psi * c), norm * psi};
}

constexpr auto both = []<class T>(T x) { return ValueDerivative<T>{x < 0 ? 0 : x, x > 0 ? T(1) : T(0)}; };

}  // namespace

void Relu::value(std::span<const double> z, std::span<double> out) const {
  map(z, out, [](double x) { return x < 0 ? 0 : x; });
}

void Relu::value_and_derivative(std::span<const double> z, std::span<double> out, std::span<double> derivative) const {
  map(z, out, derivative, both);
}

void Relu::value_and_derivative(std::span<const float> z, std::span<float> out, std::span<float> derivative) const {
  map(z, out, derivative, both);
}

GaussianAverage Relu::average(double a, double b, double c) const { return closed(a, b, c); }

GaussianAverage Relu::average_equal(double a) const { return {a / 2, 0.5}; }

void Relu::averages(std::span<const double> a, std::span<const double> b, std::span<const double> c,
                    std::span<double> out, std::span<double> derivative) const {
  map_pairs(a, b, c, out, derivative, [](double u, double v, double w) { return closed(u, v, w); });
}

}  // namespace fieldscan::network
