#include "../../../src/analysis/fit/curve_law.hpp"

#include <cmath>

#include "../../../src/analysis/fit/collapse_law.hpp"
#include "../../../src/analysis/fit/local_exponents.hpp"
#include "../studies.hpp"
#include "catch.hpp"

using namespace fieldscan;
using namespace fieldscan::analysis;
namespace studies = fieldscan::analysis::studies;

TEST_CASE("every form is found to rounding in an exact curve") {
  for (const CurveForm form : curve_forms)
    for (const double order : {1.0, 2.0}) {
      studies::Measured m = studies::measure_curve(1, form, {1, 1, {0, 0, 0}}, 8);
      for (Quantity& q : m.y) q = exact_quantity(std::pow(q.value, order));
      const CurveLaw law = fit_curve(form, m.x, m.y, order);
      INFO(word_of(form) << " " << order << " " << law.exponent.problem);
      REQUIRE(law.exponent.has_value());
      CHECK(law.exponent.value == Approx(studies::true_exponent(form)).epsilon(1e-3));
      if (form == CurveForm::floor) CHECK(law.first.value == Approx(studies::floor_value).epsilon(1e-3));
      if (form == CurveForm::crossover) {
        CHECK(law.first.value == Approx(studies::steep).epsilon(1e-3));
        CHECK(law.crossover.value == Approx(studies::crossover_at).epsilon(1e-2));
      }
    }
}

TEST_CASE("a power law agrees with the one-dimensional search for it") {
  const auto m = studies::measure_curve(3, CurveForm::power, {20, 4, {0.1, 0.02, 0.1}});
  const Quantity a = fit_power_law(m.x, m.y).exponent, b = fit_curve(CurveForm::power, m.x, m.y).exponent;
  CHECK(a.value == Approx(b.value).epsilon(1e-5));
  CHECK(estimate(a).standard_error == Approx(estimate(b).standard_error).epsilon(1e-3));
}

TEST_CASE("the form that made a curve is preferred, and none where the others are as good") {
  constexpr std::array<CurveForm, 3> forms{CurveForm::power, CurveForm::floor, CurveForm::exponential};
  for (const CurveForm truth : {CurveForm::floor, CurveForm::exponential}) {
    const auto m = studies::measure_curve(4, truth, {20, 4, {0.05, 0, 0.05}});
    for (const RivalLaw& rival : compare_forms(forms, m.x, m.y, 1, 7))
      CHECK((rival.share > 0.9) == (rival.law.form == truth));
  }
  const auto m = studies::measure_curve(4, CurveForm::power, {20, 4, {0.05, 0, 0.05}});
  const auto rivals = compare_forms(forms, m.x, m.y, 1, 7);
  CHECK(rivals[1].share < 0.95);  // a floor of zero is a power law
  CHECK(rivals[2].share < 0.05);
}

TEST_CASE("local exponents and windows show where a curve bends, and hold still where it does not") {
  const studies::Ensemble e{20, 4, {0.1, 0, 0.05}};
  const auto straight = studies::measure_curve(5, CurveForm::power, e);
  for (const Quantity& q : local_exponents(straight.x, straight.y))
    CHECK(q.value == Approx(studies::exponent).margin(5 * estimate(q).standard_error));
  const WindowStability still = window_stability(straight.x, straight.y);
  CHECK(std::abs(still.shift_first.value) < 4 * estimate(still.shift_first).standard_error);
  const auto bent = studies::measure_curve(5, CurveForm::floor, e);
  const auto local = local_exponents(bent.x, bent.y);
  CHECK(local.front().value < local.back().value - 0.2);
  const WindowStability moves = window_stability(bent.x, bent.y);
  CHECK(moves.shift_first.value > 4 * estimate(moves.shift_first).standard_error);
}

TEST_CASE("forms refuse too few points and abscissas that are not positive") {
  const std::vector<double> x{1, 2, 3}, zero{0, 1, 2, 3, 4, 5};
  const std::vector<Quantity> y(3, exact_quantity(1)), six(6, exact_quantity(1));
  CHECK_FALSE(fit_curve(CurveForm::floor, x, y).exponent.has_value());
  CHECK_FALSE(fit_curve(CurveForm::crossover, x, y).exponent.has_value());
  CHECK_FALSE(fit_curve(CurveForm::power, zero, six).exponent.has_value());
}

TEST_CASE("the exponents of a collapse are estimated") {
  // y = W^{-0.5} F(x W^{-1.25}) with F(u) = 1/(1 + u).
  const studies::Ensemble e{24, 2, {0.05, 0, 0.05}};
  std::vector<ScaledPoint> points;
  for (const double size : {16.0, 32.0, 64.0, 128.0})
    for (int k = 0; k < 8; ++k) {
      const double u = 0.1 * std::pow(2.0, k), x = u * std::pow(size, 1.25);
      const std::string name = std::to_string(size) + std::to_string(k);
      points.push_back({x, size, studies::measure(9, name, e, std::pow(size, -0.5) / (1 + u))});
    }
  const CollapseLaw law = fit_collapse(points);
  REQUIRE(law.of_abscissa.has_value());
  INFO(law.of_abscissa.value << " " << law.of_ordinate.value << " " << law.chi_squared << " " << law.degrees);
  CHECK(law.of_abscissa.value == Approx(-1.25).margin(4 * estimate(law.of_abscissa).standard_error));
  CHECK(law.of_ordinate.value == Approx(0.5).margin(4 * estimate(law.of_ordinate).standard_error));
  CHECK(estimate(law.of_abscissa).standard_error < 0.1);
  CHECK_FALSE(fit_collapse(std::span(points).first(7)).of_abscissa.has_value());
  CHECK_FALSE(fit_collapse(std::span(points).first(8)).of_abscissa.has_value());  // one size
}
