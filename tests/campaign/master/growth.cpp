#include "../../../src/campaign/master/growth.hpp"

#include "catch.hpp"
#include "fieldscan/core/random.hpp"

using namespace fieldscan;
using namespace fieldscan::campaign;

namespace {

scan::Ensemble make_ensemble(double relative_error, int max = 512) {
  scan::Ensemble ensemble;
  ensemble.data_draws = 1;
  ensemble.initialisations = 4;
  ensemble.until = scan::Until{.observable = "error_test", .relative_error = relative_error, .batch = 8, .max = max};
  return ensemble;
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
std::vector<Extent> grow(const scan::Ensemble& ensemble, double of_draw, double of_initialisation) {
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
  CHECK(extent_of(ensemble, {}) == Extent{24, 4});
}

TEST_CASE("the level with the larger share grows, by whole batches, up to the maximum", "[growth]") {
  const auto draws = grow(make_ensemble(0.01, 200), 0.3, 0);
  CHECK(draws.front() == Extent{8, 4});
  for (std::size_t k = 1; k < draws.size(); ++k) CHECK(draws[k] == Extent{draws[k - 1].draws + 8, 4});
  CHECK(draws.back() == Extent{48, 4});  // the next would have 224 replicas
  const auto initialisations = grow(make_ensemble(0.05, 500), 0, 0.3);
  CHECK(initialisations.size() > 1);
  for (const Extent extent : initialisations) CHECK(extent.draws == 8);
}

TEST_CASE("a mean that is known well enough ends the growth", "[growth]") {
  CHECK(grow(make_ensemble(0.5), 0.1, 0.1).size() == 1);
  CHECK(grow(make_ensemble(0.05), 0.2, 0.01).size() > 1);
  CHECK(grow(make_ensemble(0.05), 0.2, 0.01).back().draws < 64);
}

TEST_CASE("an incomplete batch decides nothing; cells outside do not matter", "[growth]") {
  const auto ensemble = make_ensemble(1e-6);
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
  const auto ensemble = make_ensemble(0.5);
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
    const Extent next = extent_of(make_ensemble(0.1, 100), cells);
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
