#include "fieldscan/store/growth.hpp"

#include <cmath>

#include "catch.hpp"
#include "fieldscan/core/random.hpp"
#include "fieldscan/scan/task/redrawn.hpp"

using namespace fieldscan;
using namespace fieldscan::store;

namespace {

scan::Ensemble ensemble_until(double relative_error, int max = 512) {
  scan::Ensemble ensemble;
  ensemble.data_draws = 1;
  ensemble.initialisations = 4;
  ensemble.until = scan::Until{.observable = "error_test", .relative_error = relative_error, .batch = 8, .max = max};
  return ensemble;
}

/// As `growth_rule` makes it of a point whose data draws are others.
GrowthRule make_rule(double relative_error, int max = 512) {
  GrowthRule rule{.ensemble = ensemble_until(relative_error, max)};
  rule.ensemble.data_draws = 8;
  return rule;
}

/// Values 1 + draw effect + initialisation effect + noise; a function of the cell alone.
double value_of(std::int64_t draw, std::int64_t initialisation, double of_draw, double of_initialisation) {
  const Stream stream(3, Purpose::test, "growth", 0, 0);
  const auto normal = [&](std::uint32_t a, std::int64_t k) {
    return stream.at(a, 0).normal(static_cast<std::uint64_t>(k));
  };
  return 1 + of_draw * normal(0, draw) + of_initialisation * normal(1, initialisation) +
         0.01 * normal(2, 1000 * draw + initialisation);
}

void fill(Cells& cells, Extent extent, double of_draw, double of_initialisation) {
  for (std::int64_t draw = 0; draw < extent.draws; ++draw)
    for (std::int64_t initialisation = 0; initialisation < extent.initialisations; ++initialisation)
      cells.try_emplace({draw, initialisation}, value_of(draw, initialisation, of_draw, of_initialisation));
}

/// Grows until nothing changes, as a campaign does; returns the extents on the way.
std::vector<Extent> grow(const GrowthRule& ensemble, double of_draw, double of_initialisation) {
  Cells cells;
  std::vector<Extent> extents;
  for (Extent extent = extent_of(ensemble, cells); extents.empty() || extent != extents.back();
       extent = extent_of(ensemble, cells)) {
    extents.push_back(extent);
    fill(cells, extent, of_draw, of_initialisation);
  }
  return extents;
}

}  // namespace

TEST_CASE("without `until` the extent is what the scan says", "[growth]") {
  scan::Ensemble ensemble;
  ensemble.data_draws = 24;
  ensemble.initialisations = 4;
  CHECK(extent_of({ensemble}, {}) == Extent{24, 4});
  CHECK_FALSE(growth_of({ensemble}, {}));
}

TEST_CASE("the level with the larger share grows, by whole batches, up to the maximum", "[growth]") {
  const auto draws = grow(make_rule(0.01, 200), 0.3, 0);
  CHECK(draws.front() == Extent{8, 4});
  for (std::size_t k = 1; k < draws.size(); ++k) CHECK(draws[k] == Extent{draws[k - 1].draws + 8, 4});
  CHECK(draws.back() == Extent{48, 4});  // the next would have 224 replicas
  const auto initialisations = grow(make_rule(0.05, 500), 0, 0.3);
  CHECK(initialisations.size() > 1);
  for (const Extent extent : initialisations) CHECK(extent.draws == 8);
}

TEST_CASE("a mean that is known well enough ends the growth", "[growth]") {
  CHECK(grow(make_rule(0.5), 0.1, 0.1).size() == 1);
  CHECK(grow(make_rule(0.05), 0.2, 0.01).size() > 1);
  CHECK(grow(make_rule(0.05), 0.2, 0.01).back().draws < 64);
}

TEST_CASE("an incomplete batch decides nothing; cells outside do not matter", "[growth]") {
  const auto ensemble = make_rule(1e-6);
  Cells cells;
  fill(cells, {8, 4}, 0.2, 0.01);
  const Extent second = extent_of(ensemble, cells);
  CHECK(second == Extent{16, 4});
  Cells incomplete = cells;
  incomplete.erase({3, 2});
  CHECK(extent_of(ensemble, incomplete) == Extent{8, 4});
  // What is there of the next batch does not change the decision on this one, whatever the order it came in.
  Cells more = cells;
  more[{15, 3}] = 1e9;
  CHECK(extent_of(ensemble, more) == second);
}

TEST_CASE("replicas without a value are final all the same", "[growth]") {
  const auto ensemble = make_rule(0.5);
  Cells cells;
  fill(cells, {8, 4}, 0.1, 0.1);
  cells[{0, 0}] = std::nullopt;
  CHECK(extent_of(ensemble, cells) == Extent{8, 4});
  CHECK(complete({8, 4}, cells));
}

TEST_CASE("without any value the growth ends at the maximum", "[growth]") {
  Cells cells;
  Extent extent;
  for (int k = 0; k < 100; ++k) {
    const Extent next = extent_of(make_rule(0.1, 100), cells);
    if (next == extent) break;
    extent = next;
    for (std::int64_t draw = 0; draw < extent.draws; ++draw)
      for (std::int64_t i = 0; i < extent.initialisations; ++i) cells[{draw, i}] = std::nullopt;
  }
  CHECK(extent.draws * extent.initialisations <= 100);
}

TEST_CASE("the value at the end is that of the last time", "[growth]") {
  Result result;
  result.rows = {{.observable = Observable::error_test, .time = 1, .value = 5},
                 {.observable = Observable::error_test, .time = 10, .value = 7},
                 {.observable = Observable::error_train, .time = 100, .value = 9}};
  CHECK(value_at_end(result, Observable::error_test) == 7);
  CHECK_FALSE(value_at_end(result, Observable::accuracy).has_value());
  result.outcome = Outcome::diverged;
  CHECK_FALSE(value_at_end(result, Observable::error_test).has_value());
}

TEST_CASE("how an ensemble ended is known: the error that was asked for, or its size", "[growth]") {
  const auto ended = [](double relative_error, int max) {
    const GrowthRule rule = make_rule(relative_error, max);
    Cells cells;
    fill(cells, grow(rule, 0.3, 0).back(), 0.3, 0);
    return growth_of(rule, cells);
  };
  const auto reached = ended(0.05, 512), largest = ended(0.01, 200);
  REQUIRE((reached && largest));
  CHECK(reached->end == Growth::End::reached);
  CHECK(reached->relative_error <= 0.05);
  CHECK(largest->end == Growth::End::largest);
  CHECK(largest->extent == Extent{48, 4});
  CHECK(largest->relative_error > 0.01);
  CHECK(largest->relative_error < 0.1);
  const auto open = growth_of(make_rule(0.01), {});
  REQUIRE(open);
  CHECK(open->end == Growth::End::open);
  CHECK(std::isnan(open->relative_error));
}

TEST_CASE("where nothing has a value the wanted error is not reached", "[growth]") {
  const GrowthRule rule = make_rule(0.1, 32);
  Cells cells;
  for (int r = 0; r < 8; ++r)
    for (int i = 0; i < 4; ++i) cells[{r, i}] = std::nullopt;
  CHECK(growth_of(rule, cells)->end == Growth::End::largest);
}

TEST_CASE("draws that are copies do not grow, and tell nothing of the error", "[growth]") {
  // One network, done again on copies of the data: it is the same each time, and the mean over networks is not known.
  GrowthRule rule{.ensemble = ensemble_until(0.05), .grows = Grows::initialisations};
  rule.ensemble.data_draws = 8;
  rule.ensemble.initialisations = 1;
  Cells cells;
  const auto fill_copies = [&](Extent extent) {
    for (std::int64_t r = 0; r < extent.draws; ++r)
      for (std::int64_t i = 0; i < extent.initialisations; ++i) cells[{r, i}] = value_of(0, i, 0, 0.3);
  };
  fill_copies({8, 1});
  const auto once = growth_of(rule, cells);
  CHECK(once->extent == Extent{8, 9});
  CHECK(once->end == Growth::End::open);
  rule.grows = Grows::larger_share;  // the control: as if they were draws, the mean is known after one network
  CHECK(growth_of(rule, cells)->end == Growth::End::reached);
  rule.grows = Grows::initialisations;
  Extent extent = once->extent;
  for (int k = 0; k < 20; ++k) {
    fill_copies(extent);
    const Extent next = extent_of(rule, cells);
    if (next == extent) break;
    extent = next;
  }
  CHECK(extent.draws == 8);
  CHECK(extent.initialisations > 9);
  const auto ended = growth_of(rule, cells);
  CHECK(ended->end == Growth::End::reached);
  // The error of so many networks, whatever the number of copies: 0.3/√I.
  CHECK(ended->relative_error * std::sqrt(static_cast<double>(extent.initialisations)) > 0.15);
}

TEST_CASE("of a point whose data draws are copies initialisations grow", "[growth]") {
  scan::Point point;
  point.spec.training = training::GradientDescent{};
  point.spec.data.input = data::Sphere{.dim = 3};
  point.ensemble = ensemble_until(0.05);
  const GrowthRule drawn = growth_rule(point);
  CHECK(drawn.grows == Grows::larger_share);
  CHECK(extent_of(drawn, {}) == Extent{8, 4});
  point.spec.data.input = data::Hypercube{.dim = 3};
  point.spec.data.train_size = data::TrainSizeWord::whole;
  point.spec.data.test_set = data::TestSet::shared;
  data::resolve(point.spec.data);
  const GrowthRule copies = growth_rule(point);
  CHECK(copies.grows == Grows::initialisations);
  CHECK(extent_of(copies, {}) == Extent{1, 8});
}
