// Numbers whose scatter is rounding.
#include <cmath>

#include "../../../src/analysis/quantity/joint_chi2.hpp"
#include "../../../src/analysis/quantity/observe.hpp"
#include "../../../src/analysis/verdict/judge.hpp"
#include "../synthetic.hpp"
#include "catch.hpp"

using namespace fieldscan;
using namespace fieldscan::analysis;
namespace syn = fieldscan::analysis::synthetic;

namespace {

/// error_test of 8 × 8 networks: 0.625, and so much scatter.
Quantity scattered(double scatter, const std::string& key = "a") {
  Table table = syn::make_table({.widths = {64}, .draws = 8, .initialisations = 8, .sampler = false});
  for (Member& m : table.points[0].measured.members)
    m.rows.push_back({.observable = Observable::error_test,
                      .value = 0.625 + scatter * syn::normal(1, key, m.draw, m.initialisation)});
  return mean_of_rows(table.points[0].measured, Observable::error_test, equilibrium, 0);
}
Finding against(const Quantity& q, double reference) {
  return judge(difference(q, exact_quantity(reference)), {0, 0}, members_for_mean);
}

}  // namespace

TEST_CASE("what is equal but for rounding is equal, and what differs by more is decided") {
  for (const double scatter : {1e-16, 3e-16, 2e-15}) {
    CAPTURE(scatter);
    const Quantity q = scattered(scatter);
    CHECK(estimate(q).standard_error == Approx(6e-15).epsilon(0.1));
    CHECK(against(q, 0.625 + 5e-16).p > 0.5);
    CHECK(against(q, 0.625 + 1e-12).p < 1e-9);
    CHECK(judge(q, {.high = 0.7}, members_for_mean).inside);
    const Finding beyond = judge(q, {.high = 0.5}, members_for_mean);
    CHECK_FALSE(beyond.inside);
    CHECK(beyond.p < 1e-9);
  }
  const Finding at = judge(scattered(1e-16), {.high = 0.625}, members_for_mean);
  CHECK(at.inside);  // on the margin but for rounding, and no number of draws is asked for
  CHECK_FALSE(at.enough.known());
  // The control: scatter that is none of rounding is the error.
  const Quantity q = scattered(1e-10);
  CHECK(estimate(q).standard_error < 3e-11);
  CHECK(estimate(q).standard_error > 5e-12);
  CHECK(std::isfinite(estimate(q).degrees_of_freedom));
}

TEST_CASE("a number that all members have exactly keeps no error, and differences of rounding size one") {
  const Quantity exact = scattered(0),
                 other = combine(0.625 + 4.4e-16, std::vector<Quantity>{exact}, std::vector<double>{1});
  CHECK(estimate(exact).standard_error == 0);
  CHECK(against(exact, 0.5).p == 0);
  CHECK(against(exact, 0.625).p == 1);
  const Quantity d = difference(exact, other);
  CHECK(d.magnitude == Approx(1.25));
  CHECK(d.value != 0);
  CHECK(judge(d, {0, 0}, members_for_mean).p > 0.5);
  CHECK(joint_chi2(std::vector<Quantity>{d, d}).p == 1);  // no points that tell anything
  CHECK(joint_chi2(std::vector<Quantity>{difference(exact, exact_quantity(0.5))}).p == 0);
}

TEST_CASE("ratios of numbers that scatter by rounding have the slopes of any others") {
  const std::vector<Quantity> parts{scattered(1e-16, "a"), scattered(1e-16, "b")};
  const Quantity ratio = propagate([](std::span<const double> v) { return v[0] / v[1] - 1; }, parts, 1e-3);
  CHECK(ratio.magnitude == Approx(2).epsilon(1e-6));
  CHECK(judge(ratio, {0, 0}, members_for_mean).p > 0.5);
}
