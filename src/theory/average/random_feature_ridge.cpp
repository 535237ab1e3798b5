#include "fieldscan/theory/average/random_feature_ridge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include "descending.hpp"
#include "fieldscan/core/solve/root.hpp"

namespace fieldscan::theory {

namespace {

constexpr double unbounded = std::numeric_limits<double>::infinity();
constexpr double smallest_spread = 1e-12;

/// min(P, N) − z as a function of k: the positive root g of g (g + |P − N|) = κ N/k, in the form that does not cancel.
double small_gap(double points, double features, double ridge, double k) {
  if (ridge == 0) return 0;
  const double difference = std::abs(points - features), product = ridge * features / k;
  return 2 * product / (difference + std::sqrt(difference * difference + 4 * product));
}

/// Its derivative in k.
double gap_slope(double points, double features, double ridge, double k) {
  if (ridge == 0) return 0;
  const double difference = std::abs(points - features), product = ridge * features / k;
  return -product / (k * std::sqrt(difference * difference + 4 * product));
}

/// x/D with the peak at D = 0, and 0 where there is nothing to amplify.
double amplified(double error, double spread) {
  if (error == 0) return 0;
  return spread < smallest_spread ? unbounded : error / spread;
}

/// Sums over levels at a given k.
struct Sums {
  double squared = 0;      ///< q
  double unlearned = 0;    ///< z − q = Σ N ℓ w + tail/k
  double missed = 0;       ///< Σ g² w², with what no level reaches
  double fluctuating = 0;  ///< Σ g² w ℓ
};
Sums sums_at(const Spectrum& spectrum, const VectorView& power, double hidden_power, double k, Vector& learnability) {
  Sums out{.unlearned = k > 0 ? spectrum.tail / k : 0.0, .missed = hidden_power};
  learnability = Vector::Zero(power.size());
  for (Index l = 0; l < power.size(); ++l) {
    const double eigenvalue = std::max(spectrum.eigenvalue[l], 0.0);
    const double share = eigenvalue > 0 ? eigenvalue / (eigenvalue + k) : 0.0;
    const double rest = eigenvalue > 0 ? k / (eigenvalue + k) : 1.0;
    learnability[l] = share;
    out.squared += spectrum.degeneracy[l] * share * share;
    out.unlearned += spectrum.degeneracy[l] * share * rest;
    out.missed += power[l] * rest * rest;
    out.fluctuating += power[l] * rest * share;
  }
  return out;
}

/// Every mode is learned: no ridge, and rank R ≤ min(N, P). Least squares on R features.
void least_squares(RandomFeatureAverage& out, const Sums& sums, double points, double noise_variance) {
  const double rank = sums.squared;
  out.learned = rank;
  out.spread = 1 - rank / points;
  out.error_total = amplified(sums.missed + noise_variance, out.spread);
  out.error_test = out.error_mean_features = out.error_total - noise_variance;
  out.error_train = out.spread < smallest_spread ? 0.0 : out.spread * (sums.missed + noise_variance);
}

}  // namespace

double random_feature_constant(const Spectrum& spectrum, double points, double features, double ridge) {
  assert(points > 0 && features > 0 && ridge >= 0 && spectrum.tail >= 0);
  const auto modes = positive_modes(spectrum);
  const double smaller = std::min(points, features), difference = std::abs(points - features);
  if (ridge == 0 && spectrum.tail == 0 && rank_of(modes) <= smaller) return 0;
  // z ≥ 0 leaves a gap of at most min(N, P), hence k ≥ κ/P; at `high` both z and the gap are below half of it.
  const double low = std::max(lower_bound(modes, smaller, spectrum.tail), ridge / points);
  const double high = std::max({2 * (spectrum.tail + trace_of(modes)) / smaller,
                                4 * ridge * features / (smaller * (smaller + 2 * difference)), low});
  const auto equation = [&](double k) {
    const ShareSum sum = share_sum(modes, spectrum.tail, k);
    return solve::ValueAndSlope<double>{sum.value + small_gap(points, features, ridge, k) - smaller,
                                        sum.slope + gap_slope(points, features, ridge, k)};
  };
  const auto k = solve::newton_from_below(equation, low, high, {.rounding = 1e-12 * smaller});
  if (!k.converged)
    solve::give_up(fmt::format("the constant of {} random features at P = {}, κ = {}", features, points, ridge),
                   k.residual, k.steps);
  return k.value;
}

double random_feature_residual(const Spectrum& spectrum, double points, double features, double ridge, double k) {
  if (!(k > 0)) return 0;
  const double smaller = std::min(points, features);
  const double sum = share_sum(positive_modes(spectrum), spectrum.tail, k).value;
  return std::abs(sum + small_gap(points, features, ridge, k) - smaller) / smaller;
}

RandomFeatureAverage average_over_features(const Spectrum& spectrum, const VectorView& power, double hidden_power,
                                           double points, double features, double ridge, double noise_variance) {
  assert(power.size() == spectrum.eigenvalue.size() && "one power per level");
  RandomFeatureAverage out;
  out.k = random_feature_constant(spectrum, points, features, ridge);
  const double k = out.k;
  const Sums sums = sums_at(spectrum, power, hidden_power, k, out.learnability);
  out.squared = sums.squared;
  if (k == 0) {
    least_squares(out, sums, points, noise_variance);
    out.peak = out.spread < smallest_spread;
    return out;
  }
  const double gap = small_gap(points, features, ridge, k);
  const double a = gap + std::max(points - features, 0.0), b = gap + std::max(features - points, 0.0);
  const double unlearned = sums.unlearned, free = b + unlearned;  // z − q, N − q
  out.learned = points - a;
  out.spread = (a * b + unlearned * (a + b)) / (points * free);
  out.peak = out.spread < smallest_spread;
  const double bias = sums.missed + sums.fluctuating * unlearned / free;
  const double left = a / points;  // κ/κ_eff
  out.error_total = amplified(bias + noise_variance, out.spread);
  out.error_test = out.error_total - noise_variance;
  out.error_train = left == 0 || out.peak ? 0.0 : left * left * out.error_total;
  out.error_mean_features = (sums.missed + noise_variance) / (1 - sums.squared / points) - noise_variance;
  out.kappa_eff = points * k * b / features;
  out.posterior_variance = k * b * out.learned / features;
  // A target drawn from the features themselves, on the spectrum of K_N: its z − q.
  const double own = unlearned * b / free;
  out.error_of_initial = own > 0 ? out.kappa_eff * own / (a + own) : 0.0;
  out.error_train_initial = left * left * out.error_of_initial;
  return out;
}

}  // namespace fieldscan::theory
