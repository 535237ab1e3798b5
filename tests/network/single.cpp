#include <cmath>
#include <limits>
#include <vector>

#include "catch.hpp"
#include "near.hpp"
#include "nets.hpp"

using namespace fieldscan;
using namespace fieldscan::network;
using namespace fieldscan::network::testing;

namespace {

/// Distance in units in the last place (float) of the reference.
double units(float value, double reference) {
  const float near = std::abs(static_cast<float>(reference));
  const float unit = std::nextafter(near, std::numeric_limits<float>::max()) - near;
  return std::abs(static_cast<double>(value) - reference) / static_cast<double>(unit);
}

struct Worst {
  double value = 0, derivative = 0;
};

/// Largest distances from φ and φ′ in double, over arguments ±x that grow by one part in a thousand.
template <class Value, class Derivative>
Worst worst(const ActivationChoice& activation, float most, Value value, Derivative derivative) {
  std::vector<float> z;
  for (float x = 1e-8f; x < most; x *= 1.001f) z.insert(z.end(), {x, -x});
  std::vector<float> phi(z.size()), slope(z.size());
  value_and_derivative(activation, z, phi, slope);
  Worst out;
  for (std::size_t k = 0; k < z.size(); ++k) {
    const double x = static_cast<double>(z[k]);
    out.value = std::max(out.value, units(phi[k], value(x)));
    out.derivative = std::max(out.derivative, units(slope[k], derivative(x)));
  }
  return out;
}

double gauss(double x) { return 2 / std::sqrt(std::acos(-1.0)) * std::exp(-x * x); }
double square_of_secant(double x) { return 1 / (std::cosh(x) * std::cosh(x)); }

}  // namespace

TEST_CASE("in single precision, functions to five units in the last place and derivatives to eight", "[single]") {
  const Worst erf = worst(
      Erf{}, 9, [](double x) { return std::erf(x); }, gauss);
  CAPTURE(erf.value, erf.derivative);
  CHECK((erf.value <= 5 && erf.derivative <= 8));
  const Worst tanh = worst(
      Tanh{}, 40, [](double x) { return std::tanh(x); }, square_of_secant);
  CAPTURE(tanh.value, tanh.derivative);
  CHECK((tanh.value <= 5 && tanh.derivative <= 8));
  const auto sine = [](double x) { return std::sin(x); };
  const auto cosine = [](double x) { return std::cos(x); };
  const Worst sin = worst(Sin{}, 900, sine, cosine);
  CAPTURE(sin.value, sin.derivative);
  CHECK((sin.value <= 5 && sin.derivative <= 5));
  const Worst shifted = worst(
      Sin{}, 9, [](double x) { return std::sin(x * (1 + 1e-6)); }, cosine);
  CHECK(shifted.value > 5);  // the test can fail
}

TEMPLATE_LIST_TEST_CASE("single and double precision agree, and what is not a number stays so", "[single]",
                        VariantOf<ActivationChoice>) {
  std::vector<double> z;
  for (double x = -30; x < 30; x += 0.0173) z.push_back(static_cast<double>(static_cast<float>(x)));
  std::vector<float> single(z.begin(), z.end()), phi(z.size()), slope(z.size());
  std::vector<double> exact(z.size()), exact_slope(z.size());
  value_and_derivative(TestType{}, z, exact, exact_slope);
  value_and_derivative(TestType{}, single, phi, slope);
  for (std::size_t k = 0; k < z.size(); ++k) {
    const double size = 1 + std::abs(z[k]);
    CHECK(std::abs(static_cast<double>(phi[k]) - exact[k]) <= 5e-7 * (size + std::abs(exact[k])));
    CHECK(std::abs(static_cast<double>(slope[k]) - exact_slope[k]) <= 2e-6 * (size + std::abs(exact_slope[k])));
  }
  std::vector<float> bad(17, std::numeric_limits<float>::quiet_NaN()), bad_slope(17);
  value_and_derivative(TestType{}, bad, bad, bad_slope);
  for (const float x : bad) CHECK(std::isnan(x));
}

TEST_CASE("large and infinite arguments in single precision", "[single]") {
  const float infinity = std::numeric_limits<float>::infinity();
  for (const float x : {30.0f, 1e5f, 1e30f, infinity}) {
    std::vector<float> z{x, -x}, slope(2);
    value_and_derivative(Erf{}, z, z, slope);
    CHECK((z[0] == 1 && z[1] == -1 && slope[0] <= 1e-36f));
    z = {x, -x};
    value_and_derivative(Tanh{}, z, z, slope);
    CHECK((z[0] == 1 && z[1] == -1 && slope[0] < 1e-20f));
  }
  std::vector<float> z{12345.678f, -2e6f}, slope(2);
  value_and_derivative(Sin{}, z, z, slope);
  CHECK((z[0] == std::sin(12345.678f) && slope[1] == std::cos(-2e6f)));
}

TEMPLATE_LIST_TEST_CASE("gradients in single precision are those in double to its rounding", "[single]",
                        VariantOf<ActivationChoice>) {
  for (const int depth : {1, 2, 3}) {
    const Spec spec{.depth = depth, .width = 24, .activation = TestType{}, .bias_variance = 0.3, .chi = 2};
    const Network network(spec, 5);
    const Vector theta = network.initial(stream()).cast<float>().cast<double>();
    const Matrix x = normal_matrix(20, 5).cast<float>().cast<double>();
    const Vector weight = normal_vector(20).cast<float>().cast<double>();
    auto work = network.workspace(20);
    Vector out(20), gradient(theta.size());
    network.forward_for_gradient(theta, x, work, out);
    network.backward(theta, x, weight, work, gradient);
    auto single_work = network.single_workspace(32);  // more rows than are used
    Eigen::VectorXf single_out(20), single_gradient(theta.size());
    network.forward_for_gradient(theta.cast<float>().eval(), x.cast<float>().eval(), single_work, single_out);
    network.backward(theta.cast<float>().eval(), x.cast<float>().eval(), weight.cast<float>().eval(), single_work,
                     single_gradient);
    CAPTURE(depth);
    CHECK(near::distance(single_out.cast<double>(), out) <= 3e-6 * out.norm());
    CHECK(near::distance(single_gradient.cast<double>(), gradient) <= 3e-6 * gradient.norm());
    CHECK(near::distance(single_gradient.cast<double>(), gradient) >
          1e-10 * gradient.norm());  // it is single precision
  }
}
