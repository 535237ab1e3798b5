#include "../../../src/analysis/quantity/products.hpp"
#include "../synthetic.hpp"
#include "catch.hpp"

/// A theory that is given each network's own start: its numbers are compared with those of the same network.
using namespace fieldscan;
using namespace fieldscan::analysis;
using namespace fieldscan::analysis::synthetic;

namespace {

/// Networks that scatter, a theory that knows each of them up to 0.01, and one of the networks without a result.
Table table_of_pairs(Level level) {
  Table table = make_table({.widths = {64}, .draws = 6, .initialisations = 3});
  TablePoint& point = table.points[0];
  Series& theory = add_theory(point, "own", 0, level);
  for (Member& m : point.measured.members) {
    const double x = 1 + normal(5, "replica", m.draw, m.initialisation);
    Member predicted = m;
    predicted.rows.push_back({.observable = Observable::error_test, .value = x});
    predicted.arrays.push_back({.observable = Observable::predictor, .shape = {2}, .data = {x, -x}});
    theory.members.push_back(predicted);
    m.rows.push_back({.observable = Observable::error_test, .value = x + 0.01});
    m.arrays.push_back({.observable = Observable::predictor, .shape = {2}, .data = {x + 0.01, 0.01 - x}});
  }
  std::erase_if(point.measured.members, [](const Member& m) { return m.draw == 4 && m.initialisation == 1; });
  return table;
}

Quantity gap(const Table& table) {
  const Context context = make_context(table);
  const auto measured = context.resolve("error_test"), predicted = context.resolve("own.error_test");
  const Site site{};
  const Pair pair = evaluate_pair(context, {measured, site}, {predicted, site});
  return difference(pair.a, pair.b);
}

}  // namespace

TEST_CASE("a theory given replicas is compared on the same replicas", "[replica]") {
  const Quantity own = gap(table_of_pairs(Level::replica));
  REQUIRE(own.has_value());
  CHECK(own.value == Approx(0.01).margin(1e-12));
  CHECK(estimate(own).standard_error < 1e-12);
  // Control: taken for a theory of data draws, the missing network is missed, and nothing is paired.
  const Quantity other = gap(table_of_pairs(Level::draw));
  CHECK(std::abs(other.value - 0.01) > 1e-3);
  CHECK(estimate(other).standard_error > 1e-3);
}

TEST_CASE("predictors are subtracted from those of the same replica", "[replica]") {
  const Table table = table_of_pairs(Level::replica);
  const TablePoint& point = table.points[0];
  const Distances own = distances_from_theory(point.measured, equilibrium, *point.theories.at("own"), equilibrium);
  REQUIRE(own.items.size() == 17);
  for (const auto& item : own.items)
    for (const double d : item.distance) CHECK(d == Approx(0.01).margin(1e-12));
}

TEST_CASE("the rms of arrays is over their elements, replica by replica", "[replica]") {
  const auto square = [](Level level) {
    const Table table = table_of_pairs(level);
    const TablePoint& point = table.points[0];
    return mean_squared_difference(
               {point.measured, Observable::predictor, equilibrium},
               {*point.theories.at("own"), Observable::predictor, equilibrium, RowsOf::Origin::predicted}, 0)
        .value;
  };
  CHECK(square(Level::replica) == Approx(1e-4).margin(1e-12));
  CHECK(square(Level::draw) > 0.01);  // control: beside the predictions of other replicas
}
