#include "../../../src/analysis/fit/fit.hpp"

#include <array>
#include <cmath>

#include "../../../src/analysis/fit/joint_law.hpp"
#include "../../../src/analysis/fit/line.hpp"
#include "catch.hpp"

using namespace fieldscan::analysis;

TEST_CASE("exact power laws are found to rounding") {
  const std::vector<double> x{16, 32, 64, 128, 256};
  std::vector<Quantity> y;
  for (double v : x) y.push_back(exact_quantity(3 * std::pow(v, -1.5)));
  const PowerLaw fit = fit_power_law(x, y);
  CHECK(fit.exponent.value == Approx(-1.5).epsilon(1e-6));
  CHECK(fit.amplitude.value == Approx(3 * std::pow(fit.centre, -1.5)).epsilon(1e-6));
  for (Quantity& q : y) q.value *= q.value;
  CHECK(fit_power_law(x, y, 2).exponent.value == Approx(-1.5).epsilon(1e-6));
}

TEST_CASE("a power law is refused where there is none") {
  const std::vector<double> x{1, 2, 4};
  const std::vector<Quantity> negative{exact_quantity(-1), exact_quantity(-2), exact_quantity(-1)};
  CHECK_FALSE(fit_power_law(x, negative).exponent.has_value());
  const std::array<double, 2> two{1, 2};
  CHECK_FALSE(fit_power_law(two, std::vector<Quantity>{exact_quantity(1), exact_quantity(2)}).exponent.has_value());
}

TEST_CASE("a straight line is found, and its residuals") {
  const std::vector<double> x{0, 1, 2, 3};
  std::vector<Quantity> y;
  for (double v : x) y.push_back(exact_quantity(2 - 0.5 * v));
  const Line line = fit_line(x, y);
  CHECK(line.slope.value == Approx(-0.5));
  CHECK(line.intercept.value == Approx(2));
  for (const Quantity& r : line.residuals) CHECK(std::abs(r.value) < 1e-12);
}

TEST_CASE("joint scaling laws of both forms are found") {
  std::vector<std::array<double, 2>> x;
  std::vector<Quantity> sum, scarce;
  for (double n : {16., 64., 256., 1024.})
    for (double p : {16., 64., 256., 1024.}) {
      x.push_back({n, p});
      sum.push_back(exact_quantity(2 * std::pow(n, -0.7) + 5 * std::pow(p, -1.2)));
      scarce.push_back(exact_quantity(std::max(2 * std::pow(n, -0.7), 5 * std::pow(p, -1.2))));
    }
  const JointLaw a = fit_joint_law(x, sum, JointLaw::Form::sum), b = fit_joint_law(x, scarce, JointLaw::Form::min);
  CHECK(a.exponents[0].value == Approx(-0.7).epsilon(1e-3));
  CHECK(a.exponents[1].value == Approx(-1.2).epsilon(1e-3));
  CHECK(b.exponents[0].value == Approx(-0.7).epsilon(1e-2));
  CHECK(b.exponents[1].value == Approx(-1.2).epsilon(1e-2));
  CHECK(fit_joint_law(x, scarce, JointLaw::Form::sum).chi_squared > 100 * b.chi_squared);
}
