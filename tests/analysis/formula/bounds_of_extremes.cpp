// What is least or largest at an end of its curve is a bound.
#include <cmath>

#include "../../../src/analysis/formula/curve_number.hpp"
#include "../../../src/analysis/formula/definition.hpp"
#include "../../../src/analysis/test/evaluate.hpp"
#include "../../../src/analysis/test/shared.hpp"
#include "../synthetic.hpp"
#include "catch.hpp"

using namespace fieldscan;
using namespace fieldscan::analysis;
namespace syn = fieldscan::analysis::synthetic;

namespace bounds_of_extremes {

namespace {

/// Means over 16 draws with the error `error` each, independent from point to point.
Curve curve_of(const std::vector<double>& means, double error) {
  constexpr int draws = 16;
  Curve curve;
  for (std::size_t k = 0; k < means.size(); ++k) {
    Quantity q = exact_quantity(means[k]);
    double mean = 0;
    std::vector<double> x;
    for (int r = 0; r < draws; ++r) {
      x.push_back(syn::normal(7, "point", r, static_cast<std::int64_t>(k)));
      mean += x.back() / draws;
    }
    double square = 0;
    for (const double v : x) square += (v - mean) * (v - mean);
    const double unit = error * std::sqrt(draws * (draws - 1) / square);
    for (int r = 0; r < draws; ++r)
      q.influence.push_back({r, 0, unit * (x[static_cast<std::size_t>(r)] - mean) / draws});
    curve.x.push_back(static_cast<double>(k + 1));
    curve.y.push_back(q);
  }
  return curve;
}

template <class Kind>
Quantity number(const Curve& curve) {
  return number_of_curve({.name = "n", .kind = Kind{.in = scan::Interpolation::x}}, curve, 3);
}
using scan::ExtremeWord;
using Minimum = scan::Extreme<ExtremeWord::minimum>;
using Maximum = scan::Extreme<ExtremeWord::maximum>;
using Argmin = scan::Extreme<ExtremeWord::argmin>;

}  // namespace

TEST_CASE("a minimum at the end of its curve is an upper bound of the true one, a maximum a lower bound") {
  const Curve falls = curve_of({4, 3, 2, 1}, 0.1), bowl = curve_of({4, 1, 2, 4}, 0.1);
  const Quantity least = number<Minimum>(falls), most = number<Maximum>(falls);
  CHECK(least.value == Approx(1));
  CHECK(least.censored == Censored::below);
  CHECK(text_of(least) == "below 1.00 ± 0.10");
  CHECK(estimate(least).standard_error == Approx(0.1).epsilon(0.2));
  CHECK(most.value == Approx(4));
  CHECK(most.censored == Censored::above);
  CHECK(number<Minimum>(bowl).censored == Censored::no);
  CHECK(number<Argmin>(bowl).censored == Censored::no);
}

TEST_CASE("the bound of where a curve is least is as sure as the curve") {
  const Quantity sure = number<Argmin>(curve_of({4, 3, 2, 1}, 0.1));
  CHECK(sure.censored == Censored::above);
  CHECK(estimate(sure).standard_error == 0);
  // Where the last two points are the same within their errors it may as well be the last but one.
  const Quantity unsure = number<Argmin>(curve_of({4, 3, 1.05, 1}, 0.1));
  CHECK(unsure.censored == Censored::above);
  CHECK(estimate(unsure).standard_error > 0.1);
}

TEST_CASE("where a curve is least beyond its end lies above what lies far before it") {
  Table table = syn::make_table({.widths = {8, 16, 32, 64, 128}, .draws = 8, .initialisations = 4, .sampler = false});
  const std::vector<double> truth{4, 2, 1.5, 1.1, 1};
  for (std::size_t k = 0; k < table.points.size(); ++k)
    for (Member& m : table.points[k].measured.members)
      m.rows.push_back(
          {.observable = Observable::error_test,
           .value = truth[k] * (1 + 0.1 * syn::normal(3, "of " + std::to_string(k), 0, m.initialisation))});
  Context context = syn::make_context(table);
  evaluate_definitions(context,
                       {{.name = "best", .kind = Argmin{.along = "width"}, .of = {.text = "error_test", .place = {}}}});
  const Quantity best = context.definitions.at("best").at(0).quantity;
  REQUIRE(best.censored == Censored::above);
  CHECK(best.value == 128);
  const auto result_of = [&](const scan::Bound& bound) {
    const scan::Test test{.name = "t", .of = {{.text = "best", .place = {}}}, .kind = bound};
    return evaluate_tests(context, std::vector{test}).at(0);
  };
  const TestResult above = result_of({.above = 10}), below = result_of({.below = 10});
  INFO(above.statement << " " << above.because << " " << below.because);
  CHECK(above.verdict == Verdict::supported);
  CHECK(below.verdict == Verdict::contradicted);
  CHECK(above.statement.find("best is above 128") != std::string::npos);
  CHECK(result_of({.below = 1000}).verdict == Verdict::undecided);
  // A bound may agree with anything further on: χ² says nothing of it.
  const scan::Test chi2{
      .name = "t", .of = {{.text = "best", .place = {}}}, .kind = scan::Chi2{.with = {.text = "127.9"}}};
  CHECK(evaluate_tests(context, std::vector{chi2}).at(0).verdict == Verdict::undecided);
}

}  // namespace bounds_of_extremes
