#include "../../../src/analysis/quantity/quantity.hpp"

#include <array>
#include <cmath>

#include "../../../src/analysis/quantity/bootstrap.hpp"
#include "catch.hpp"
#include "fieldscan/core/random.hpp"
#include "fieldscan/core/statistics.hpp"

using namespace fieldscan;
using namespace fieldscan::analysis;

namespace {

std::vector<Cell> make_cells(std::uint64_t seed, int draws, int initialisations, double a, double b, double e,
                             double mean) {
  std::vector<Cell> cells;
  for (int r = 0; r < draws; ++r)
    for (int i = 0; i < initialisations; ++i) {
      const auto s = [&](const char* text, int p, int q) {
        return Stream(seed, Purpose::test, text, static_cast<std::uint64_t>(p), static_cast<std::uint64_t>(q))
            .normal(0);
      };
      cells.push_back({r, i, mean + a * s("a", r, 0) + b * s("b", 0, i) + e * s("e", r, i)});
    }
  return cells;
}

Quantity mean_of(const std::vector<Cell>& cells) {
  Quantity q;
  q.value = 0;
  const auto n = static_cast<double>(cells.size());
  for (const Cell& c : cells) q.value += c.value / n;
  for (const Cell& c : cells) q.influence.push_back({c.draw, c.initialisation, (c.value - q.value) / n});
  return q;
}

}  // namespace

TEST_CASE("the estimate of a mean is the two-level estimate of its members") {
  const auto cells = make_cells(3, 7, 5, 1, 0.5, 0.3, 2);
  const Estimate direct = two_level_estimate(cells), through = estimate(mean_of(cells));
  CHECK(through.value == Approx(direct.value).epsilon(1e-12));
  CHECK(through.standard_error == Approx(direct.standard_error).epsilon(1e-10));
  CHECK(through.degrees_of_freedom == Approx(direct.degrees_of_freedom).epsilon(1e-10));
}

TEST_CASE("chains are nested in their draws") {
  auto cells = make_cells(9, 12, 2, 1, 0, 0.5, 2);
  Quantity q = mean_of(cells);
  q.sampler = true;
  const Estimate e = estimate(q);
  CHECK(e.degrees_of_freedom == Approx(11));
  CHECK(members(q, e) == 24);
  // By hand: the spread of the draws' means.
  double square = 0;
  for (int r = 0; r < 12; ++r) {
    const auto k = static_cast<std::size_t>(2 * r);
    square += std::pow(0.5 * (cells[k].value + cells[k + 1].value) - q.value, 2);
  }
  CHECK(e.standard_error == Approx(std::sqrt(square / (11 * 12))));
}

TEST_CASE("what two numbers share drops out of their difference") {
  auto cells = make_cells(4, 10, 4, 5, 0, 0.1, 2);
  const Quantity a = mean_of(cells);
  for (Cell& c : cells) c.value += 0.25;
  const Quantity b = mean_of(cells);
  const Estimate d = estimate(difference(b, a));
  CHECK(d.value == Approx(0.25));
  CHECK(d.standard_error < 1e-12);
  SECTION("but not where the draws differ") {
    for (Cell& c : cells) c.draw += 100;
    CHECK(estimate(difference(mean_of(cells), a)).standard_error > 0.5);
  }
}

TEST_CASE("a theory on whole draws pairs with networks on the same draws") {
  const auto cells = make_cells(5, 12, 4, 3, 0, 0.2, 1);
  Quantity theory;
  theory.value = 0;
  std::vector<double> of_draw(12, 0.0);
  for (const Cell& c : cells) of_draw[static_cast<std::size_t>(c.draw)] += c.value / 4;
  for (double v : of_draw) theory.value += v / 12;
  for (int r = 0; r < 12; ++r)
    theory.influence.push_back({r, whole_draw, (of_draw[static_cast<std::size_t>(r)] - theory.value) / 12});
  const Estimate d = estimate(difference(mean_of(cells), theory));
  CHECK(d.standard_error < 0.3 * 0.2);
  CHECK(estimate(mean_of(cells)).standard_error > 0.5);
}

TEST_CASE("slopes of a function of quantities are its derivatives") {
  const Quantity a = mean_of(make_cells(6, 8, 3, 1, 0.2, 0.1, 20)), b = mean_of(make_cells(7, 8, 3, 1, 0.2, 0.1, 30));
  const std::array<Quantity, 2> parts{a, b};
  const Quantity product = propagate([](std::span<const double> v) { return v[0] * v[1]; }, parts);
  for (std::size_t k = 0; k < a.influence.size(); ++k)
    CHECK(product.influence[k].value ==
          Approx(b.value * a.influence[k].value + a.value * b.influence[k].value).epsilon(1e-9));
}

TEST_CASE("intervals of a ratio cover", "[slow]") {
  // 95 % intervals of a ratio of two correlated means over 12 × 4 members; 400 campaigns, so that the share is known
  // to 1.1 %.
  int covered = 0, covered_without_rows = 0;
  constexpr int campaigns = 400;
  for (int k = 0; k < campaigns; ++k) {
    const auto seed = static_cast<std::uint64_t>(1000 + 2 * k);
    const std::array<Quantity, 2> parts{mean_of(make_cells(seed, 12, 4, 0.5, 0.2, 0.5, 10)),
                                        mean_of(make_cells(seed + 1, 12, 4, 0.5, 0.2, 0.5, 5))};
    const Quantity ratio = propagate([](std::span<const double> v) { return v[0] / v[1]; }, parts);
    const Estimate e = estimate(ratio);
    covered += std::abs(e.value - 2) <= student_quantile(0.975, e.degrees_of_freedom) * e.standard_error;
    double naive = 0;
    for (const Cell& c : ratio.influence) naive += c.value * c.value;
    covered_without_rows += std::abs(e.value - 2) <= 2 * std::sqrt(naive);
  }
  const double share = covered / static_cast<double>(campaigns),
               naive = covered_without_rows / static_cast<double>(campaigns);
  CHECK(share > 0.95 - 4 * 0.011);
  CHECK(share < 0.95 + 4 * 0.011);
  CHECK(naive < 0.85);  // negative control: members taken as independent
}

TEST_CASE("the bootstrap of a mean has the two-way standard error") {
  const Quantity q = mean_of(make_cells(8, 16, 8, 1, 0.5, 0.5, 3));
  const std::array<Quantity, 1> parts{q};
  const Quantity b = bootstrapped([](std::span<const double> v) { return 2 * v[0]; }, parts, 1, "twice");
  CHECK(b.value == Approx(2 * q.value));
  CHECK(estimate(b).standard_error ==
        Approx(2 * estimate(q).standard_error).epsilon(0.15));  // 400 replicates: 3.5 % per standard error
  const Quantity again = bootstrapped([](std::span<const double> v) { return 2 * v[0]; }, parts, 1, "twice");
  CHECK(estimate(again).standard_error == estimate(b).standard_error);
}
