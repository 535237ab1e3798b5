// Numbers that are the same in all data draws, of ensembles in which replicas diverged.
#include <algorithm>

#include "../../src/analysis/quantity/observe.hpp"
#include "catch.hpp"
#include "synthetic.hpp"

using namespace fieldscan;
using namespace fieldscan::analysis;
namespace syn = fieldscan::analysis::synthetic;

namespace {

/// Networks at the start and at the end, with one test set, of which these replicas survived: what networks are at the
/// start is the same on all draws.
Table survivors(const std::vector<std::pair<std::int64_t, std::int64_t>>& replicas) {
  Table table = syn::make_table({.widths = {64}, .draws = 4, .initialisations = 4, .sampler = false});
  Series& series = table.points[0].measured;
  series.same = {.test = true, .target = true};
  series.initialisations = 4;
  for (Member& m : series.members) {
    if (std::ranges::find(replicas, std::pair(m.draw, m.initialisation)) == replicas.end()) {
      m.outcome = Outcome::diverged;
      continue;
    }
    const auto i = static_cast<double>(m.initialisation), r = static_cast<double>(m.draw);
    m.rows.push_back({.observable = Observable::error_test, .time = 0, .value = 1 + i});
    m.rows.push_back({.observable = Observable::error_test, .value = 0.1 * i + 0.01 * r * r});
  }
  sort_series(series);
  return table;
}
Quantity number_of(const Table& table, Observable observable, double time = equilibrium) {
  return mean_of_rows(table.points[0].measured, observable, time, 0);
}

}  // namespace

TEST_CASE("of what is the same in all draws every initialisation counts that survived on any of them") {
  const auto start = [](const Table& table) { return number_of(table, Observable::error_test, 0); };
  const Quantity two = start(survivors({{1, 1}, {2, 2}}));
  CHECK(two.value == Approx(2.5));  // of 2 and 3, wherever they are from
  CHECK(two.basis.members == 2);
  CHECK(two.basis.asked == 4);  // initialisations, not replicas
  CHECK(two.survivors);
  CHECK(estimate(two).initialisations == 2);
  CHECK(estimate(two).draws == 1);
  const Quantity often = start(survivors({{0, 1}, {1, 1}, {3, 1}, {3, 0}}));
  CHECK(often.value == Approx(1.5));  // initialisation 1 is one number
  REQUIRE(often.influence.size() == 2);
  CHECK(often.influence[0].initialisation == 0);
  const Quantity all = start(survivors({{0, 3}, {0, 1}, {1, 2}, {3, 0}}));
  CHECK(all.basis == Basis{.members = 4, .asked = 4});  // that others diverged is no matter of it
  CHECK_FALSE(all.survivors);
}

TEST_CASE("beside a number that varies over draws what is the same in all is paired replica by replica") {
  // Initialisation 1 on three draws, 0 on one: differences 1.9, 1.89, 1.81, 0.91.
  const Table table = survivors({{0, 1}, {1, 1}, {3, 1}, {3, 0}});
  const Quantity start = number_of(table, Observable::error_test, 0), end = number_of(table, Observable::error_test);
  const Quantity d = difference(start, end);
  CHECK(d.value == Approx((1.9 + 1.89 + 1.81 + 0.91) / 4));
  CHECK(d.influence.size() == 4);
  CHECK(start.same_data);
  CHECK_FALSE(d.same_data);  // and says nothing of one set of data
  CHECK(difference(start, exact_quantity(1)).same_data);
  CHECK(estimate(d).draws == 3);
  // The same by the cells themselves, none of which are known to be the same.
  Table untold = table;
  untold.points[0].measured.same = {};
  const Quantity plain = difference(number_of(untold, Observable::error_test, 0), end);
  CHECK(d.value == plain.value);
  CHECK(estimate(d).standard_error == estimate(plain).standard_error);
  const std::vector<Quantity> parts{start, end};
  const auto ratio = [](std::span<const double> v) { return v[1] / v[0]; };
  CHECK(propagate(ratio, parts).value == Approx(end.value / 1.75));
  // Two of the start alone stay of one draw, and are paired where they meet what varies.
  const std::vector<Quantity> alone{start, start};
  const Quantity twice = propagate([](std::span<const double> v) { return v[0] + v[1]; }, alone);
  CHECK(twice.value == Approx(3));
  CHECK(twice.of_one_draw);
  CHECK(difference(twice, end).value == Approx(3.5 - end.value));
}
