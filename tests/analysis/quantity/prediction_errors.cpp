#include <cmath>

#include "../../../src/analysis/quantity/joint_chi2.hpp"
#include "../../../src/analysis/quantity/observe.hpp"
#include "../../../src/analysis/quantity/observed.hpp"
#include "../synthetic.hpp"
#include "catch.hpp"
#include "fieldscan/core/statistics.hpp"

using namespace fieldscan;
using namespace fieldscan::analysis;
namespace syn = fieldscan::analysis::synthetic;

// Predictions with a sampled error, known in size: what tests say at 5 % is wrong in 5 % of the repetitions.

namespace {

constexpr int repetitions = 600, draws = 24;
constexpr double sigma = 0.2;  ///< of one network
enum class Stated { yes, no };

/// Networks with the value 1 on average.
Series measured(std::uint64_t seed, const std::string& name) {
  Series series{.sampler = true};
  for (int r = 0; r < draws; ++r) {
    Member member{.draw = r};
    member.rows.push_back({.observable = Observable::error_test, .value = 1 + sigma * syn::normal(seed, name, r, 0)});
    series.members.push_back(std::move(member));
  }
  return series;
}

/// One prediction of `truth` with the error s, which it states or not.
Series predicted(std::uint64_t seed, double truth, double s, Stated stated) {
  Member member;
  member.rows.push_back({.observable = Observable::error_test,
                         .value = truth + s * syn::normal(seed, "prediction", 0, 0),
                         .standard_error = stated == Stated::yes ? s : 0});
  Series series{.level = Level::nothing};
  series.members.push_back(std::move(member));
  return series;
}

/// How often a χ² over six points beside one prediction contradicts what is true.
int chi2_rejections(double s, Stated as_common) {
  int rejected = 0;
  for (int k = 0; k < repetitions; ++k) {
    const auto seed = static_cast<std::uint64_t>(700 + k);
    const Series theory = predicted(seed, 1, s, Stated::yes);
    std::vector<Quantity> differences;
    for (int p = 0; p < 6; ++p) {
      const Quantity networks =
          mean_of_rows(measured(seed, "point" + std::to_string(p)), Observable::error_test, equilibrium, 0);
      differences.push_back(difference(networks, mean_of_rows(theory, Observable::error_test, equilibrium, 0)));
      if (as_common == Stated::no) differences.back().shared.clear();
    }
    rejected += joint_chi2(differences).p < 0.05;
  }
  return rejected;
}

/// A curve of six predictions, wrong by one and the same error relative to their truth, beside networks that are right:
/// how often the χ² over its points contradicts. `told`: what the errors are of.
int curve_rejections(double s, const std::string& told) {
  int rejected = 0;
  for (int k = 0; k < repetitions; ++k) {
    const auto seed = static_cast<std::uint64_t>(9000 + k);
    const double off = s * syn::normal(seed, "rows", 0, 0);
    std::vector<Quantity> differences;
    for (int p = 0; p < 6; ++p) {
      const double truth = 1 / (1.0 + p);
      Series theory{.level = Level::nothing, .error_source = told};
      theory.members.push_back({});
      theory.members[0].rows = {
          {.observable = Observable::error_test, .value = truth * (1 + off), .standard_error = truth * s}};
      const Quantity networks =
          mean_of_rows(measured(seed, "point" + std::to_string(p)), Observable::error_test, equilibrium, 0);
      differences.push_back(
          difference(scaled(networks, truth), mean_of_rows(theory, Observable::error_test, equilibrium, 0)));
    }
    rejected += joint_chi2(differences).p < 0.05;
  }
  return rejected;
}

Quantity squared_rms_of(std::uint64_t seed, double truth, double s, Stated stated) {
  TablePoint point;
  point.measured = measured(seed, "networks");
  point.theories["nngp"] = std::make_shared<Series>(predicted(seed, truth, s, stated));
  scan::ResolvedName side{.kind = scan::ResolvedName::Kind::observable, .observable = Observable::error_test};
  scan::ResolvedName rms{.kind = scan::ResolvedName::Kind::rms, .sides = {side, side}};
  rms.sides[1].kind = scan::ResolvedName::Kind::prediction;
  rms.sides[1].theory = "nngp";
  return squared_rms(point, rms, Site{});
}

struct Rms {
  int rejected = 0;
  double bias = 0, error = 0;  ///< of the square, over its truth; of that bias
};
Rms rms_of(double truth, double s, Stated stated) {
  Rms out;
  const double square = std::pow(1 - truth, 2) + sigma * sigma;
  double squares = 0;
  for (int k = 0; k < repetitions; ++k) {
    const Estimate e = estimate(squared_rms_of(static_cast<std::uint64_t>(3000 + k), truth, s, stated));
    const double t = (e.value - square) / e.standard_error, off = e.value / square - 1;
    out.rejected += 2 * student_cdf(-std::abs(t), e.degrees_of_freedom) < 0.05;
    out.bias += off / repetitions;
    squares += off * off / repetitions;
  }
  out.error = std::sqrt(squares / repetitions);
  return out;
}

}  // namespace

// Of 600 at 5 % more than 58 or fewer than 8 come by chance in 1 of 10⁶; the scaled χ² is that far from exact as well.
TEST_CASE("one prediction beside several points is one error, not many") {
  const double of_mean = sigma / std::sqrt(draws);
  for (const double s : {0.0, 0.5 * of_mean, 2 * of_mean, 10 * of_mean}) {
    INFO("s = " << s / of_mean << " of the networks' error");
    const int rejected = chi2_rejections(s, Stated::yes);
    CHECK(rejected >= 8);
    CHECK(rejected <= 58);
  }
  CHECK(chi2_rejections(2 * of_mean, Stated::no) > 75);  // as if every point had an error of its own
  // What two points have in common falls out of their difference.
  const Series theory = predicted(1, 1, 0.3, Stated::yes);
  const Quantity once = mean_of_rows(theory, Observable::error_test, equilibrium, 0);
  CHECK(estimate(once).standard_error == Approx(0.3));
  CHECK(estimate(difference(once, once)).standard_error == 0);
  CHECK(estimate(difference(once, scaled(once, -1))).standard_error == Approx(0.6));
}

TEST_CASE("a distance from a prediction does not contain the prediction's own error") {
  const double s = 0.5 * sigma;
  // At the truth the square is the networks' variance; far from it the prediction's error dominates.
  for (const double truth : {1.0, 1 + 3 * sigma}) {
    INFO("prediction of " << truth);
    const Rms with = rms_of(truth, s, Stated::yes);
    CHECK(std::abs(with.bias) < 4 * with.error);
    CHECK(with.rejected >= 8);
    CHECK(with.rejected <= 75);  // the mean of 24 squares is skew
  }
  // Where the error is not stated the one is biased by s², the other far too sure of itself.
  const Rms at_truth = rms_of(1, s, Stated::no), far = rms_of(1 + 3 * sigma, s, Stated::no);
  CHECK(at_truth.bias > 4 * at_truth.error);
  CHECK(far.rejected > 150);
}

TEST_CASE("the error of the rows that a curve is tested on is one for all its points") {
  const double of_mean = sigma / std::sqrt(draws);
  for (const double s : {0.5 * of_mean, 2 * of_mean, 10 * of_mean}) {
    INFO("s = " << s / of_mean << " of the networks' error");
    const int rejected = curve_rejections(s, "rows of a file");
    CHECK(rejected >= 8);
    CHECK(rejected <= 58);
  }
  CHECK(curve_rejections(2 * of_mean, "") > 75);  // the control: as if every point had an error of its own
}

TEST_CASE("more points of a curve do not make the error of its rows smaller; test errors share it, others do not") {
  const auto prediction = [](const std::string& source, double value, Observable observable) {
    Series theory{.level = Level::nothing, .error_source = source};
    theory.members.push_back({});
    theory.members[0].rows = {{.observable = observable, .value = value, .standard_error = 0.1 * value}};
    return mean_of_rows(theory, observable, equilibrium, 0);
  };
  const auto error_of_mean = [&](const std::string& source) {
    std::vector<Quantity> points;
    for (int p = 0; p < 4; ++p) points.push_back(prediction(source, 1 + p, Observable::error_test));
    const std::vector<double> quarter(4, 0.25);
    return estimate(combine(2.5, points, quarter)).standard_error;
  };
  CHECK(error_of_mean("rows") == Approx(0.25));                   // 0.1 of the mean
  CHECK(error_of_mean("") == Approx(0.1 * std::sqrt(30.0) / 4));  // the control
  const auto of_difference = [&](Observable a, Observable b) {
    return estimate(difference(prediction("rows", 2, a), prediction("rows", 1, b))).standard_error;
  };
  CHECK(of_difference(Observable::error_test, Observable::error_mean_predictor) == Approx(0.1));
  CHECK(of_difference(Observable::error_test, Observable::error_train) == Approx(std::hypot(0.2, 0.1)));
  CHECK(estimate(difference(prediction("rows", 2, Observable::error_test),
                            prediction("other rows", 1, Observable::error_test)))
            .standard_error == Approx(std::hypot(0.2, 0.1)));
}

TEST_CASE("distances from one prediction share its error") {
  const double s = 0.5 * sigma, truth = 1 + 3 * sigma;
  const auto one = squared_rms_of(1, truth, s, Stated::yes);
  REQUIRE(one.shared.size() == 1);
  // What is of the prediction: all but the curvature, 2 s⁴, which no linear error has.
  CHECK(own_variance(one) == Approx(2 * std::pow(s, 4)));
  const Estimate apart = estimate(difference(one, one));
  CHECK(apart.standard_error < 3 * s * s);
  CHECK(estimate(one).standard_error > 3 * s * sigma);
}
