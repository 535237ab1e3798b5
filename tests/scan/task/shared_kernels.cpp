#include "../../../src/scan/task/cost.hpp"
#include "../helpers.hpp"
#include "catch.hpp"
#include "fieldscan/scan/task/run_task.hpp"

using namespace fieldscan;
using namespace fieldscan::scan;
using namespace fieldscan::scan::test;

namespace {

Task prediction_at(std::uint64_t index, std::uint64_t theory) {
  return {.kind = Task::Kind::prediction, .block = 0, .index = index, .theory = theory, .members = {{0, 0}, {1, 0}}};
}

}  // namespace

TEST_CASE("points that differ in their ridge share kernels: the same bits, and more memory is announced") {
  const std::vector<std::string> theories{"theory=[nngp, ntk]"};
  const auto scan = must_read(base("scan: {grid: {ridge: [0.1, 0.5, 2]}}\n", "none"), theories);
  Kept kept;
  for (std::uint64_t index = 0; index < 3; ++index)
    for (std::uint64_t theory = 0; theory < 2; ++theory) {
      const auto together = run_task(scan, prediction_at(index, theory), kept);
      const auto alone = run_task(scan, prediction_at(index, theory));
      REQUIRE(together.size() == 2);
      for (std::size_t k = 0; k < 2; ++k) {
        CHECK(together[k].outcome == Outcome::done);
        CHECK(together[k].rows == alone[k].rows);
        CHECK(together[k].arrays == alone[k].arrays);
      }
      CHECK_FALSE(together[0].rows == together[1].rows);
    }
  const auto other = must_read(base("scan: {grid: {network.width: [4, 8]}}\n", "none"), theories);
  const Point shares = *scan.point(0, 0), does_not = *other.point(0, 0);
  CHECK(kept_kernel_bytes(shares) > 0);
  CHECK(kept_kernel_bytes(does_not) == 0);
  CHECK(estimated_bytes(shares, Task::Kind::prediction, 0) ==
        Approx(estimated_bytes(does_not, Task::Kind::prediction, 0) + kept_kernel_bytes(shares)));
}

TEST_CASE("a tolerance of conjugate gradients that is not reached is an outcome with its reason") {
  const auto scan =
      must_read(base("", "none"), {"theory=[{kind: nngp, solver: conjugate_gradients, tolerance: 1e-20}]"});
  const auto results = run_task(scan, prediction_at(0, 0));
  CHECK(results[0].outcome == Outcome::not_converged);
  CHECK(results[0].reason.find("conjugate gradients") != std::string::npos);
  CHECK(results[0].rows.empty());
}
