#include <algorithm>
#include <cmath>

#include "catch.hpp"
#include "theory/examples.hpp"

/// Laws of draws whose answer is known: nothing to learn, and inputs that are zero.
namespace fieldscan::theory::laws {

namespace {

/// Members that are given a draw and predict the mean, at their own examples.
template <class Do>
void for_each_example(Do&& what) {
  for_each_kind<TheoryChoice>([&]<class T>() {
    for (const Example& example : laws::examples<T>())
      if (given_of(example.theory) == Given::draw && std::ranges::count(T::observables, Observable::predictor) > 0)
        what(T::kind, example);
  });
}

double largest_predictor(const Result& result) {
  double largest = 0;
  for (const Array& array : result.arrays)
    if (array.observable == Observable::predictor)
      for (const double value : array.data) largest = std::isfinite(value) ? std::max(largest, std::abs(value)) : value;
  return largest;
}

/// NaN where there is no row.
double value_of(const Result& result, Observable observable) {
  for (const Row& row : result.rows)
    if (row.observable == observable) return row.value;
  return std::nan("");
}

bool is_finite(const Result& result) {
  for (const Row& row : result.rows)
    if (!std::isfinite(row.value) || !std::isfinite(row.standard_error)) return false;
  return std::isfinite(largest_predictor(result));
}

}  // namespace

TEST_CASE("where the target is zero everywhere nothing is predicted, and errors are those of zero") {
  for_each_example([](std::string_view kind, const Example& example) {
    CAPTURE(kind);
    data::Draw draw = data::make_draw(example.setting.data, example.setting.seed, 1);
    CHECK(largest_predictor(predict(example.theory, example.setting, 1, draw)) > 1e-3);  // control
    for (data::Sample* sample : {&draw.train, &draw.test, &draw.validation}) {
      sample->target.setZero();
      sample->label.setZero();
      sample->modes.setZero();
    }
    const Result result = predict(example.theory, example.setting, 1, draw);
    CHECK(result.outcome == Outcome::done);
    CHECK(is_finite(result));
    CHECK(largest_predictor(result) < 1e-12);
    const double mean = value_of(result, Observable::error_mean_predictor),
                 variance = value_of(result, Observable::variance_posterior),
                 test = value_of(result, Observable::error_test);
    if (!std::isnan(mean)) CHECK(mean < 1e-20);
    if (!std::isnan(variance) && !std::isnan(test)) CHECK(test == Approx(variance).epsilon(1e-12));
  });
}

TEST_CASE("inputs that are zero have numbers too") {
  for_each_example([](std::string_view kind, const Example& example) {
    CAPTURE(kind);
    data::Draw draw = data::make_draw(example.setting.data, example.setting.seed, 1);
    draw.train.x.row(2).setZero();
    draw.test.x.row(1).setZero();
    const Result some = predict(example.theory, example.setting, 1, draw);
    CHECK(some.outcome == Outcome::done);
    CHECK(is_finite(some));
    draw.train.x.setZero();
    const Result all = predict(example.theory, example.setting, 1, draw);
    CHECK(all.outcome == Outcome::done);
    CHECK(is_finite(all));
  });
}

}  // namespace fieldscan::theory::laws
