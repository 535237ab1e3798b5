#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "fieldscan/network/activation/list.hpp"

using namespace fieldscan::network;

namespace {

struct Known {
  ActivationChoice activation;
  double a, b, c, value, derivative;
};

/// tanh(2z) − 0.7295 z.
const Combination steep_tanh{.of = {Tanh{}, Linear{}}, .weights = {1, -0.7295}, .scales = {2, 1}};

/// Computed by an independent program with 30 digits; of `steep_tanh` by trapezoids of 0.04 in doubles.
const std::vector<Known> table{
    {Linear{}, 2, 0.7, -0.9, -0.9, 1},
    {Relu{}, 1, 1, 0.5, 0.30449889052211465, 0.3333333333333333},
    {Relu{}, 2, 0.7, -0.9, 0.02105060162397717, 0.11244292201586782},
    {Relu{}, 4, 3, 3.4, 1.7013096488072417, 0.46933476554529563},
    {Relu{}, 0.3, 0.3, 0, 0.0477464829275686, 0.25},
    {Relu{}, 1, 1, -1, 0, 0},
    {LeakyRelu{.slope = 0.2}, 1, 1, 0.5, 0.2948792899341534, 0.41333333333333333},
    {LeakyRelu{.slope = 0.2}, 2, 0.7, -0.9, -0.1665276149606546, 0.2719634700901554},
    {LeakyRelu{.slope = 0.2}, 4, 3, 3.4, 1.7688381752366347, 0.5003742499489892},
    {LeakyRelu{.slope = 0.2}, 1, 1, -1, -0.2, 0.2},
    {Erf{}, 1, 1, 0.5, 0.21634689593878545, 0.45015815807855303},
    {Erf{}, 2, 0.7, -0.9, -0.34784940276303383, 0.4301877760169469},
    {Erf{}, 4, 3, 3.4, 0.6550024108965371, 0.31100911073738496},
    {Erf{}, 1, 1, -1, -0.46455905439753997, 0.5694100347337416},
    {Gelu{}, 1, 1, 0.5, 0.22729491502199153, 0.3422672424594431},
    {Gelu{}, 2, 0.7, -0.9, -0.06358935469363249, 0.10490777339938123},
    {Gelu{}, 4, 3, 3.4, 1.6264688787501103, 0.49335272279405995},
    {Gelu{}, 0.3, 0.3, 0, 0.011018419137131216, 0.25},
    {Gelu{}, 1, 1, -1, -0.07477851742970132, 0.044149134350712875},
    {Sin{}, 1, 1, 0.5, 0.1917002497821018, 0.4148304099305316},
    {Sin{}, 2, 0.7, -0.9, -0.2661144635299545, 0.37151368809181884},
    {Sin{}, 4, 3, 3.4, 0.45191481630345554, 0.45292260173250404},
    {Quadratic{}, 2, 0.7, -0.9, 3.02, -3.6},
    {Quadratic{}, 4, 3, 3.4, 35.12, 13.6},
    {Tanh{}, 1, 1, 0.5, 0.18632441320344809, 0.3847470284410391},
    {Tanh{}, 2, 0.7, -0.9, -0.30135574709965357, 0.365499949403965},
    {Tanh{}, 4, 3, 3.4, 0.5944630332941658, 0.26058076144634046},
    {Tanh{}, 1, 1, -1, -0.3942944903978412, 0.4644029024482683},
    {Swish{}, 1, 1, 0.5, 0.183169663088159541, 0.312279615293539799},
    {Swish{}, 2, 0.7, -0.9, -0.125573443754395015, 0.149911417227220334},
    {Swish{}, 4, 3, 3.4, 1.46546253808431227, 0.45303438621855303},
    {Swish{}, 0.3, 0.3, 0, 0.00491073050123306148, 0.25},
    {Swish{}, 1, 1, -1, -0.144224480182647844, 0.120517648367170691},
    {steep_tanh, 1, 1, 0.5, 0.00856928134605382, 0.05464295440405689},
    {steep_tanh, 2, 0.7, -0.9, -0.016147731899379777, 0.12085855208148626},
    {steep_tanh, 4, 3, 3.4, 0.49571340020505805, 0.40179919279439197},
    {steep_tanh, 0.3, 0.3, 0.3, 0.08609954541598319, 0.5914477996115025},
};

/// Averages of tanh by the trapezoid rule over both standard normals, with steps that resolve the poles of tanh: nodes
/// in proportion to √a in each direction.
GaussianAverage tanh_on_grid(double a, double b, double c) {
  const double pi = std::numbers::pi, correlation = c / std::sqrt(a * b);
  const double step = std::min(0.5, pi * pi / (44 * std::sqrt(std::max(a, b))));
  const double even = std::sqrt((1 + correlation) / 2), odd = std::sqrt((1 - correlation) / 2);
  const int n = static_cast<int>(std::ceil(8.6 / step));
  double sum = 0;
  GaussianAverage total;
  for (int i = -n; i <= n; ++i)
    for (int j = -n; j <= n; ++j) {
      const double x = step * i, y = step * j, weight = std::exp(-(x * x + y * y) / 2);
      const double u = std::tanh(std::sqrt(a) * (even * x + odd * y)),
                   v = std::tanh(std::sqrt(b) * (even * x - odd * y));
      sum += weight;
      total.value += weight * u * v;
      total.derivative += weight * (1 - u * u) * (1 - v * v);
    }
  return {total.value / sum, total.derivative / sum};
}

}  // namespace

TEST_CASE("averages against known numbers", "[activation]") {
  for (const Known& known : table) {
    CAPTURE(fieldscan::kind_of(known.activation), known.a, known.b, known.c);
    const GaussianAverage at = average(known.activation, known.a, known.b, known.c);
    CHECK(std::abs(at.value - known.value) <= 1e-12);
    CHECK(std::abs(at.derivative - known.derivative) <= 1e-12);
  }
}

TEST_CASE("diagonals against known numbers", "[activation]") {
  const auto check = [](const ActivationChoice& activation, double value, double derivative) {
    CAPTURE(fieldscan::kind_of(activation));
    const GaussianAverage at = average_equal(activation, 1);
    CHECK(std::abs(at.value - value) <= 1e-14);
    CHECK(std::abs(at.derivative - derivative) <= 1e-14);
  };
  check(Linear{}, 1, 1);
  check(Relu{}, 0.5, 0.5);
  check(LeakyRelu{.slope = 0.2}, 0.52, 0.52);
  check(Erf{}, 0.46455905439753997, 0.5694100347337416);
  check(Gelu{}, 0.4252214825702987, 0.4558508656492871);
  check(Sin{}, 0.43233235838169365, 0.5676676416183063);
  check(Quadratic{}, 3, 4);
  check(Tanh{}, 0.3942944903978412, 0.4644029024482683);
  check(Swish{}, 0.355775519817352156, 0.379482351632829309);
}

TEST_CASE("relu next to the diagonal does not lose digits", "[activation]") {
  const auto check = [](double distance, double value, double half_minus_derivative) {
    const GaussianAverage at = average(Relu{}, 1, 1, 1 - distance);
    CHECK(at.value == Approx(value).epsilon(1e-13));
    CHECK(0.5 - at.derivative == Approx(half_minus_derivative).epsilon(1e-4));
  };
  check(1e-4, 0.49995015005346966, 0.002250809547404721);
  check(1e-8, 0.4999999950001501, 2.2507907922684242e-05);
  check(1e-12, 0.4999999999995, 2.2507907903929528e-07);
}

TEST_CASE("polynomials: powers, Hermite polynomials, and the activations they contain", "[activation]") {
  const double a = 2, b = 0.7, c = -0.9;
  const auto check = [&](std::vector<double> coefficients, double value, double derivative) {
    const GaussianAverage at = average(Polynomial{.coefficients = std::move(coefficients)}, a, b, c);
    CHECK(at.value == Approx(value).epsilon(1e-14));
    CHECK(at.derivative == Approx(derivative).epsilon(1e-14));
  };
  check({0, 1}, c, 1);
  check({0, 0, 1}, a * b + 2 * c * c, 4 * c);
  check({0, 0, 0, 1}, 9 * a * b * c + 6 * c * c * c, 9 * (a * b + 2 * c * c));
  check({-1, 0, 1}, a * b + 2 * c * c - a - b + 1, 4 * c);
  check({0, -3, 0, 1}, 9 * a * b * c + 6 * c * c * c - 9 * (a + b) * c + 9 * c, 9 * (a * b + 2 * c * c - a - b + 1));
  // At unit variance He_5 is orthogonal to He_3: ⟨He_k He_k⟩ = k! ρᵏ and no cross term.
  const Polynomial sum{.coefficients = {0, -3 + 15, 0, 1 - 10, 0, 1}};
  CHECK(average(sum, 1, 1, 0.6).value == Approx(6 * std::pow(0.6, 3) + 120 * std::pow(0.6, 5)).epsilon(1e-12));
  CHECK(Polynomial{.coefficients = std::vector<double>(18, 1.0)}.problem().has_value());
  CHECK(Polynomial{.coefficients = {3}}.problem().has_value());
  CHECK(Polynomial{.coefficients = {}}.problem().has_value());
  CHECK_FALSE(Polynomial{}.problem().has_value());
}

TEST_CASE("the cosine is the sine's other half, and the step is the rectifier's", "[activation]") {
  const GaussianAverage cosine = average(Cos{}, 2, 0.7, -0.9), sine = average(Sin{}, 2, 0.7, -0.9);
  CHECK(cosine.value == sine.derivative);
  CHECK(cosine.derivative == sine.value);
  // cos u cos v + sin u sin v = cos(u − v), whose mean is exp(−⟨(u − v)²⟩/2).
  CHECK(cosine.value + sine.value == Approx(std::exp(-(2 + 0.7 + 1.8) / 2)).epsilon(1e-14));
  CHECK(average(ReluSquared{}, 2, 0.7, -0.9).derivative == Approx(4 * average(Relu{}, 2, 0.7, -0.9).value));
}

TEST_CASE("the scale of erf is a scale of its argument", "[activation]") {
  const double gamma = 0.7071067811865476, square = gamma * gamma;
  const GaussianAverage scaled = average(Erf{.scale = gamma}, 2, 0.7, -0.9);
  const GaussianAverage plain = average(Erf{}, square * 2, square * 0.7, square * -0.9);
  CHECK(scaled.value == Approx(plain.value).epsilon(1e-14));
  CHECK(scaled.derivative == Approx(square * plain.derivative).epsilon(1e-14));
  // erf(z/√2) in the form of the literature on teacher and student: (2/π) asin(c/√((1+a)(1+b))).
  CHECK(scaled.value == Approx(2 / std::acos(-1.0) * std::asin(-0.9 / std::sqrt(3 * 1.7))).epsilon(1e-14));
}

TEST_CASE("erf alone, without its derivative, loses no digits", "[activation]") {
  // Correlations on both sides of the sine ½ at which the formula changes, and blocks that mix them; variances over ten
  // decades.
  std::vector<double> a, b, c;
  for (double variance = 1e-5; variance < 1e6; variance *= 1.7)
    for (double ratio : {0.01, 0.5, 1.0, 3.0})
      for (double correlation = -1; correlation <= 1; correlation += 1.0 / 64) {
        a.push_back(variance);
        b.push_back(ratio * variance);
        c.push_back(correlation * std::sqrt(a.back() * b.back()));
      }
  std::vector<double> together(a.size());
  for (double scale : {1.0, 0.7071067811865475}) {
    const Erf erf{.scale = scale};
    erf.values(a, b, c, together);
    double worst = 0, largest_sine = 0, smallest_sine = 1;
    for (std::size_t k = 0; k < a.size(); ++k) {
      const long double g = static_cast<long double>(scale) * scale, u = g * a[k], v = g * b[k], w = g * c[k];
      const long double determinant = std::max(u * v - w * w, 0.0L);
      const long double exact =
          2 / std::numbers::pi_v<long double> * std::atan2(2 * w, std::sqrt(1 + 2 * (u + v) + 4 * determinant));
      const auto error = std::fabs(static_cast<double>(together[k] - exact));
      worst = std::max(worst, exact == 0 ? error : error / static_cast<double>(std::fabs(exact)));
      const double sine = std::fabs(std::sin(static_cast<double>(exact) * std::numbers::pi / 2));
      largest_sine = std::max(largest_sine, sine);
      if (sine > 0) smallest_sine = std::min(smallest_sine, sine);
    }
    CHECK(worst <= 1.5e-15);
    CHECK(largest_sine > 0.99);  // both formulas were at work
    CHECK(smallest_sine < 1e-5);
  }
}

TEST_CASE("leaky relu of slope 0 and 1 is relu and linear", "[activation]") {
  for (const double c : {-0.9, 0.1, 0.8}) {
    CHECK(average(LeakyRelu{.slope = 0}, 2, 0.7, c).value == Approx(average(Relu{}, 2, 0.7, c).value));
    CHECK(average(LeakyRelu{.slope = 1}, 2, 0.7, c).value == Approx(c));
    CHECK(average(LeakyRelu{.slope = 1}, 2, 0.7, c).derivative == 1);
  }
}

TEST_CASE("tanh at large variance approaches the sign", "[activation]") {
  // ⟨sign u sign v⟩ = (2/π) asin ρ; corrections fall as 1/√a times the density at u = 0.
  const double pi = std::acos(-1.0);
  for (const double correlation : {-0.5, 0.3, 0.9}) {
    const double coarse = average(Tanh{}, 100, 100, 100 * correlation).value - 2 / pi * std::asin(correlation);
    const double fine = average(Tanh{}, 1e4, 1e4, 1e4 * correlation).value - 2 / pi * std::asin(correlation);
    CHECK(std::abs(coarse) < 0.02);
    CHECK(std::abs(fine / coarse) < 0.011);  // the correction is of order 1/a
  }
}

TEST_CASE("tanh averages do not depend on the rule: linear regime", "[activation]") {
  // tanh z = z − z³/3 + …: ⟨φφ⟩ = c − (a + b)c + O(a³), ⟨φ′φ′⟩ = 1 − (a + b) + O(a²).
  const double a = 1e-5, b = 2e-5, c = -0.7e-5;
  const GaussianAverage at = average(Tanh{}, a, b, c);
  CHECK(at.value == Approx(c * (1 - (a + b))).epsilon(1e-8));
  CHECK(at.derivative == Approx(1 - (a + b)).epsilon(1e-8));
}

TEST_CASE("tanh agrees with a rule that resolves its poles", "[activation]") {
  for (const auto& [a, b] : {std::pair{1e-6, 1e-4}, {0.3, 0.3}, {2.0, 0.7}, {25.0, 4.0}, {60.0, 60.0}})
    for (const double correlation : {-0.99, -0.3, 0.5, 0.999}) {
      CAPTURE(a, b, correlation);
      const double c = correlation * std::sqrt(a * b);
      const GaussianAverage mine = average(Tanh{}, a, b, c), grid = tanh_on_grid(a, b, c);
      CHECK(std::abs(mine.value - grid.value) <= 3e-14 * std::min(1.0, std::sqrt(a * b)));
      CHECK(std::abs(mine.derivative - grid.derivative) <=
            1e-12);  // of the grid: at small variances its step is coarse
    }
}

TEST_CASE("tanh saturates: averages at any variance, by the limits of a step", "[activation]") {
  const double pi = std::numbers::pi;
  for (double a = 1e-6; a < 1e13; a *= 10) {
    CAPTURE(a);
    const GaussianAverage equal = average_equal(Tanh{}, a), apart = average(Tanh{}, a, 2 * a, 0.6 * a);
    if (a <= 1e-3) {
      CHECK(equal.value == Approx(a - 2 * a * a).epsilon(20 * a * a));
      CHECK(apart.value == Approx(0.6 * a * (1 - 3 * a)).epsilon(40 * a * a));
      CHECK(apart.derivative == Approx(1 - 3 * a).epsilon(40 * a * a));
    }
    if (a >= 1e4) {  // 1 − ⟨sech²⟩ and ⟨sech⁴⟩: the density at zero times 2 and 4/3, with corrections of order 1/a
      const double density = 1 / std::sqrt(2 * pi * a);
      CHECK(1 - equal.value == Approx(2 * density).epsilon(1 / a + 1e-15 / density));
      CHECK(equal.derivative == Approx(4.0 / 3 * density).epsilon(1 / a + 1e-11));
      CHECK(apart.value == Approx(2 / pi * std::asin(0.6 / std::sqrt(2.0))).epsilon(2 / a));
      CHECK(apart.derivative == Approx(2 / (pi * a * std::sqrt(2 - 0.36))).epsilon(2 / a));
    }
  }
  // A symmetric function: odd in c, at most one, and of both variances alike.
  CHECK(average(Tanh{}, 3e8, 2e-3, 500).value == Approx(-average(Tanh{}, 2e-3, 3e8, -500).value).epsilon(1e-14));
  CHECK(average(Tanh{}, 1e300, 1e300, 1e300).value == Approx(1).epsilon(1e-14));
  CHECK(average(Tanh{}, 1e200, 1e200, 0.6e200).derivative == Approx(2 / (pi * 0.8e200)).epsilon(1e-9));
  CHECK(average(Tanh{}, 1e-300, 1e-300, 1e-300).value == Approx(1e-300).epsilon(1e-14));
}

TEST_CASE("blocks of tanh are its pairs, in tables and one by one", "[activation]") {
  for (const double a : {0.5, 30.0, 150.0, 1e5}) {
    std::vector<double> same(400, a), c, value(400), derivative(400);
    for (int k = 0; k < 400; ++k) c.push_back(a * std::cos(std::numbers::pi * k / 399));
    averages(Tanh{}, same, same, c, value, derivative);
    for (std::size_t k = 0; k < 400; ++k) {
      const GaussianAverage at = average(Tanh{}, a, a, c[k]);
      CAPTURE(a, k);
      CHECK(std::abs(value[k] - at.value) <= 1e-12);
      CHECK(std::abs(derivative[k] - at.derivative) <= 1e-11);
    }
  }
}
