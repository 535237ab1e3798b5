#include "fieldscan/network/activation/linear.hpp"

#include "pairs.hpp"

namespace fieldscan::network {
namespace {

constexpr auto both = []<class T>(T x) { return ValueDerivative<T>{x, 1}; };

}  // namespace

void Linear::value(std::span<const double> z, std::span<double> out) const {
  map(z, out, [](double x) { return x; });
}

void Linear::value_and_derivative(std::span<const double> z, std::span<double> out,
                                  std::span<double> derivative) const {
  map(z, out, derivative, both);
}

void Linear::value_and_derivative(std::span<const float> z, std::span<float> out, std::span<float> derivative) const {
  map(z, out, derivative, both);
}

GaussianAverage Linear::average(double, double, double c) const { return {c, 1}; }

GaussianAverage Linear::average_equal(double a) const { return {a, 1}; }

void Linear::averages(std::span<const double> a, std::span<const double> b, std::span<const double> c,
                      std::span<double> out, std::span<double> derivative) const {
  map_pairs(a, b, c, out, derivative, [](double, double, double y) { return GaussianAverage{y, 1}; });
}

}  // namespace fieldscan::network
