#include "../../../src/analysis/quantity/chains.hpp"

#include <cmath>

#include "catch.hpp"
#include "fieldscan/core/random.hpp"

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

}  // namespace

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
