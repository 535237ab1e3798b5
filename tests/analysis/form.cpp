// What a law is worth that does not describe its curve: rejected forms, constant curves, units.
#include <cmath>

#include "../../src/analysis/fit/collapse_law.hpp"
#include "../../src/analysis/fit/line.hpp"
#include "../../src/analysis/test/evaluate.hpp"
#include "catch.hpp"
#include "studies.hpp"

using namespace fieldscan;
using namespace fieldscan::analysis;
namespace syn = fieldscan::analysis::synthetic;
namespace studies = fieldscan::analysis::studies;

namespace {

scan::Formula formula(const std::string& text) { return {.text = text, .place = {}}; }

/// error_test = curve(width) up to a part `noise` of it.
template <class Curve>
Table table_of(const Curve& curve, double noise) {
  Table table = syn::make_table({.widths = {16, 32, 64, 128, 256, 512, 1024}, .draws = 24, .initialisations = 1});
  for (TablePoint& p : table.points) {
    const double width = std::get<double>(p.point.names[0].value);
    for (Member& m : p.measured.members)
      m.rows.push_back({.observable = Observable::error_test,
                        .value = curve(width) * (1 + noise * syn::normal(5, std::to_string(width), m.draw, 0))});
  }
  return table;
}

using CurveWord = scan::PowerLaw::Form;

scan::Test power_law(std::optional<CurveWord> form = {}, double within = 0.2) {
  return {.of = {formula("error_test")},
          .kind = scan::PowerLaw{.versus = {formula("width")},
                                 .expect = {{formula("-1")}},
                                 .within = scan::Margin{within, false},
                                 .form = form}};
}

TestResult result_of(const Table& table, const scan::Test& test) {
  return evaluate_tests(syn::make_context(table), std::vector{test}).at(0);
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// −1 on average, from −0.6 to −1.4 in the window.
double bent(double width) {
  const double u = std::log(width / 128);
  return std::exp(-u - 0.1 * u * u);
}

}  // namespace

TEST_CASE("an exponent inside of a curve that is no power law contradicts the form") {
  const TestResult result = result_of(table_of(bent, 1e-3), power_law());
  INFO(result.statement << " | " << result.because);
  CHECK(result.verdict == Verdict::contradicted);
  CHECK(has(result.because, "contradicted (form): not one power law over the window: χ²"));
  CHECK(has(result.because, "the exponent from"));
  CHECK(has(result.because, "describes the curve better"));
  // Within ± 0.6 the same curve holds, with the size of its misfit.
  const scan::Test wide = power_law({}, 0.6);
  const TestResult held = result_of(table_of(bent, 1e-3), wide);
  CHECK(held.verdict == Verdict::supported);
  CHECK(has(held.because, "off by up to"));
  CHECK(has(held.because, "describes the curve better"));
}

TEST_CASE("a small misfit that is known well leaves a law supported") {
  const auto wavy = [](double width) { return (1 + 0.02 * std::sin(5 * std::log(width))) / width; };
  const TestResult result = result_of(table_of(wavy, 1e-4), power_law());
  INFO(result.because);
  CHECK(result.verdict == Verdict::supported);
  CHECK(has(result.because, "not one power law over the window"));
  CHECK(has(result.because, "off by up to 2"));
  // Noise that hides the bend: neither rejected nor contradicted.
  CHECK_FALSE(has(result_of(table_of(bent, 1), power_law()).because, "contradicted (form)"));
}

TEST_CASE("floors are judged by what lies above them, crossovers by what lies beyond") {
  const auto above = [](double width) { return 0.001 + bent(width); };
  const scan::Test floor = power_law(CurveWord::floor, 0.3);
  const TestResult result = result_of(table_of([](double w) { return 0.1 + bent(w); }, 1e-4), floor);
  INFO(result.statement << " | " << result.because);
  CHECK(result.verdict != Verdict::supported);
  const TestResult straight =
      result_of(table_of([](double w) { return 0.1 + 16 / w; }, 1e-3), power_law(CurveWord::floor));
  CHECK(straight.verdict == Verdict::supported);
  CHECK_FALSE(has(straight.because, "not one"));
  CHECK(result_of(table_of(above, 1e-4), power_law(CurveWord::crossover)).verdict != Verdict::supported);
}

TEST_CASE("joint scaling laws say how well they fit, and are contradicted where they do not") {
  const auto table_with = [](double bend) {
    Table table;
    table.axes = {{"network.width", "width"}, {"data.train_size", "train_size"}};
    for (const double n : {16., 32., 64., 128., 256.})
      for (const double p : {16., 32., 64., 128., 256.}) {
        TablePoint point = syn::make_point(n);
        point.point.names[1].value = p;
        const double u = std::log(n / 64);
        const double y = std::exp(-u - bend * u * u) + std::pow(p / 64, -0.5);
        for (std::int64_t r = 0; r < 24; ++r)
          point.measured.members.push_back(
              {.draw = r,
               .initialisation = 0,
               .outcome = Outcome::done,
               .reason = {},
               .rows = {{.observable = Observable::error_test,
                         .value = y * (1 + 1e-3 * syn::normal(7, std::to_string(n * 1000 + p), r, 0))}},
               .arrays = {}});
        table.points.push_back(std::move(point));
      }
    return table;
  };
  const scan::Test test{.of = {formula("error_test")},
                        .kind = scan::ScalingLaw{.versus = {formula("width"), formula("train_size")},
                                                 .expect = {{formula("-1"), formula("-0.5")}},
                                                 .within = scan::Margin{0.2, false}}};
  const TestResult good = result_of(table_with(0), test), bad = result_of(table_with(0.2), test);
  INFO(good.because << " | " << bad.statement << " | " << bad.because);
  CHECK(good.verdict == Verdict::supported);
  CHECK_FALSE(has(good.because, "not one"));
  CHECK(bad.verdict == Verdict::contradicted);
  CHECK(has(bad.because, "not one joint scaling law (sum) over the window: χ²"));
}

TEST_CASE("a constant curve has no exponent that a floor or a crossover could mean") {
  const std::vector<double> x{1, 2, 4, 8, 16, 32, 64};
  const std::vector<Quantity> exact(7, exact_quantity(0.3));
  for (const CurveForm form : {CurveForm::floor, CurveForm::crossover}) {
    CHECK_FALSE(fit_curve(form, x, exact).exponent.has_value());
    const std::vector<Quantity> same(7, studies::measure(1, "a", {24, 1, {0.1, 0, 0}}, 1));
    CHECK(has(fit_curve(form, x, same).exponent.problem, "constant"));
  }
  std::vector<Quantity> noise;
  for (int k = 0; k < 7; ++k) noise.push_back(studies::measure(2, std::to_string(k), {24, 1, {0, 0, 0.05}}, 1));
  const Quantity lost = fit_curve(CurveForm::floor, x, noise).exponent;
  CHECK((!lost.has_value() || estimate(lost).standard_error > 0.5 || !lost.carried.empty()));
  CHECK(std::abs(fit_power_law(x, exact).exponent.value) < 1e-6);  // x⁰
  std::vector<std::array<double, 2>> grid;
  std::vector<Quantity> along_second;
  std::vector<ScaledPoint> points;
  for (const double n : {1., 2., 4., 8.})
    for (const double p : {1., 2., 4., 8.}) {
      grid.push_back({n, p});
      along_second.push_back(exact_quantity(1 / p));
      points.push_back({n, p, exact_quantity(0.3)});
    }
  for (const auto form : {JointLaw::Form::sum, JointLaw::Form::floor, JointLaw::Form::min})
    CHECK(has(fit_joint_law(grid, along_second, form).exponents[0].problem, "first resource"));
  CHECK(has(fit_collapse(points).of_abscissa.problem, "the same"));
}

TEST_CASE("fits do not depend on the unit of the values") {
  const studies::Ensemble e{20, 1, {0.1, 0, 0.05}};
  for (const double unit : {1e30, 1e-30, 1e100, 1e-100}) {
    INFO(unit);
    const auto in = [&](std::vector<Quantity> y) {
      for (Quantity& q : y) q = scaled(q, unit);
      return y;
    };
    const auto same = [](const Quantity& a, const Quantity& b) {
      INFO(a.value << " " << b.value << " " << a.problem << b.problem);
      REQUIRE(a.has_value());
      CHECK(b.value == Approx(a.value).epsilon(1e-5));
      CHECK(estimate(b).standard_error == Approx(estimate(a).standard_error).epsilon(1e-3));
    };
    for (const CurveForm form : curve_forms) {
      INFO(word_of(form));
      const auto m = studies::measure_curve(4, form, e);
      const CurveLaw a = fit_curve(form, m.x, m.y), b = fit_curve(form, m.x, in(m.y));
      same(a.exponent, b.exponent);
      CHECK(b.chi_squared == Approx(a.chi_squared).epsilon(1e-4).margin(1e-6));
      CHECK(compare_forms(std::array{CurveForm::power, form}, m.x, in(m.y), 1, 3)[1].share ==
            Approx(compare_forms(std::array{CurveForm::power, form}, m.x, m.y, 1, 3)[1].share).margin(0.02));
    }
    const auto m = studies::measure_curve(4, CurveForm::power, e);
    same(fit_power_law(m.x, m.y).exponent, fit_power_law(m.x, in(m.y)).exponent);
    const Line line = fit_line(m.x, m.y), other = fit_line(m.x, in(m.y));
    same(scaled(line.slope, unit), other.slope);
    std::vector<std::array<double, 2>> grid;
    std::vector<Quantity> y;
    std::vector<ScaledPoint> points, points_in_unit;
    for (const double n : {1., 2., 4., 8.})
      for (const double p : {1., 2., 4., 8.}) {
        grid.push_back({n, p});
        y.push_back(studies::measure(6, std::to_string(n * 10 + p), e, 1 / n + std::pow(p, -0.5)));
        const Quantity q = studies::measure(6, std::to_string(n * 10 + p), e, std::exp(-n * p / 16) - 0.2);
        points.push_back({n, p, q});
        points_in_unit.push_back({n, p, scaled(q, unit)});
      }
    const JointLaw law = fit_joint_law(grid, y, JointLaw::Form::sum),
                   law_in = fit_joint_law(grid, in(y), JointLaw::Form::sum);
    same(law.exponents[0], law_in.exponents[0]);
    same(scaled(law.amplitudes[1], unit), law_in.amplitudes[1]);
    same(fit_collapse(points).of_abscissa, fit_collapse(points_in_unit).of_abscissa);
  }
}

TEST_CASE("three points prefer no law") {
  const std::vector<double> x{1, 2, 3};
  std::vector<Quantity> y;
  for (const double v : x) y.push_back(studies::measure(1, std::to_string(v), {20, 1, {0, 0, 1e-3}}, std::exp(-v)));
  for (const RivalLaw& rival : compare_forms(std::array{CurveForm::power, CurveForm::exponential}, x, y, 1, 1))
    CHECK(rival.share == 0);
  CHECK(std::isinf(akaike(1, 2, 3)));
  CHECK(akaike(1, 2, 6) == Approx(1 + 4 + 4));
}
