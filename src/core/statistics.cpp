#include "fieldscan/core/statistics.hpp"

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>

namespace fieldscan {

namespace {

/// Beyond this many degrees of freedom Student's law is the normal one to all digits that matter.
constexpr double many = 1e8;

/// What is said of chains with a number that is not finite: it has no rank.
constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

/// The two halves of every chain as chains of their own (the middle sample of an odd length is left out).
Matrix split(const MatrixView& samples) {
  const Index half = samples.rows() / 2;
  Matrix halves(half, 2 * samples.cols());
  halves.leftCols(samples.cols()) = samples.topRows(half);
  halves.rightCols(samples.cols()) = samples.bottomRows(half);
  return halves;
}

/// Normal scores of the ranks over all chains; equal values share their mean rank.
Matrix normal_scores(const Matrix& samples) {
  const Index count = samples.size();
  std::vector<Index> order(static_cast<std::size_t>(count));
  std::iota(order.begin(), order.end(), Index{0});
  const double* value = samples.data();
  std::sort(order.begin(), order.end(), [&](Index a, Index b) { return value[a] < value[b]; });
  Matrix scores(samples.rows(), samples.cols());
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin;
    while (end < order.size() && value[order[end]] == value[order[begin]]) ++end;
    const double rank = 0.5 * static_cast<double>(begin + 1 + end);
    for (; begin < end; ++begin)
      scores.data()[order[begin]] = normal_quantile((rank - 0.375) / (static_cast<double>(count) + 0.25));
  }
  return scores;
}

struct Variances {
  double within = 0;  ///< W: mean of the chains' variances
  double total = 0;   ///< var⁺ = (n − 1)/n W + B/n
};
Variances variances(const Matrix& chains) {
  const double n = static_cast<double>(chains.rows());
  const double m = static_cast<double>(chains.cols());
  const Eigen::RowVectorXd means = chains.colwise().mean();
  const double within = (chains.rowwise() - means).squaredNorm() / (m * (n - 1));
  const double between_over_n = m > 1 ? (means.array() - means.mean()).square().sum() / (m - 1) : 0;
  return {within, (n - 1) / n * within + between_over_n};
}

double rhat_of(const Matrix& chains) {
  const Variances v = variances(chains);
  return std::sqrt(v.total / v.within);
}

/// The quantile of all values, linear between the order statistics.
double quantile(const Matrix& values, double share) {
  std::vector<double> sorted(values.data(), values.data() + values.size());
  std::sort(sorted.begin(), sorted.end());
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

/// Mean over chains of the autocovariance at a lag, with 1/n.
double autocovariance(const Matrix& centred, Index lag) {
  const Index n = centred.rows();
  return centred.topRows(n - lag).cwiseProduct(centred.bottomRows(n - lag)).sum() /
         static_cast<double>(n * centred.cols());
}

/// Effective sample size with Geyer's initial monotone sequence.
double effective_sample_size(const Matrix& chains) {
  const Index n = chains.rows();
  const double count = static_cast<double>(chains.size());
  const Variances v = variances(chains);
  if (!(v.total > 0)) return count;
  const Matrix centred = chains.rowwise() - chains.colwise().mean();
  const double to_unbiased = static_cast<double>(n) / static_cast<double>(n - 1);
  const auto rho = [&](Index lag) { return 1 - (v.within - to_unbiased * autocovariance(centred, lag)) / v.total; };
  double sum = 0, smallest = 1 + rho(1);
  for (Index lag = 0; lag + 1 < n; lag += 2) {
    const double pair = (lag == 0 ? 1.0 : rho(lag)) + rho(lag + 1);
    if (!(pair > 0)) break;
    smallest = std::min(smallest, pair);
    sum += smallest;
  }
  const double time = std::max(2 * sum - 1, 1 / std::log10(count));
  return count / time;
}

}  // namespace

double normal_cdf(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }

double normal_quantile(double p) { return boost::math::quantile(boost::math::normal(), p); }

double student_cdf(double t, double degrees_of_freedom) {
  if (!(degrees_of_freedom < many)) return normal_cdf(t);
  return boost::math::cdf(boost::math::students_t(degrees_of_freedom), t);
}

double student_quantile(double p, double degrees_of_freedom) {
  if (!(degrees_of_freedom < many)) return normal_quantile(p);
  return boost::math::quantile(boost::math::students_t(degrees_of_freedom), p);
}

double chi_squared_cdf(double x, double degrees_of_freedom) {
  return x <= 0 ? 0 : boost::math::cdf(boost::math::chi_squared(degrees_of_freedom), x);
}

ChainDiagnosis diagnose(const MatrixView& samples) {
  assert(samples.rows() >= 4 && samples.cols() >= 1 && "a diagnosis needs 4 samples");
  if (!samples.allFinite()) return {.rhat = unknown, .ess = unknown};
  // Rounding in the mean would give a constant series a variance.
  if (samples.maxCoeff() == samples.minCoeff()) return {.rhat = 1, .ess = static_cast<double>(samples.size())};
  const Matrix halves = split(samples);
  const Matrix scores = normal_scores(halves);
  return {.rhat = rhat_of(scores), .ess = effective_sample_size(halves)};
}

double bulk_effective_size(const MatrixView& samples) {
  if (!samples.allFinite()) return unknown;
  if (samples.maxCoeff() == samples.minCoeff()) return static_cast<double>(samples.size());
  return effective_sample_size(normal_scores(split(samples)));
}

double tail_effective_size(const MatrixView& samples) {
  if (!samples.allFinite()) return unknown;
  const Matrix halves = split(samples);
  const auto of_share_below = [&](double share) {
    const double limit = quantile(halves, share);
    return effective_sample_size((halves.array() <= limit).cast<double>());
  };
  return std::min(of_share_below(0.05), of_share_below(0.95));
}

double folded_rhat(const MatrixView& samples) {
  if (!samples.allFinite()) return unknown;
  if (samples.maxCoeff() == samples.minCoeff()) return 1;
  const Matrix halves = split(samples);
  return rhat_of(normal_scores((halves.array() - quantile(halves, 0.5)).abs()));
}

}  // namespace fieldscan
