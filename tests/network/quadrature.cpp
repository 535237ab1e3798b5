#include "../../src/network/activation/quadrature.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "catch.hpp"
#include "fieldscan/network/activation/list.hpp"

using namespace fieldscan::network;

namespace {

ValueAndDerivative both_of(const ActivationChoice& activation) {
  return [activation](std::span<const double> z, std::span<double> out, std::span<double> derivative) {
    value_and_derivative(activation, z, out, derivative);
  };
}

/// The larger difference of both averages from those that the activation gives itself, relative to 1 + |them|.
double error(const ActivationChoice& activation, double a, double b, double correlation) {
  const double c = correlation * std::sqrt(a) * std::sqrt(b);
  const GaussianAverage integrated = quadrature_average(both_of(activation), a, b, c),
                        own = average(activation, a, b, c);
  return std::max(std::abs(integrated.value - own.value) / (1 + std::abs(own.value)),
                  std::abs(integrated.derivative - own.derivative) / (1 + std::abs(own.derivative)));
}

/// An activation that gives one average of three: refused.
struct Half : Swish {
  GaussianAverage average(double, double, double) const { return {}; }
};

}  // namespace

static_assert(Activation<Swish> && !GivesAverages<Swish> && !Activation<Half>);

TEST_CASE("the quadrature of activations without closed averages gives closed ones", "[activation]") {
  for (const double correlation : {-1.0, -0.76, 0.0, 0.3, 0.98, 0.9999})
    for (const auto& [a, b] : {std::pair{1.0, 1.0}, {2.0, 0.7}, {0.01, 1.0}, {1e-6, 1e-4}, {25.0, 4.0}}) {
      CAPTURE(correlation, a, b);
      for (const ActivationChoice& smooth :
           {ActivationChoice(Tanh{}), ActivationChoice(Erf{}), ActivationChoice(Gelu{})})
        CHECK(error(smooth, a, b, correlation) <= 1e-12);
      CHECK(error(Relu{}, a, b, correlation) <= 1e-13);  // a kink at zero is an end of panels
      CHECK(error(ReluSquared{}, a, b, correlation) <= 1e-12);
    }
  // Negative control: what oscillates is not resolved at any variance, and that is seen.
  CHECK(error(Sin{}, 1e4, 1e4, 0.98) > 1e-6);
}

TEST_CASE("what saturates is integrated at any variances", "[activation]") {
  for (double a = 1e-6; a < 1e13; a *= 100)
    for (const double correlation : {-0.9, 0.3, 0.999}) {
      CAPTURE(a, correlation);
      CHECK(error(Tanh{}, a, 0.3 * a, correlation) <= 1e-12);
      CHECK(error(Tanh{}, a, 1e-3, correlation) <= 1e-12);
    }
}

TEST_CASE("integrated averages of equal points are those of the diagonal, to the bit", "[activation]") {
  for (const double a : {0.01, 1.0, 7.3, 1e5}) {
    const GaussianAverage equal = average_equal(Swish{}, a), pair = average(Swish{}, a, a, a);
    CHECK((equal.value == pair.value && equal.derivative == pair.derivative));
  }
  // ⟨(z σ(z))²⟩ → a/2 and ⟨φ′²⟩ → 1/2 at large variance: that of the rectifier, which it becomes.
  CHECK(average_equal(Swish{}, 1e10).value == Approx(0.5e10).epsilon(1e-9));
  CHECK(average_equal(Swish{}, 1e10).derivative == Approx(0.5).epsilon(1e-4));
}
