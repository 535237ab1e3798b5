#include <cmath>
#include <limits>
#include <vector>

#include "catch.hpp"
#include "quadrature.hpp"

using namespace fieldscan::network;

namespace {

struct Covariance {
  double a, b, c;
};
const std::vector<Covariance> covariances{{1, 1, 0.5},  {2, 0.7, -0.9}, {4, 3, 3.4},   {0.3, 0.3, 0},
                                          {1, 2, 0.05}, {0.5, 3, 0.6},  {2, 2, -1.95}, {0.01, 0.02, 0.01}};

std::vector<double> grid() {
  std::vector<double> z;
  for (double x = -7; x < 7; x += 0.173) z.push_back(x);
  return z;
}

/// Distance in units in the last place of the reference.
double units(double value, long double reference) {
  const double near = std::abs(static_cast<double>(reference));
  const double unit = std::nextafter(near, std::numeric_limits<double>::max()) - near;
  return static_cast<double>(std::abs(static_cast<long double>(value) - reference)) / unit;
}

template <class Reference>
double worst(const ActivationChoice& activation, Reference reference) {
  double most = 0;
  for (double x = 1e-9; x < 12; x = x * 1.01 + 1e-4)
    for (const double sign : {-1.0, 1.0}) {
      std::vector<double> z{sign * x};
      value(activation, z, z);
      most = std::max(most, units(z[0], reference(static_cast<long double>(sign * x))));
    }
  return most;
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("the derivative is the derivative", "[activation]", fieldscan::VariantOf<ActivationChoice>) {
  const ActivationChoice activation = TestType{};
  const auto z = grid();
  std::vector<double> phi(z.size()), slope(z.size()), up(z), down(z);
  value_and_derivative(activation, z, phi, slope);
  const double h = 1e-5;
  for (double& x : up) x += h;
  for (double& x : down) x -= h;
  value(activation, up, up);
  value(activation, down, down);
  for (std::size_t k = 0; k < z.size(); ++k) CHECK(slope[k] == Approx((up[k] - down[k]) / (2 * h)).margin(1e-9));
}

TEMPLATE_LIST_TEST_CASE("value alone, in place and at any offset is the same", "[activation]",
                        fieldscan::VariantOf<ActivationChoice>) {
  const ActivationChoice activation = TestType{};
  const auto z = grid();
  std::vector<double> phi(z.size()), slope(z.size()), alone(z), in_place(z);
  value_and_derivative(activation, z, phi, slope);
  value(activation, alone, alone);
  value_and_derivative(activation, in_place, phi, in_place);
  CHECK(in_place == slope);
  for (std::size_t k = 0; k < z.size(); ++k) CHECK(units(alone[k], phi[k]) <= 2);
  for (std::size_t k = 0; k < z.size(); ++k) {
    double one = z[k];
    value(activation, {&one, 1}, {&one, 1});
    CHECK(one == alone[k]);
  }
}

TEMPLATE_LIST_TEST_CASE("what is not a number stays so", "[activation]", fieldscan::VariantOf<ActivationChoice>) {
  std::vector<double> z(9, std::numeric_limits<double>::quiet_NaN()), slope(9);
  value(TestType{}, z, z);
  for (const double x : z) CHECK(std::isnan(x));
  value_and_derivative(TestType{}, z, z, slope);
  for (const double x : z) CHECK(std::isnan(x));
}

TEMPLATE_LIST_TEST_CASE("Gaussian averages equal quadrature", "[activation]", fieldscan::VariantOf<ActivationChoice>) {
  for (const auto& [a, b, c] : covariances) {
    CAPTURE(a, b, c);
    const GaussianAverage got = average(TestType{}, a, b, c);
    const GaussianAverage expected = testing::polar_average(TestType{}, a, b, c);
    CHECK(std::abs(got.value - expected.value) <= 1e-12 * (1 + std::abs(expected.value)));
    CHECK(std::abs(got.derivative - expected.derivative) <= 1e-11 * (1 + std::abs(expected.derivative)));
  }
}

TEMPLATE_LIST_TEST_CASE("Price's theorem: the second average is the derivative of the first", "[activation]",
                        fieldscan::VariantOf<ActivationChoice>) {
  for (const auto& [a, b, c] : covariances) {
    CAPTURE(a, b, c);
    const double h = 1e-5 * std::sqrt(a * b);
    const double slope = (average(TestType{}, a, b, c + h).value - average(TestType{}, a, b, c - h).value) / (2 * h);
    CHECK(average(TestType{}, a, b, c).derivative == Approx(slope).margin(1e-7));
  }
}

TEMPLATE_LIST_TEST_CASE("averages are symmetric and obey Cauchy and Schwarz", "[activation]",
                        fieldscan::VariantOf<ActivationChoice>) {
  for (const auto& [a, b, c] : covariances) {
    CAPTURE(a, b, c);
    const GaussianAverage one = average(TestType{}, a, b, c), other = average(TestType{}, b, a, c);
    CHECK(one.value == Approx(other.value).epsilon(1e-14).margin(1e-15));
    CHECK(one.derivative == Approx(other.derivative).epsilon(1e-14).margin(1e-15));
    const GaussianAverage u = average_equal(TestType{}, a), v = average_equal(TestType{}, b);
    CHECK(one.value * one.value <= u.value * v.value * (1 + 1e-14));
    CHECK(one.derivative * one.derivative <= u.derivative * v.derivative * (1 + 1e-14));
  }
}

TEMPLATE_LIST_TEST_CASE("the diagonal is a limit", "[activation]", fieldscan::VariantOf<ActivationChoice>) {
  for (const double a : {0.01, 0.3, 1.0, 4.0, 25.0}) {
    CAPTURE(a);
    const GaussianAverage equal = average_equal(TestType{}, a);
    const double size = 1 + std::abs(equal.derivative);
    for (const double c : {a, a * (1 + 2e-16), a * (1 + 1e-15)}) {
      const GaussianAverage at = average(TestType{}, a, a, c);
      CHECK(std::abs(at.value - equal.value) <= 1e-13 * (1 + equal.value));
      CHECK(std::abs(at.derivative - equal.derivative) <= 3e-12 * size);
    }
    const GaussianAverage close = average(TestType{}, a, a, a * (1 - 1e-10));
    CHECK(std::abs(close.value - equal.value) <= 1e-9 * (1 + a) * size);
    CHECK(std::abs(close.derivative - equal.derivative) <= 1e-5 * (1 + a) * size);
  }
}

TEMPLATE_LIST_TEST_CASE("averages at zero variance are finite", "[activation]",
                        fieldscan::VariantOf<ActivationChoice>) {
  const GaussianAverage both = average(TestType{}, 0, 0, 0), one = average(TestType{}, 0, 1, 0),
                        equal = average_equal(TestType{}, 0);
  double origin = 0;
  value(TestType{}, {&origin, 1}, {&origin, 1});  // φ(0)
  CHECK(both.value == Approx(origin * origin));
  CHECK(equal.value == Approx(origin * origin));
  if (origin == 0) CHECK(one.value == 0);
  for (const GaussianAverage& at : {both, one, equal}) {
    CHECK(std::isfinite(at.value));
    CHECK(std::isfinite(at.derivative));
  }
}

TEMPLATE_LIST_TEST_CASE("averages over arrays agree with single ones", "[activation]",
                        fieldscan::VariantOf<ActivationChoice>) {
  const auto check = [](const std::vector<double>& a, const std::vector<double>& b, const std::vector<double>& c) {
    std::vector<double> out(a.size()), slope(a.size());
    averages(TestType{}, a, b, c, out, slope);
    for (std::size_t k = 0; k < a.size(); ++k) {
      const GaussianAverage at = average(TestType{}, a[k], b[k], c[k]);
      CHECK(out[k] == Approx(at.value).epsilon(1e-13).margin(1e-13));
      CHECK(slope[k] == Approx(at.derivative).epsilon(1e-11).margin(1e-11));
    }
  };
  std::vector<double> a, b, c;
  for (const auto& pair : covariances) a.push_back(pair.a), b.push_back(pair.b), c.push_back(pair.c);
  check(a, b, c);
  for (const double variance : {0.2, 1.0, 6.0}) {  // one variance for all: interpolated where there is no closed form
    std::vector<double> same(150, variance), product(150);
    for (std::size_t k = 0; k < 150; ++k) product[k] = variance * (static_cast<double>(k) / 74.5 - 1);
    check(same, same, product);
  }
}

TEST_CASE("elementary functions to five units in the last place", "[activation]") {
  CHECK(worst(Erf{}, [](long double x) { return std::erf(x); }) <= 5);
  CHECK(worst(Tanh{}, [](long double x) { return std::tanh(x); }) <= 5);
  CHECK(worst(Sin{}, [](long double x) { return std::sin(x); }) <= 5);
  CHECK(worst(Sin{}, [](long double x) { return std::sin(x * (1 + 1e-14L)); }) > 5);  // the test can fail
}

TEST_CASE("gelu: the distribution function to rounding", "[activation]") {
  for (double x = -12; x < 12; x += 0.0173) {
    std::vector<double> z{x};
    const long double exact = x;
    value(Gelu{}, z, z);
    CHECK(std::abs(z[0] - static_cast<double>(exact / 2 * std::erfc(-exact / std::sqrt(2.0L)))) <= 3e-16 * std::abs(x));
  }
}

TEST_CASE("derivatives keep their relative accuracy in the tails", "[activation]") {
  for (const double x : {0.3, 3.0, 8.0, 15.0, -20.0}) {
    std::vector<double> z{x}, slope{0};
    const long double exact = x;
    value_and_derivative(Erf{}, z, z, slope);
    CHECK(slope[0] ==
          Approx(static_cast<double>(2 / std::sqrt(std::acos(-1.0L)) * std::exp(-exact * exact))).epsilon(1e-14));
    z = {x};
    value_and_derivative(Tanh{}, z, z, slope);
    CHECK(slope[0] == Approx(static_cast<double>(1 / (std::cosh(exact) * std::cosh(exact)))).epsilon(1e-14));
  }
}

TEST_CASE("large and infinite arguments", "[activation]") {
  const double infinity = std::numeric_limits<double>::infinity();
  for (const double x : {30.0, 1e5, 1e300, infinity}) {
    std::vector<double> z{x, -x}, slope(2);
    value_and_derivative(Erf{}, z, z, slope);
    CHECK((z[0] == 1 && z[1] == -1 && slope[0] <= 1e-300));
    z = {x, -x};
    value_and_derivative(Tanh{}, z, z, slope);
    CHECK((z[0] == 1 && z[1] == -1 && slope[0] < 1e-20));
  }
  std::vector<double> z{1e6, 12345.6789}, slope(2);
  value_and_derivative(Sin{}, z, z, slope);
  CHECK(z[0] == std::sin(1e6));
  CHECK(slope[1] == std::cos(12345.6789));
  z = {50, -50};
  value(Gelu{}, z, z);
  CHECK(z[0] == 50);
  CHECK(z[1] == 0);
}
