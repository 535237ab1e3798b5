// Data draws with the same training inputs and other labels: numbers that labels do not enter are the same in all.
#include <cmath>

#include "../../src/analysis/quantity/observe.hpp"
#include "catch.hpp"
#include "synthetic.hpp"

using namespace fieldscan;
using namespace fieldscan::analysis;
namespace syn = fieldscan::analysis::synthetic;

namespace {

/// ntk_top of 10 × 4 networks: before training by initialisation alone, but for rounding; then it has learned.
Series learning(int draws) {
  Table table = syn::make_table({.widths = {64}, .draws = draws, .initialisations = 4, .sampler = false});
  Series series = table.points[0].measured;
  series.same = {.train_inputs = true, .target = true};
  for (Member& m : series.members) {
    const double start = 3 + 0.1 * syn::normal(1, "init", 0, m.initialisation);
    const double r = syn::normal(1, "draw", m.draw, m.initialisation);
    m.rows.push_back({.observable = Observable::error_train, .time = 0, .value = start * (1 + 1e-15 * r)});
    m.rows.push_back({.observable = Observable::ntk_top, .time = 0, .value = start * (1 + 1e-15 * r)});
    m.rows.push_back({.observable = Observable::ntk_top, .time = 1, .value = start + 0.01 * r});
  }
  sort_series(series);
  return series;
}

}  // namespace

TEST_CASE("kernels of the same inputs are the same before training, whatever the labels") {
  const Series series = learning(10);
  const Quantity start = mean_of_rows(series, Observable::ntk_top, 0, 0);
  CHECK(start.of_one_draw);
  CHECK(start.same_data);
  CHECK(estimate(start).draws == 1);
  CHECK(estimate(start).initialisations == 4);
  CHECK(start.basis == Basis{.members = 4, .asked = 4});
  CHECK_FALSE(mean_of_rows(series, Observable::ntk_top, 1, 0).of_one_draw);       // has learned
  CHECK_FALSE(mean_of_rows(series, Observable::error_train, 0, 0).of_one_draw);   // has labels, whatever its value
  CHECK_FALSE(mean_of_rows(learning(1), Observable::ntk_top, 0, 0).of_one_draw);  // of one draw nothing is known
}

TEST_CASE("a theory of a given kernel has one condition number for the same inputs, one that learns has several") {
  for (const double learned : {0.0, 1e-6}) {
    Series theory{.level = Level::draw};
    theory.same = {.train_inputs = true, .target = true};
    for (int r = 0; r < 6; ++r) {
      const double value = 40 * (1 + 1e-15 * r + learned * syn::normal(2, "kernel", r, 0));
      theory.members.push_back({.draw = r, .rows = {{.observable = Observable::condition_number, .value = value}}});
    }
    const Quantity q = mean_of_rows(theory, Observable::condition_number, equilibrium, 0);
    CHECK(q.of_one_draw == (learned == 0));
    CHECK(std::isnan(estimate(q).standard_error) == (learned == 0));
    CHECK(q.basis.asked == (learned == 0 ? 1 : 6));
  }
}
