#include "../../../src/analysis/quantity/chains.hpp"

#include <cmath>

#include "../../../src/analysis/quantity/observe.hpp"
#include "catch.hpp"
#include "fieldscan/core/random.hpp"
#include "fieldscan/core/statistics.hpp"

using namespace fieldscan;
using namespace fieldscan::analysis;

namespace {

constexpr int samples = 50;

/// Chains of independent normal samples; those of a draw lie `apart` from each other.
Series make_chains(int draws, int chains, double apart, std::vector<Matrix>& values) {
  Series series{.level = Level::replica, .sampler = true, .members = {}};
  for (int r = 0; r < draws; ++r) {
    values.emplace_back(samples, chains);
    for (int i = 0; i < chains; ++i) {
      const Stream stream(12, Purpose::test, "chains", static_cast<std::uint64_t>(r), static_cast<std::uint64_t>(i));
      for (int k = 0; k < samples; ++k)
        values.back()(k, i) = 3 + apart * stream.normal(1000) + stream.normal(static_cast<std::uint64_t>(k));
      const auto series_of_chain = values.back().col(i).array();
      const double mean = series_of_chain.mean();
      const double spread = std::sqrt((series_of_chain - mean).square().sum() / (samples - 1));
      Member member{.draw = r, .initialisation = i, .outcome = Outcome::done, .reason = {}, .rows = {}, .arrays = {}};
      member.rows.push_back({.observable = Observable::error_test, .value = mean, .count = samples});
      member.rows.push_back({.observable = Observable::chain_spread, .value = spread, .count = samples});
      series.members.push_back(member);
    }
  }
  return series;
}

/// By its definition, with pooled samples: var⁺/W of one draw.
double squared_rhat(const Matrix& x) {
  const double n = static_cast<double>(x.rows()), m = static_cast<double>(x.cols());
  const Eigen::RowVectorXd means = x.colwise().mean();
  const double within = (x.rowwise() - means).squaredNorm() / (m * (n - 1));
  const double between = n * (means.array() - means.mean()).square().sum() / (m - 1);
  return ((n - 1) / n * within + between / n) / within;
}

constexpr double early = 0.5;  ///< a time

/// Chains whose error at an early time is that of their start, N(0, 1), the same in every draw, but for a tenth; at the
/// end they know nothing of it.
Series make_started(std::uint64_t seed, int draws, int chains, Outcome outcome) {
  Series series{.level = Level::replica, .sampler = true, .members = {}};
  for (int r = 0; r < draws; ++r)
    for (int i = 0; i < chains; ++i) {
      const auto draw = static_cast<std::uint64_t>(r), chain = static_cast<std::uint64_t>(i);
      const double start = Stream(seed, Purpose::test, "start", 0, chain).normal(0);
      const Stream own(seed, Purpose::test, "own", draw, chain);
      Member member{.draw = r, .initialisation = i, .outcome = outcome, .reason = {}, .rows = {}, .arrays = {}};
      member.rows.push_back(
          {.observable = Observable::error_test, .time = early, .value = start + 0.1 * own.normal(0)});
      member.rows.push_back({.observable = Observable::error_test, .value = own.normal(1)});
      series.members.push_back(member);
    }
  return series;
}

/// Whether the 95 % interval of a quantity holds 0, its mean over all campaigns.
bool covers(const Quantity& quantity) {
  const Estimate e = estimate(quantity);
  return std::abs(e.value) <= student_quantile(0.975, e.degrees_of_freedom) * e.standard_error;
}

}  // namespace

TEST_CASE("chains under way are crossed with the draws that share their starts, settled ones are not") {
  constexpr int campaigns = 200;
  int under_way = 0, settled = 0, as_if_settled = 0;
  for (std::uint64_t seed = 0; seed < campaigns; ++seed) {
    const Series series = make_started(seed, 8, 6, Outcome::done);
    Quantity at_early = mean_of_rows(series, Observable::error_test, early, 0);
    under_way += covers(at_early);
    settled += covers(mean_of_rows(series, Observable::error_test, equilibrium, 0));
    at_early.sampler = true;  // control
    as_if_settled += covers(at_early);
  }
  // Of 200 at 95 %: fewer than 178 or more than 199 once in some 3000 series.
  CHECK(under_way >= 178);
  CHECK(under_way <= 199);
  CHECK(settled >= 178);
  CHECK(settled <= 199);
  CHECK(as_if_settled < 60);
}

TEST_CASE("whether chains have equilibrated is asked at the end alone, which no finite time is") {
  const Series series = make_started(1, 3, 4, Outcome::not_equilibrated);
  CHECK(mean_of_rows(series, Observable::error_test, early, 0).unsound.empty());
  CHECK_FALSE(mean_of_rows(series, Observable::error_test, equilibrium, 0).unsound.empty());
  CHECK(times_of(series, Observable::error_test) == std::vector<double>{early, equilibrium});
  const Member& member = series.members.front();
  CHECK(find_row(member, Observable::error_test, equilibrium, 0) == &member.rows[1]);
  CHECK(find_row(member, Observable::error_test, early, 0) == &member.rows[0]);
  CHECK_FALSE(same_time(1e300, equilibrium));
}

TEST_CASE("R-hat across chains from means and spreads is that of the samples") {
  for (const double apart : {0.0, 1.0}) {
    std::vector<Matrix> values;
    const Series series = make_chains(3, 4, apart, values);
    const Quantity rhat = rhat_across_chains(series);
    double square = 0;
    for (const Matrix& x : values) square += squared_rhat(x) / 3;
    CHECK(rhat.value == Approx(std::sqrt(square)).epsilon(1e-12));
    CHECK((rhat.value > 1.1) == (apart > 0));
    CHECK(rhat.influence.size() == 3);
  }
}

TEST_CASE("R-hat across chains needs two chains of a draw") {
  std::vector<Matrix> values;
  CHECK_FALSE(rhat_across_chains(make_chains(3, 1, 0, values)).has_value());
  CHECK(rhat_across_chains(make_chains(1, 2, 0, values)).has_value());
}
