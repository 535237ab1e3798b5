#include "fieldscan/network/activation/quadratic.hpp"

#include "pairs.hpp"

namespace fieldscan::network {
namespace {

[[gnu::always_inline]] inline GaussianAverage closed(double a, double b, double c) {
  return {a * b + 2 * c * c, 4 * c};
}

constexpr auto both = []<class T>(T x) { return ValueDerivative<T>{x * x, 2 * x}; };

}  // namespace

void Quadratic::value(std::span<const double> z, std::span<double> out) const {
  map(z, out, [](double x) { return x * x; });
}

void Quadratic::value_and_derivative(std::span<const double> z, std::span<double> out,
                                     std::span<double> derivative) const {
  map(z, out, derivative, both);
}

void Quadratic::value_and_derivative(std::span<const float> z, std::span<float> out,
                                     std::span<float> derivative) const {
  map(z, out, derivative, both);
}

GaussianAverage Quadratic::average(double a, double b, double c) const { return closed(a, b, c); }

GaussianAverage Quadratic::average_equal(double a) const { return closed(a, a, a); }

void Quadratic::averages(std::span<const double> a, std::span<const double> b, std::span<const double> c,
                         std::span<double> out, std::span<double> derivative) const {
  map_pairs(a, b, c, out, derivative, [](double u, double v, double w) { return closed(u, v, w); });
}

}  // namespace fieldscan::network
