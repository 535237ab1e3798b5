#include "studies.hpp"

#include <tuple>

#include "../../src/analysis/quantity/robust.hpp"
#include "catch.hpp"
#include "fieldscan/core/statistics.hpp"

using namespace fieldscan;
using namespace fieldscan::analysis;
namespace studies = fieldscan::analysis::studies;

// The short form of benchmarks/studies.cpp. Bands are its own and three standard errors of the share.

namespace {

constexpr int repetitions = 200;

double slack(double share, int trials) { return 3 * std::sqrt(share * (1 - share) / trials); }

void check_covers(const studies::Share& share) {
  INFO(share.hits << " of " << share.trials);
  CHECK(share.value() >= 0.925 - slack(0.925, share.trials));
  CHECK(share.value() <= 0.975 + slack(0.975, share.trials));
}

}  // namespace

TEST_CASE("intervals of means and of logarithms of ratios cover from eight members") {
  for (const synthetic::Spread spread : {synthetic::Spread{0.2, 0, 0.05}, synthetic::Spread{0, 0.2, 0.05}})
    for (const bool ratio : {false, true}) check_covers(studies::mean_coverage({8, 8, spread}, repetitions, ratio));
  // Negative control: initialisations that vary, taken for independent networks.
  studies::Share share;
  for (std::uint64_t k = 0; k < repetitions; ++k) {
    Quantity q = studies::measure(k, "a", {8, 8, {0, 0.2, 0.05}}, 1);
    std::int64_t next = 0;
    for (Cell& cell : q.influence) cell = {next++, 0, cell.value};
    share.add(studies::covers(q, 1));
  }
  CHECK(share.value() < 0.8);
}

TEST_CASE("what a few survivors carry has their degrees of freedom") {
  const studies::Ensemble ensemble{8, 4, {0, 0, 0.1}};
  for (const int survivors : {3, 4, 8, 12}) {
    INFO(survivors << " survivors");
    const studies::Share told = studies::survivors_rejections(ensemble, survivors, 5 * repetitions, 0.01, true);
    INFO(told.hits << " of " << told.trials);
    CHECK(told.value() <= 0.01 + slack(0.01, told.trials));
    // As if all were there the truth of three is given p < .01 many times too often.
    if (survivors == 3)
      CHECK(studies::survivors_rejections(ensemble, survivors, 5 * repetitions, 0.01, false).value() > 0.03);
  }
}

TEST_CASE("intervals of means cover from three members, crossed where both levels are known") {
  const std::array<synthetic::Spread, 3> spreads{synthetic::Spread{0.2, 0, 0.05}, {0, 0, 0.2}, {0.1, 0.1, 0.1}};
  for (const auto& [draws, initialisations] : {std::pair{3, 1}, {5, 1}, {7, 1}, {3, 3}, {4, 4}, {4, 10}})
    for (const synthetic::Spread& spread : spreads) {
      if (initialisations == 1 && spread.initialisations > 0) continue;  // conditioned on that one
      CAPTURE(draws, initialisations);
      const studies::Share share = studies::mean_coverage({draws, initialisations, spread}, repetitions, false);
      CHECK(share.value() >= 0.925 - slack(0.925, repetitions));
    }
  // Where the rule refuses: ten draws of two initialisations that make the variance. And a tail that no rule sees.
  CHECK_FALSE(scan::both_levels_known(10, 2));
  CHECK(studies::mean_coverage({10, 2, {0, 0.1, 0.1}}, 2 * repetitions, false).value() < 0.925);
  CHECK(studies::lognormal_coverage(1, 5, 2 * repetitions).value() < 0.925);
  const studies::Share light = studies::lognormal_coverage(0.5, 5, 2 * repetitions);
  CHECK(light.value() > 0.9 - slack(0.9, light.trials));
}

TEST_CASE("intervals of fitted exponents cover from eight draws", "[slow]") {
  for (const int draws : {8, 12, 19}) {
    CAPTURE(draws);
    check_covers(studies::fit_coverage(CurveForm::power, {draws, 4, {0.1, 0.02, 0.1}}, 120));
  }
}

TEST_CASE("intervals of fitted exponents cover from twenty draws", "[slow]") {
  for (const CurveForm form : curve_forms) {
    INFO(word_of(form));
    check_covers(studies::fit_coverage(form, {20, 4, {0.1, 0.02, 0.1}}, 120));
  }
}

TEST_CASE("a true theory is contradicted no more often than stated, a wrong one nearly always") {
  for (const synthetic::Spread spread : {synthetic::Spread{0.1, 0, 0.1}, synthetic::Spread{0, 0, 0.1}})
    CHECK(studies::chi2_rejections({12, 4, spread}, repetitions, 0).value() <= 0.05 + slack(0.05, repetitions));
  CHECK(studies::chi2_rejections({12, 1, {0, 0, 0.1}}, repetitions, 0.06).value() > 0.8);
  const studies::Share family = studies::family_errors({10, 1, {0.1, 0, 0}}, 5, repetitions);
  CHECK(family.value() <= 0.05 + slack(0.05, repetitions));
}

TEST_CASE("a χ² that is too small is seen") {
  std::vector<Quantity> differences;
  for (std::uint64_t p = 0; p < 40; ++p) {
    Quantity d = studies::measure(p, "point", {20, 1, {0, 0, 1}}, 1);
    d.value = 1e-4;
    differences.push_back(d);
  }
  CHECK(joint_chi2(differences).p < 1e-4);
  CHECK(joint_chi2(std::vector{exact_quantity(0), exact_quantity(0)}).p == 1);
  CHECK(joint_chi2(std::vector{exact_quantity(0), exact_quantity(1)}).p == 0);
}

TEST_CASE("undecided tests are decided four times in five with 0.7 to 1.3 times the announced number") {
  const studies::Share less = studies::decided_at(0.7, 400), more = studies::decided_at(1.3, 400);
  INFO(less.hits << " of " << less.trials << ", " << more.hits << " of " << more.trials);
  CHECK(less.trials > 100);
  CHECK(less.value() < 0.8 + slack(0.8, less.trials));
  CHECK(more.value() > 0.8 - slack(0.8, more.trials));
}

TEST_CASE("planted errors are found with the number of draws that the power calculation names", "[slow]") {
  const studies::Planted mean = studies::planted_mean(0.05, 0.03, 0.05, 400);
  INFO(mean.draws << " " << mean.found.value());
  CHECK(std::abs(mean.found.value() - announced_power) < slack(announced_power, 400));
  const studies::Planted slope = studies::planted_exponent(0.1, 0.05, repetitions);
  INFO(slope.draws << " " << slope.found.value());
  // The deviation of one draw comes from pilots, to a few percent: the power is known to as much.
  CHECK(slope.found.value() > announced_power - slack(announced_power, repetitions) - 0.05);
  // A tenth of them finds it seldom: the number is not generous.
  const studies::Ensemble few{
      static_cast<int>(mean.draws) / 4 + 1, 1, {.draws = 0.05, .initialisations = 0, .rest = 0}};
  studies::Share found;
  for (std::uint64_t k = 0; k < 200; ++k)
    found.add(
        judge(difference(studies::measure(k, "a", few, 1), exact_quantity(0.95)), {-0.03, 0.03}, members_for_mean).p <
        error_rate);
  CHECK(found.value() < 0.5);
}

TEST_CASE("the named number of members, against the normal approximation and its limits") {
  // n ≈ ((z_0.95 + z_0.8) σ/(δ − m))² where n is large.
  const double root = (normal_quantile(0.95) + normal_quantile(0.8)) * 1 / 0.1;
  CHECK(static_cast<double>(members_to_find(0.2, 0.1, 1, 8)) == Approx(root * root).epsilon(0.01));
  CHECK(members_to_find(5, 0.1, 0.01, 8) == 8);
  CHECK(members_to_find(0.1, 0.1, 1, 8) == 0);
  // Inside the margin: both ends of the 95 % interval must fit.
  const double inside = (normal_quantile(0.975) + normal_quantile(0.9)) * 1 / 0.1;
  CHECK(static_cast<double>(members_to_find(0, 0.1, 1, 8)) == Approx(inside * inside).epsilon(0.01));
  // The other way round: the spread at which twelve members are just enough, inside a margin, off its middle, outside.
  for (const double truth : {0.0, 0.04, -0.04, 0.25, -0.25}) {
    const double most = deviation_to_decide(truth, {-0.1, 0.1}, 12);
    CHECK(members_to_find(truth, 0.1, 0.99 * most, 3) <= 12);
    CHECK(members_to_find(truth, 0.1, 1.02 * most, 3) >= 12);
    CHECK(members_to_find(truth, 0.1, 1.1 * most, 3) > 12);
  }
  CHECK(deviation_to_decide(0.1, {-0.1, 0.1}, 12) == 0);
  CHECK(deviation_to_decide(0.25, {-0.1, 0.1}, 12, 0.001) < deviation_to_decide(0.25, {-0.1, 0.1}, 12));
  // One end alone is easier to keep than two.
  CHECK(deviation_to_decide(0, {.high = 0.1}, 12) > deviation_to_decide(0, {-0.1, 0.1}, 12));
  Estimate e{.value = 0, .standard_error = 1, .degrees_of_freedom = 1e9};
  CHECK(chance_to_decide(e, {-1, 1}, 1) == Approx(0).margin(1e-9));
  CHECK(chance_to_decide(e, {-1, 1}, 5000) > 0.6);
  CHECK(std::isinf(factor_to_decide(e, {0, 0})));
}

TEST_CASE("a joint law with a floor recovers the published constants of a known fit within their errors") {
  // Besiroglu, Erdil, Barnett and You, arXiv 2404.10102 (2024), from 240 runs: E 1.8172 (0.03), exponents 0.3478 (0.02)
  // and 0.3658 (0.02).
  const studies::Published p;
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    const JointLaw law = studies::fit_published(p, 0.005, seed);
    REQUIRE(law.exponents[0].has_value());
    INFO(law.floor.value << " " << law.exponents[0].value << " " << law.exponents[1].value);
    CHECK(std::abs(law.floor.value - p.floor) < p.error_floor);
    CHECK(std::abs(law.exponents[0].value - p.a) < p.error_exponent);
    CHECK(std::abs(law.exponents[1].value - p.b) < p.error_exponent);
    CHECK(std::abs(law.exponents[0].value - p.a) < 4 * estimate(law.exponents[0]).standard_error);
    CHECK(std::abs(law.exponents[1].value - p.b) < 4 * estimate(law.exponents[1]).standard_error);
    const double reduced = law.chi_squared / law.degrees;
    CHECK(std::abs(reduced - 1) < 4 * std::sqrt(2.0 / law.degrees));
  }
}

TEST_CASE("the errors of a joint law are the published ones where each run varies by 2.25 %") {
  const studies::Published p;
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    const JointLaw law = studies::fit_published(p, 0.0225, seed);
    REQUIRE(law.exponents[0].has_value());
    for (const auto& [found, truth, quoted] : {std::tuple{law.floor, p.floor, p.error_floor},
                                               {law.exponents[0], p.a, p.error_exponent},
                                               {law.exponents[1], p.b, p.error_exponent}}) {
      INFO(found.value << " ± " << estimate(found).standard_error << ", " << truth << " ± " << quoted);
      CHECK(estimate(found).standard_error == Approx(quoted).epsilon(0.4));
      CHECK(std::abs(found.value - truth) < 3.5 * quoted);  // nine of them: odds of 4·10⁻³ of one beyond, by chance
    }
  }
}

TEST_CASE("the remark on a heavy tail says over what the median is taken, and what its members are means of") {
  // 12 initialisations over 6 draws; two thirds of one initialisation's networks are usual ones.
  Quantity q = exact_quantity(0);
  std::vector<Cell> cells;
  for (std::int64_t r = 0; r < 6; ++r)
    for (std::int64_t i = 0; i < 12; ++i)
      cells.push_back({r, i, (i == 3 && r < 2 ? 1000.0 : 10.0) + 0.1 * synthetic::normal(1, "rest", r, i)});
  for (const Cell& cell : cells) q.value += cell.value / 72;
  for (Cell cell : cells) cell.value = (cell.value - q.value) / 72, q.influence.push_back(cell);
  const std::string text = tail_sentence(q);
  INFO(text);
  CHECK(text.starts_with("one initialisation makes "));
  CHECK(text.find("the median over the 12 initialisations (each a mean over 6 data draws) is ") != std::string::npos);
  CHECK(robust_summary(q)->median == Approx(10).margin(0.1));
  const std::string percent = tail_sentence(q, Shown::percent);  // beside a difference in per cent
  CAPTURE(percent);
  CHECK(percent.find(" is 998.4, between ") != std::string::npos);
  CHECK(percent.ends_with("and 1000 %"));
  // The same numbers, draws and initialisations exchanged; then each draw with one network.
  Quantity turned = q;
  for (Cell& cell : turned.influence) std::swap(cell.draw, cell.initialisation);
  std::ranges::sort(turned.influence, {}, [](const Cell& c) { return std::pair(c.draw, c.initialisation); });
  CHECK(tail_sentence(turned).find("the 12 data draws (each a mean over 6 initialisations)") != std::string::npos);
  turned.sampler = true;
  CHECK(tail_sentence(turned).find("the 12 data draws (each a mean over 6 chains)") != std::string::npos);
  Quantity single = studies::measure(1, "a", {20, 1, {0, 0, 0.1}}, 1);
  single.influence[7].value += 1;
  CHECK(tail_sentence(single).find("the median over the 20 data draws is ") != std::string::npos);
  CHECK(tail_sentence(studies::measure(1, "a", {20, 1, {0, 0, 0.1}}, 1)).empty());
}

TEST_CASE("a mean that hangs on one member is told, with a median that does not") {
  int alarms = 0;
  for (std::uint64_t k = 0; k < 500; ++k) alarms += has_heavy_tail(studies::measure(k, "a", {10, 1, {0, 0, 1}}, 1));
  CHECK(alarms <= 4);  // 500 samples at odds of at most 10⁻³: 5 or more have a chance of 2·10⁻⁴
  Quantity q = studies::measure(1, "a", {20, 1, {0, 0, 0.1}}, 1);
  q.influence[7].value += 1;  // one member 20 above the others
  CHECK(has_heavy_tail(q));
  const auto summary = robust_summary(q);
  REQUIRE(summary);
  CHECK(summary->median == Approx(1).margin(0.1));
  CHECK(summary->low < 1);
  CHECK(summary->high > 1);
  CHECK_FALSE(robust_summary(studies::measure(1, "a", {5, 1, {0, 0, 0.1}}, 1)));
  // Distribution-free coverage, on a law whose mean does not exist: a ratio of normals.
  studies::Share share;
  for (std::uint64_t k = 0; k < 400; ++k) {
    Quantity cauchy = exact_quantity(0);
    std::vector<double> x;
    for (std::int64_t r = 0; r < 15; ++r)
      x.push_back(synthetic::normal(k, "a", r, 0) / synthetic::normal(k, "b", r, 0));
    for (double v : x) cauchy.value += v / 15;
    for (std::int64_t r = 0; r < 15; ++r)
      cauchy.influence.push_back({r, 0, (x[static_cast<std::size_t>(r)] - cauchy.value) / 15});
    const auto s = robust_summary(cauchy);
    share.add(s->low <= 0 && s->high >= 0);
  }
  CHECK(share.value() > 0.95 - slack(0.95, 400));
}
