#include <cmath>

#include "catch.hpp"
#include "fieldscan/core/solve/solved.hpp"
#include "fieldscan/theory/regression/solver.hpp"
#include "near.hpp"
#include "theory/examples.hpp"

using namespace fieldscan;
using namespace fieldscan::theory;

namespace {

constexpr auto by_gradients = Solver::conjugate_gradients;

/// The mean predictor [test point × output].
Vector mean_of(const Result& result) {
  REQUIRE(result.arrays.size() == 1);
  const auto& data = result.arrays.front().data;
  return Eigen::Map<const Vector>(data.data(), std::ssize(data));
}

/// A draw with two points that are equal.
data::Draw repeated_draw(const Setting& setting) {
  data::Draw draw = data::make_draw(setting.data, setting.seed, 0);
  draw.train.x.row(11) = draw.train.x.row(3);
  return draw;
}

}  // namespace

TEST_CASE("conjugate gradients give the mean of the factorisation to their tolerance, with equal points too") {
  for (const auto& [exact, fine, rough, setting] :
       {std::tuple{AnyTheory(Nngp{}), AnyTheory(Nngp{.solver = by_gradients, .tolerance = 1e-12}),
                   AnyTheory(Nngp{.solver = by_gradients, .tolerance = 0.01}), laws::two_outputs(laws::sampler())},
        std::tuple{AnyTheory(NtkRegression{}), AnyTheory(NtkRegression{.solver = by_gradients, .tolerance = 1e-12}),
                   AnyTheory(NtkRegression{.solver = by_gradients, .tolerance = 0.01}), laws::descent()}}) {
    CAPTURE(kind_of(exact));
    const data::Draw draw = repeated_draw(setting);
    const Vector mean = mean_of(predict(exact, setting, Number{}, draw));
    const Result result = predict(fine, setting, Number{}, draw);
    CHECK(near::distance(mean_of(result), mean) <= 1e-9 * mean.norm());
    const double missed = near::distance(mean_of(predict(rough, setting, Number{}, draw)), mean);
    CHECK(missed > 1e-6 * mean.norm());  // a tolerance is what it says
    CHECK(missed < 2 * mean.norm());
    for (const Row& row : result.rows) CHECK(gives(by_gradients, row.observable));
    for (const Observable observable : observables_of(fine)) CHECK(gives(by_gradients, observable));
    CHECK(prediction_text(fine, setting) != prediction_text(rough, setting));
    CHECK(prediction_text(fine, setting) != prediction_text(exact, setting));
  }
}

TEST_CASE("a tolerance at which nothing is a solution is outside of its range") {
  CHECK_FALSE(tolerance_range.contains(1));  // α = 0 has it
  CHECK_FALSE(tolerance_range.contains(0.011));
  CHECK_FALSE(tolerance_range.contains(0));
  CHECK_FALSE(tolerance_range.contains(std::nan("")));
  CHECK(tolerance_range.contains(0.01));
  CHECK(tolerance_range.contains(Nngp{}.tolerance));
  CHECK(tolerance_range.contains(NtkRegression{}.tolerance));
}

TEST_CASE("a tolerance that is not reached leaves no number") {
  const AnyTheory beyond_rounding(Nngp{.solver = by_gradients, .tolerance = 1e-20});
  CHECK_THROWS_AS(predict(beyond_rounding, laws::sampler(), Number{}), solve::NotConverged);
  const Setting none = laws::with(laws::sampler(), [](Setting& s) { s.ridge = 0; });
  CHECK(predict(AnyTheory(Nngp{.solver = by_gradients}), none, Number{}).outcome == Outcome::not_applicable);
}

TEST_CASE("large regressions by conjugate gradients take less time and half of the memory, and say so") {
  const Setting large = laws::with(laws::sampler(), [](Setting& s) { s.data.train_size = 20000; });
  const Cost factor = cost_of(AnyTheory(Nngp{}), large),
             steps = cost_of(AnyTheory(Nngp{.solver = by_gradients}), large);
  CHECK(steps.seconds < factor.seconds / 4);
  CHECK(steps.bytes < factor.bytes);
}
