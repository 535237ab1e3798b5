#pragma once
#include <cmath>
#include <limits>

#include "fieldscan/theory/average/effective_ridge.hpp"

/// The formulas of `average_over_pool`, for numbers with and without the influence of every row.
namespace fieldscan::theory {

/// Sums over the modes of M rows at the matched ridge c, with ŵ = c/(λ̂ + c).
template <class Number>
struct PoolSums {
  Number c, mean, square;           ///< c, ⟨ŵ⟩, ⟨ŵ²⟩
  Number log_sum;                   ///< Σ log(λ̂ + c)
  Number power{}, once{}, twice{};  ///< Σ ĝ², Σ ĝ² ŵ, Σ ĝ² ŵ² of a function
};

/// Standard deviation over rows of Σ_c r_ic², relative to its mean; 0 where nothing is missed. r [M × C]: what is
/// missed of a target on the rows, up to a factor.
inline double relative_spread(const MatrixView& missed) {
  const Eigen::ArrayXd square = missed.rowwise().squaredNorm().array();
  const double mean = square.mean();
  return mean > 0 ? std::sqrt((square - mean).square().mean()) / mean : 0.0;
}

/// Standard deviation, relative to the error, between its means over the M rows of a pool and over others of the same
/// distribution, of which there are so many.
inline double between_sets(double relative_spread, double rows, double others) {
  return others > 0 ? relative_spread * std::sqrt(1 / rows + 1 / others) : 0.0;
}

/// What `DataAverage` holds.
template <class Number>
struct PoolNumbers {
  Number kappa_eff, overfitting, bias, error_total, error_test, error_train;
  Number posterior_variance, label_form, log_determinant;
};

/// Σ ĝ² λ/(λ + k)/Σ ĝ²; 0 of a function that vanishes on the rows.
template <class Number>
Number pool_learnability(const PoolSums<Number>& s) {
  return 1 - s.once / s.mean / s.power;
}

template <class Number>
PoolNumbers<Number> pool_numbers(const PoolSums<Number>& s, double count, double points, double ridge,
                                 double noise_variance) {
  using std::log;
  const Number k = s.c / s.mean;
  PoolNumbers<Number> out;
  out.kappa_eff = points * k;
  out.overfitting = count * (1 - s.mean * s.mean / s.square) / points;
  out.bias = s.twice / s.square;
  out.error_total = (out.bias + noise_variance) / (1 - out.overfitting);
  out.error_test = out.error_total - noise_variance;
  out.error_train = (ridge / out.kappa_eff) * (ridge / out.kappa_eff) * out.error_total;
  out.posterior_variance = count * (1 - s.mean) * k;
  out.label_form = (s.once / s.mean + noise_variance) / k;
  out.log_determinant =
      s.log_sum - count * log(k) - count * (s.mean - 1) + points * (log(out.kappa_eff) + ridge / out.kappa_eff - 1);
  return out;
}

/// Without a ridge and with no more modes than points, which the rows know: least squares on `rank` features; ŵ is 1
/// where λ̂ = 0.
template <class Number>
PoolNumbers<Number> least_squares_numbers(const PoolSums<Number>& s, double rank, double points,
                                          double noise_variance) {
  const double left = 1 - rank / points;
  PoolNumbers<Number> out;
  out.kappa_eff = out.posterior_variance = out.label_form = 0 * s.power;
  out.log_determinant = out.kappa_eff + -std::numeric_limits<double>::infinity();  // there is no evidence
  out.overfitting = 0 * s.power + rank / points;
  out.bias = s.twice;
  out.error_total = (s.twice + noise_variance) / left;
  out.error_test = out.error_total - noise_variance;
  out.error_train = left * left * out.error_total;
  return out;
}

}  // namespace fieldscan::theory
