#include "fieldscan/core/statistics.hpp"

#include <cmath>
#include <limits>

#include "catch.hpp"
#include "fieldscan/core/random.hpp"

using namespace fieldscan;

namespace {

/// Autoregression x_t = a x_{t−1} + √(1 − a²) ξ, stationary from the start: the integrated time of its mean is (1 +
/// a)/(1 − a).
Matrix autoregression(double a, Index samples, Index chains, std::uint64_t seed) {
  Matrix x(samples, chains);
  for (Index c = 0; c < chains; ++c) {
    const Stream stream(seed, Purpose::test, "autoregression", static_cast<std::uint64_t>(c), 0);
    x(0, c) = stream.normal(0);
    for (Index t = 1; t < samples; ++t)
      x(t, c) = a * x(t - 1, c) + std::sqrt(1 - a * a) * stream.normal(static_cast<std::uint64_t>(t));
  }
  return x;
}

}  // namespace

TEST_CASE("quantiles invert distribution functions") {
  for (const double p : {1e-6, 0.025, 0.5, 0.9, 0.999}) {
    CHECK(normal_cdf(normal_quantile(p)) == Approx(p).epsilon(1e-12));
    for (const double nu : {1.0, 2.5, 30.0}) CHECK(student_cdf(student_quantile(p, nu), nu) == Approx(p).epsilon(1e-9));
  }
  CHECK(student_quantile(0.975, INFINITY) == normal_quantile(0.975));
  CHECK(student_quantile(0.975, 1) == Approx(12.706204736174705).epsilon(1e-12));  // tan(0.475 π)
  CHECK(chi_squared_cdf(2, 2) == Approx(1 - std::exp(-1.0)).epsilon(1e-12));
}

TEST_CASE("the effective sample size of an autoregression is the known one") {
  for (const double a : {0.0, 0.5, 0.9}) {
    const auto diagnosis = diagnose(autoregression(a, 20000, 4, 1));
    const double expected = 80000 * (1 - a) / (1 + a);
    CHECK(diagnosis.ess > expected * 0.85);
    CHECK(diagnosis.ess < expected * 1.15);
    CHECK(diagnosis.rhat < 1.01);
  }
}

TEST_CASE("R-hat finds chains that disagree and chains that drift") {
  Matrix x = autoregression(0.5, 1000, 4, 2);
  CHECK(diagnose(x).rhat < 1.02);
  Matrix apart = x;
  apart.col(0).array() += 2;
  CHECK(diagnose(apart).rhat > 1.2);
  Matrix drift = x.leftCols(1);
  for (Index t = 0; t < 1000; ++t) drift(t, 0) += 0.004 * static_cast<double>(t);
  CHECK(diagnose(drift).rhat > 1.2);
}

TEST_CASE("a constant chain is no failure") {
  for (const double value : {3.5, 0.1, 1e-3}) {
    const auto diagnosis = diagnose(Matrix::Constant(100, 2, value));
    CHECK(diagnosis.rhat == 1);
    CHECK(diagnosis.ess == 200);
  }
}

TEST_CASE("of a chain with a number that is not finite nothing is said") {
  for (const double wrong : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    Matrix chain = Vector::LinSpaced(20, 0, 1);
    chain(7, 0) = wrong;
    CHECK(std::isnan(diagnose(chain).rhat));
    CHECK(std::isnan(diagnose(chain).ess));
    CHECK(std::isnan(bulk_effective_size(chain)));
    CHECK(std::isnan(tail_effective_size(chain)));
    CHECK(std::isnan(folded_rhat(chain)));
  }
}

TEST_CASE("effective sizes of the bulk and of the tails") {
  const double cauchy_scale = 3;
  for (const double a : {0.0, 0.5, 0.9}) {
    const Matrix x = autoregression(a, 20000, 4, 3);
    // For a normal chain the scores of the ranks are the chain itself.
    const double expected = 80000 * (1 - a) / (1 + a);
    CHECK(bulk_effective_size(x) == Approx(expected).epsilon(0.15));
    // The bulk does not change under a monotone map that has no moments (the quantile of Cauchy's law), the tails
    // neither.
    const Matrix heavy = x.unaryExpr([&](double v) { return cauchy_scale * std::tan(M_PI * (normal_cdf(v) - 0.5)); });
    CHECK(bulk_effective_size(heavy) == Approx(bulk_effective_size(x)).epsilon(1e-9));
    CHECK(tail_effective_size(heavy) == Approx(tail_effective_size(x)).epsilon(1e-9));
    // Shares beyond a level forget faster than the value: between the size of the mean and the number of samples.
    CHECK(tail_effective_size(x) > 0.9 * expected);
    CHECK(tail_effective_size(x) < 1.15 * 80000);
  }
  CHECK(bulk_effective_size(Matrix::Constant(50, 2, 0.1)) == 100);
  CHECK(tail_effective_size(Matrix::Constant(50, 2, 0.1)) == 100);
}

TEST_CASE("the effective size of the tails is the known one where the extremes come in runs") {
  // A rare state, 20% of the time, that is left with probability (1 − a) 0.8 and entered with (1 − a) 0.2: its
  // indicator has the correlation a^t. The values spread within each state, so that the lower 5% are independent and
  // the state is seen by the upper 5%.
  const double a = 0.9;
  const Stream stream(4, Purpose::test, "runs", 0, 0);
  Matrix x(40000, 1);
  bool rare = false;
  for (Index t = 0; t < x.rows(); ++t) {
    const auto k = static_cast<std::uint64_t>(t);
    if (stream.uniform(2 * k) < (1 - a) * (rare ? 0.8 : 0.2)) rare = !rare;
    x(t, 0) = stream.uniform(2 * k + 1) + (rare ? 2 : 0);
  }
  // Of the share q of all within the rare state p: correlation of the indicator (q²/p − q²)/(q − q²) a^t for t ≥ 1.
  const double p = 0.2, q = 0.05, strength = (q * q / p - q * q) / (q - q * q);
  const double expected = 40000 / (1 + 2 * strength * a / (1 - a));
  CHECK(tail_effective_size(x) == Approx(expected).epsilon(0.15));
}

TEST_CASE("the folded R-hat finds chains of equal mean and unequal spread") {
  Matrix x = autoregression(0.5, 1000, 4, 5);
  CHECK(folded_rhat(x) < 1.02);
  x.col(0) *= 3;
  CHECK(diagnose(x).rhat < 1.02);
  CHECK(folded_rhat(x) > 1.1);
  CHECK(folded_rhat(Matrix::Constant(100, 2, 3.5)) == 1);
}
