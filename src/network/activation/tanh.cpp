#include "fieldscan/network/activation/tanh.hpp"

#include "pairs.hpp"
#include "vector_math.hpp"

namespace fieldscan::network {
namespace {

constexpr auto both = []<class T>(T x) {
  const auto at = vector_math::tanh(x);
  return ValueDerivative<T>{at.value, at.derivative};
};

}  // namespace

void Tanh::value(std::span<const double> z, std::span<double> out) const {
  map(z, out, [](double x) { return vector_math::tanh(x).value; });
}

void Tanh::value_and_derivative(std::span<const double> z, std::span<double> out, std::span<double> derivative) const {
  map(z, out, derivative, both);
}

void Tanh::value_and_derivative(std::span<const float> z, std::span<float> out, std::span<float> derivative) const {
  map(z, out, derivative, both);
}

}  // namespace fieldscan::network
