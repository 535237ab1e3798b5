#include "fieldscan/network/activation/leaky_relu.hpp"

#include "pairs.hpp"
#include "vector_math.hpp"

namespace fieldscan::network {
namespace {

/// With ψ = π − θ.
[[gnu::always_inline]] inline GaussianAverage closed(double a, double b, double c, double alpha) {
  const double s = std::sqrt(vector_math::determinant(a, b, c));
  const double psi = vector_math::angle(s, -c);
  const double norm = (1 - alpha) * (1 - alpha) / (2 * vector_math::pi);
  return {norm * (s + psi * c) + alpha * c, norm * psi + alpha};
}

template <class T>
auto both(T alpha) {
  return [alpha](T x) { return ValueDerivative<T>{x < 0 ? alpha * x : x, x > 0 ? T(1) : alpha}; };
}

}  // namespace

void LeakyRelu::value(std::span<const double> z, std::span<double> out) const {
  const double alpha = slope;
  map(z, out, [alpha](double x) { return x < 0 ? alpha * x : x; });
}

void LeakyRelu::value_and_derivative(std::span<const double> z, std::span<double> out,
                                     std::span<double> derivative) const {
  map(z, out, derivative, both(slope));
}

void LeakyRelu::value_and_derivative(std::span<const float> z, std::span<float> out,
                                     std::span<float> derivative) const {
  map(z, out, derivative, both(static_cast<float>(slope)));
}

GaussianAverage LeakyRelu::average(double a, double b, double c) const { return closed(a, b, c, slope); }

GaussianAverage LeakyRelu::average_equal(double a) const {
  const double second_moment = (1 + slope * slope) / 2;  // ⟨φ′²⟩
  return {second_moment * a, second_moment};
}

void LeakyRelu::averages(std::span<const double> a, std::span<const double> b, std::span<const double> c,
                         std::span<double> out, std::span<double> derivative) const {
  const double alpha = slope;
  map_pairs(a, b, c, out, derivative, [alpha](double u, double v, double w) { return closed(u, v, w, alpha); });
}

}  // namespace fieldscan::network
