#include "fieldscan/network/activation/cos.hpp"

#include <algorithm>

#include "fieldscan/network/activation/sin.hpp"

namespace fieldscan::network {

void Cos::value(std::span<const double> z, std::span<double> out) const {
  // Its sine is not needed, and there is nowhere to put it: a few at a time.
  constexpr std::size_t block = 64;
  double sine[block];
  for (std::size_t first = 0; first < z.size(); first += block) {
    const std::size_t count = std::min(block, z.size() - first);
    Sin{}.value_and_derivative(z.subspan(first, count), {sine, count}, out.subspan(first, count));
  }
}

void Cos::value_and_derivative(std::span<const double> z, std::span<double> out, std::span<double> derivative) const {
  Sin{}.value_and_derivative(z, derivative, out);
  for (double& slope : derivative) slope = -slope;
}

void Cos::value_and_derivative(std::span<const float> z, std::span<float> out, std::span<float> derivative) const {
  Sin{}.value_and_derivative(z, derivative, out);
  for (float& slope : derivative) slope = -slope;
}

GaussianAverage Cos::average(double a, double b, double c) const {
  const GaussianAverage sine = Sin{}.average(a, b, c);
  return {sine.derivative, sine.value};
}

GaussianAverage Cos::average_equal(double a) const { return average(a, a, a); }

void Cos::averages(std::span<const double> a, std::span<const double> b, std::span<const double> c,
                   std::span<double> out, std::span<double> derivative) const {
  Sin{}.averages(a, b, c, derivative, out);
}

}  // namespace fieldscan::network
