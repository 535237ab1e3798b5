// What is least or largest at an end of its curve is a bound.
#include <cmath>

#include "../../../src/analysis/formula/curve_number.hpp"
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

}  // namespace bounds_of_extremes
