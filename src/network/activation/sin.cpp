#include "fieldscan/network/activation/sin.hpp"

#include "pairs.hpp"
#include "vector_math.hpp"

namespace fieldscan::network {
namespace {

template <class T>
bool within_limit(std::span<const T> z) {
  T largest = 0;
#pragma omp simd reduction(max : largest)
  for (std::size_t k = 0; k < z.size(); ++k) largest = std::fabs(z[k]) > largest ? std::fabs(z[k]) : largest;
  return largest <= vector_math::Terms<T>::sine_limit;
}

template <class T>
void both(std::span<const T> z, std::span<T> out, std::span<T> derivative) {
  if (within_limit(z)) {
    map(z, out, derivative, [](T x) {
      const auto at = vector_math::sine_cosine(x);
      return ValueDerivative<T>{at.sin, at.cos};
    });
    return;
  }
  for (std::size_t k = 0; k < z.size(); ++k) {
    const T x = z[k];  // one of the outputs may be z
    out[k] = std::sin(x);
    derivative[k] = std::cos(x);
  }
}

[[gnu::always_inline]] inline double exponential(double x) { return vector_math::exp(x < -708 ? -708 : x); }

/// exp(−(a + b)/2) times sinh c and cosh c; at small c the difference cancels, and sinh is its series.
[[gnu::always_inline]] inline GaussianAverage closed(double a, double b, double c) {
  const double size = std::fabs(c), mean = (a + b) / 2;  // mean ≥ size
  const double near = exponential(size - mean), far = exponential(-size - mean);
  const double x = c * c;
  const double series = size * (1 + x / 6 * (1 + x / 20 * (1 + x / 42 * (1 + x / 72 * (1 + x / 110)))));
  const double odd = size < 0.3 ? exponential(-mean) * series : (near - far) / 2;
  return {std::copysign(odd, c), (near + far) / 2};
}

}  // namespace

void Sin::value(std::span<const double> z, std::span<double> out) const {
  if (within_limit(z))
    map(z, out, [](double x) { return vector_math::sine_cosine(x).sin; });
  else
    for (std::size_t k = 0; k < z.size(); ++k) out[k] = std::sin(z[k]);
}

void Sin::value_and_derivative(std::span<const double> z, std::span<double> out, std::span<double> derivative) const {
  both(z, out, derivative);
}

void Sin::value_and_derivative(std::span<const float> z, std::span<float> out, std::span<float> derivative) const {
  both(z, out, derivative);
}

GaussianAverage Sin::average(double a, double b, double c) const { return closed(a, b, c); }

GaussianAverage Sin::average_equal(double a) const { return closed(a, a, a); }

void Sin::averages(std::span<const double> a, std::span<const double> b, std::span<const double> c,
                   std::span<double> out, std::span<double> derivative) const {
  map_pairs(a, b, c, out, derivative, [](double u, double v, double w) { return closed(u, v, w); });
}

}  // namespace fieldscan::network
