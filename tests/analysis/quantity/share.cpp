#include <cmath>

#include "../../../src/analysis/figure/make.hpp"
#include "../../../src/analysis/quantity/observed.hpp"
#include "../../../src/analysis/test/evaluate.hpp"
#include "../../../src/analysis/verdict/judge.hpp"
#include "../synthetic.hpp"
#include "catch.hpp"

/// Shares of networks, and their intervals.
namespace fieldscan::analysis {
namespace share_cases {
namespace {

namespace syn = fieldscan::analysis::synthetic;

/// Networks at one width of which the first so many diverged.
Table networks(int draws, int initialisations, int diverged) {
  Table table = syn::make_table({.widths = {64}, .draws = draws, .initialisations = initialisations, .sampler = false});
  for (int k = 0; k < diverged; ++k)
    table.points[0].measured.members[static_cast<std::size_t>(k)].outcome = Outcome::diverged;
  return table;
}

Quantity share(const Table& table) { return observe(table.points[0], "", Observable::diverged, 0, {}, std::nullopt); }

Interval interval_of(const Table& table) {
  const Quantity q = share(table);
  return interval(q, estimate(q));
}

double binomial(int n, int k, double p) {
  return std::exp(std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1) + k * std::log(p) +
                  (n - k) * std::log1p(-p));
}

}  // namespace
TEST_CASE("the interval of a share of independent networks is the exact one") {
  // Clopper and Pearson's intervals, as beta quantiles have them: 3 of 12, 1 of 8.
  CHECK(interval_of(networks(12, 1, 3)).low == Approx(0.0548606445).epsilon(1e-6));
  CHECK(interval_of(networks(12, 1, 3)).high == Approx(0.5718584641).epsilon(1e-6));
  CHECK(interval_of(networks(8, 1, 1)).low == Approx(0.0031597213).epsilon(1e-6));
  CHECK(interval_of(networks(8, 1, 1)).high == Approx(0.5265096708).epsilon(1e-6));
  const Interval all = interval_of(networks(12, 1, 12)), none = interval_of(networks(12, 1, 0));
  CHECK(all.low == Approx(std::pow(0.025, 1.0 / 12)).epsilon(1e-4));
  CHECK(all.high == 1);
  CHECK(none.low == 0);
  CHECK(none.high == Approx(1 - std::pow(0.025, 1.0 / 12)).epsilon(1e-4));
}

TEST_CASE("intervals of shares cover in 95 % of ensembles or more, and lie between 0 and 1") {
  for (const int n : {2, 5, 12, 30}) {
    std::vector<Interval> of;
    for (int k = 0; k <= n; ++k) of.push_back(interval_of(networks(n, 1, k)));
    for (const Interval& i : of) CHECK((i.low >= 0 && i.low < i.high && i.high <= 1));
    for (double p = 0.02; p < 0.99; p += 0.03) {
      double covered = 0;
      for (int k = 0; k <= n; ++k)
        if (const Interval& i = of[static_cast<std::size_t>(k)]; i.low <= p && p <= i.high)
          covered += binomial(n, k, p);
      CHECK(covered > 0.9499);  // the exact ends of none and all are those of a normal error, to 1e-5
    }
  }
}

TEST_CASE("networks that diverge draw by draw count as draws") {
  // 4 of 12 draws with 3 networks each, all three or none.
  const Interval together = interval_of(networks(12, 3, 12)), apart = interval_of(networks(36, 1, 12)),
                 draws = interval_of(networks(12, 1, 4));
  CHECK(together.high - together.low > 1.3 * (apart.high - apart.low));
  CHECK(together.low == Approx(draws.low).margin(0.03));
  CHECK(together.high == Approx(draws.high).margin(0.03));
}

TEST_CASE("a formula of a share alone is a share, and one of several is not") {
  const Table table = networks(12, 1, 9);
  const Context context = syn::make_context(table);
  const auto of = [&](const char* formula) { return evaluate(context, context.resolve(formula), {}); };
  CHECK(of("diverged").share);
  CHECK(of("1 - diverged").share);
  const Quantity rest = of("1 - diverged");
  const Interval i = interval(rest, estimate(rest)), direct = interval_of(networks(12, 1, 3));
  CHECK(i.low == Approx(direct.low).epsilon(1e-6));
  CHECK(i.high == Approx(direct.high).epsilon(1e-6));
  CHECK_FALSE(of("2*diverged").share);
  CHECK_FALSE(of("diverged - 0.5").share);
  CHECK_FALSE(of("diverged - diverged^2").share);
  CHECK_FALSE(scaled(of("diverged"), -1).share);
}

TEST_CASE("figures, tests and tables have the interval of a share") {
  const Table table = networks(12, 1, 12);
  const Context context = syn::make_context(table);
  const scan::Formula diverged{.text = "diverged", .place = {}};
  const scan::Test test{.name = "all", .of = {diverged}, .kind = scan::Bound{.above = 0.5}};
  const TestResult result = evaluate_tests(context, {test}).at(0);
  CHECK(result.verdict == Verdict::supported);
  REQUIRE(result.parts.at(0).number);
  CHECK(result.parts[0].number->high == 1);
  CHECK(result.parts[0].statement.find("diverged = 1 (95 % interval 0.74 to 1)") != std::string::npos);
  scan::Figure figure{.name = "share", .plot = {diverged}, .kind = {}};
  figure.kind = scan::Curves{.versus = {{.text = "width", .place = {}}}};
  const DrawnCurve curve = make_figures(context, {figure}, {}).at(0).panels.at(0).curves.at(0);
  CHECK(curve.high.at(0) == 1);
  CHECK(curve.low[0] == Approx(0.7353).margin(1e-3));
}

}  // namespace share_cases
}  // namespace fieldscan::analysis
