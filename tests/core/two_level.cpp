#include "fieldscan/core/two_level.hpp"

#include <cmath>

#include "catch.hpp"
#include "fieldscan/core/random.hpp"
#include "fieldscan/core/statistics.hpp"

using namespace fieldscan;

namespace {

/// x_ri = A_r + B_i + E_ri with the given standard deviations.
std::vector<Cell> ensemble(int draws, int inits, double a, double b, double e, std::uint64_t seed) {
  const Stream stream(seed, Purpose::test, "two-level", 0, 0);
  std::vector<Cell> cells;
  for (int r = 0; r < draws; ++r)
    for (int i = 0; i < inits; ++i)
      cells.push_back({r, i,
                       a * stream.at(0, 0).normal(static_cast<std::uint64_t>(r)) +
                           b * stream.at(1, 0).normal(static_cast<std::uint64_t>(i)) +
                           e * stream.at(2, static_cast<std::uint32_t>(r)).normal(static_cast<std::uint64_t>(i))});
  return cells;
}

double coverage(int draws, int inits, double a, double b, double e, bool two_way) {
  int covered = 0;
  const int repetitions = 2000;
  for (int k = 0; k < repetitions; ++k) {
    auto cells = ensemble(draws, inits, a, b, e, static_cast<std::uint64_t>(k));
    if (!two_way)  // the error that the program must not make: draw means alone
      for (auto& cell : cells) cell.initialisation = 0;
    const Estimate estimate = two_level_estimate(cells);
    covered +=
        std::abs(estimate.value) <= estimate.standard_error * student_quantile(0.975, estimate.degrees_of_freedom);
  }
  return static_cast<double>(covered) / repetitions;
}

}  // namespace

TEST_CASE("the two-way standard error is the textbook's") {
  // 2 × 2: M_R, M_I, M_E by hand.
  const Estimate e = two_level_estimate({{0, 0, 1}, {0, 1, 2}, {1, 0, 4}, {1, 1, 9}});
  // mean 4; rows 1.5, 6.5: M_R = 25; columns 2.5, 5.5: M_I = 9; rest: residuals ±1: M_E = 4.
  CHECK(e.value == 4);
  CHECK(e.standard_error == Approx(std::sqrt((25.0 + 9 - 4) / 4)));
  CHECK(e.degrees_of_freedom == Approx(30.0 * 30 / (25.0 * 25 + 81 + 16)));
  CHECK(e.share_draws == Approx(21.0 / 30));
  CHECK(e.share_initialisations == Approx(5.0 / 30));
}

TEST_CASE("95% intervals cover, whichever level varies; without the two levels they do not") {
  // 2000 repetitions: ±1% is two standard errors; the Satterthwaite approximation itself is a little conservative or
  // liberal.
  for (const auto [a, b, e] :
       {std::array{1.0, 0.0, 0.3}, std::array{0.0, 1.0, 0.3}, std::array{1.0, 1.0, 1.0}, std::array{0.0, 0.0, 1.0}}) {
    const double p = coverage(10, 8, a, b, e, true);
    INFO(a << " " << b << " " << e << ": " << p);
    CHECK(p > 0.925 - 0.015);  // ±1.5% is three standard errors
    CHECK(p < 0.975 + 0.01);
  }
  // A level that is just told from chance: cells taken for independent up to twice their variance would cover in 90%.
  CHECK(coverage(20, 4, 0.0, 0.4, 1.0, true) > 0.925 - 0.015);
  CHECK(coverage(10, 8, 0.0, 1.0, 0.3, false) < 0.7);
}

TEST_CASE("a level with one member is conditioned on") {
  const Estimate one_init = two_level_estimate({{0, 0, 1}, {1, 0, 3}});
  CHECK(one_init.conditioned_on_initialisation);
  CHECK(one_init.standard_error == Approx(1));
  CHECK(one_init.degrees_of_freedom == 1);
  const Estimate one_draw = two_level_estimate({{0, 0, 1}, {0, 1, 3}});
  CHECK(one_draw.conditioned_on_draw);
  CHECK(one_draw.share_initialisations == 1);
  const Estimate single = two_level_estimate({{0, 0, 1}});
  CHECK(single.value == 1);
  CHECK(std::isnan(single.standard_error));
  CHECK(std::isnan(two_level_estimate({}).value));
}

TEST_CASE("missing cells change the error, not its meaning") {
  auto cells = ensemble(10, 8, 1, 1, 1, 5);
  const Estimate whole = two_level_estimate(cells);
  cells.erase(cells.begin() + 13);
  cells.erase(cells.begin() + 40);
  const Estimate part = two_level_estimate(cells);
  CHECK(part.standard_error == Approx(whole.standard_error).epsilon(0.1));
  CHECK(part.value == Approx(whole.value).margin(0.1));
}

TEST_CASE("equal values are exact") {
  const Estimate e = two_level_estimate({{0, 0, 2}, {0, 1, 2}, {1, 0, 2}, {1, 1, 2}});
  CHECK(e.standard_error == 0);
  CHECK(std::isinf(e.degrees_of_freedom));
}
