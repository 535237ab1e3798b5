#include "../../../src/campaign/master/placement.hpp"

#include "../../../src/campaign/master/effort.hpp"
#include "../../../src/campaign/master/queue.hpp"
#include "catch.hpp"

using namespace fieldscan;
using namespace fieldscan::campaign;

namespace {

constexpr double giga = 1e9;

/// Two nodes: "a" with 8 GB and four workers (0 to 3), "b" with 12 GB and two workers (4, 5).
Placement make_placement() {
  return Placement(
      {{"a", 8 * giga}, {"a", 8 * giga}, {"a", 8 * giga}, {"a", 8 * giga}, {"b", 12 * giga}, {"b", 12 * giga}});
}

}  // namespace

TEST_CASE("a task is large where it needs more than some worker's share", "[placement]") {
  const Placement placement = make_placement();
  CHECK(placement.share(0) == 2 * giga);
  CHECK(placement.share(5) == 6 * giga);
  CHECK_FALSE(placement.large({.bytes = 2 * giga, .threads = 1}));
  CHECK(placement.large({.bytes = 2.1 * giga, .threads = 1}));
  CHECK(placement.large({.bytes = 1, .threads = 4}));
  CHECK(placement.possible({.bytes = 12 * giga, .threads = 64}));
  CHECK_FALSE(placement.possible({.bytes = 12.1 * giga, .threads = 1}));
}

TEST_CASE("large tasks never take more memory or cores than a node has", "[placement]") {
  Placement placement = make_placement();
  const Needs five{.bytes = 5 * giga, .threads = 1}, two{.bytes = 2 * giga, .threads = 1};
  CHECK(placement.may_start(0, five));
  placement.start(0, five);
  CHECK_FALSE(placement.may_start(1, five));
  CHECK(placement.may_start(4, five));
  // Beside it there is room for one ordinary task of 2 GB, and not for a second one.
  CHECK(placement.may_start_ordinary(1, true));
  placement.start(1, std::nullopt);
  CHECK_FALSE(placement.may_start(2, two));
  CHECK_FALSE(placement.may_start_ordinary(2, false));
  placement.end(0, five);
  CHECK(placement.may_start_ordinary(2, false));
  CHECK(placement.may_start(2, five));

  const Needs threads{.bytes = 2 * giga, .threads = 3};
  CHECK(placement.may_start(2, threads));
  placement.start(2, threads);
  CHECK_FALSE(placement.may_start(3, threads));
  // More threads than the node has cores run on those it has, alone.
  CHECK_FALSE(placement.may_start(3, {.bytes = 1, .threads = 64}));
  CHECK(placement.may_start(4, {.bytes = 1, .threads = 64}));
}

TEST_CASE("while a large task waits, ordinary ones begin on no node without a large one", "[placement]") {
  Placement placement = make_placement();
  placement.start(0, std::nullopt);
  CHECK(placement.may_start_ordinary(1, false));
  CHECK_FALSE(placement.may_start_ordinary(1, true));
  CHECK_FALSE(placement.may_start(1, {.bytes = 8 * giga, .threads = 1}));
  placement.end(0, std::nullopt);
  CHECK(placement.may_start(1, {.bytes = 8 * giga, .threads = 1}));
}

TEST_CASE("tiny tasks travel together, long ones alone, large ones wait apart", "[queue]") {
  Queue queue;
  queue.separate([](const Needs& needs) { return needs.bytes > giga; });
  for (int k = 0; k < 10; ++k) queue.add({.cost_kind = "a", .estimate = 0.05});
  queue.add({.cost_kind = "a", .estimate = 3});
  queue.add({.cost_kind = "a", .estimate = 100, .needs = {.bytes = 2 * giga}});
  CHECK(queue.longest() == 3);
  CHECK(queue.large_waits(100));
  CHECK_FALSE(queue.large_waits(99));
  CHECK(queue.take_batch(1000, 0.2, 1000).size() == 1);
  CHECK(queue.take_batch(1000, 0.201, 1000).size() == 4);
  CHECK(queue.take_batch(1000, 0.2, 3).size() == 3);
  queue.add({.cost_kind = "a", .estimate = 0.01, .alone = true});
  CHECK(queue.take_batch(1000, 10, 1000).size() == 3);
  CHECK(queue.take_batch(1000, 10, 1000).size() == 1);
  CHECK(queue.take_batch(1000, 10, 1000).empty());
  CHECK_FALSE(queue.take_large(1000, [](const Needs&) { return false; }).has_value());
  CHECK(queue.take_large(1000, [](const Needs&) { return true; }).has_value());
  CHECK(queue.empty());
}

TEST_CASE("how well workers were used", "[effort]") {
  const auto used = utilisation({{.busy_seconds = 10, .last_end = 10}, {.busy_seconds = 4, .last_end = 7}}, 10);
  CHECK(used.busy_fraction == Approx(0.7));
  CHECK(used.least_fraction == Approx(0.4));
  CHECK(used.tail_seconds == Approx(3));
  CHECK(utilisation({}, 10).busy_fraction == 0);
}
