#include "fieldscan/network/activation/swish.hpp"

#include "pairs.hpp"
#include "vector_math.hpp"

namespace fieldscan::network {
namespace {

/// σ(z) = (1 + tanh(z/2))/2 and σ(1 − σ) = sech²(z/2)/4: absolute errors at rounding.
constexpr auto both = []<class T>(T z) {
  const auto at = vector_math::tanh(T(0.5) * z);
  const T share = T(0.5) + T(0.5) * at.value;
  return ValueDerivative<T>{z * share, share + z * (T(0.25) * at.derivative)};
};

}  // namespace

void Swish::value(std::span<const double> z, std::span<double> out) const {
  map(z, out, [](double x) { return both(x).value; });
}

void Swish::value_and_derivative(std::span<const double> z, std::span<double> out, std::span<double> derivative) const {
  map(z, out, derivative, both);
}

void Swish::value_and_derivative(std::span<const float> z, std::span<float> out, std::span<float> derivative) const {
  map(z, out, derivative, both);
}

}  // namespace fieldscan::network
