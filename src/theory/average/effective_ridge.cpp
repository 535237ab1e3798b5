#include "fieldscan/theory/average/effective_ridge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include "descending.hpp"
#include "fieldscan/core/solve/root.hpp"

namespace fieldscan::theory {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

}  // namespace

double effective_ridge(const Spectrum& spectrum, double points, double ridge) {
  assert(points > 0 && ridge >= 0 && spectrum.tail >= 0);
  const auto modes = positive_modes(spectrum);
  const double bare = ridge + spectrum.tail;
  if (bare == 0 && rank_of(modes) <= points) return 0;
  const double high = (bare + trace_of(modes)) / points;
  const double low = lower_bound(modes, points, bare);
  const auto equation = [&](double k) {
    const ShareSum sum = share_sum(modes, bare, k);
    return solve::ValueAndSlope<double>{sum.value - points, sum.slope};
  };
  const auto k = solve::newton_from_below(equation, low, high, {.rounding = 1e-12 * points});
  if (!k.converged)
    solve::give_up(fmt::format("the renormalised ridge at P = {}, κ = {}", points, ridge), k.residual, k.steps);
  return std::max(points * k.value, bare);  // P·(κ/P) may round to below κ
}

double ridge_residual(const Spectrum& spectrum, double points, double ridge, double kappa_eff) {
  if (!(kappa_eff > 0)) return 0;
  const double k = kappa_eff / points;
  return std::abs(share_sum(positive_modes(spectrum), ridge + spectrum.tail, k).value - points) / points;
}

DataAverage average_over_data(const Spectrum& spectrum, const VectorView& power, double hidden_power, double points,
                              double ridge, double noise_variance) {
  assert(power.size() == spectrum.eigenvalue.size() && "one power per level");
  DataAverage out;
  out.kappa_eff = effective_ridge(spectrum, points, ridge);
  const double k = out.kappa_eff / points;
  const Index levels = power.size();
  out.learnability = Vector::Zero(levels);
  double learned = 0, fluctuation = 0;  // Σ N L and Σ N L²
  double quadratic = noise_variance + hidden_power, log_det = 0;
  out.bias = hidden_power;
  // κ_eff − κ by the equation it solves: the difference would cancel for large ridges.
  out.posterior_variance = k > 0 ? spectrum.tail : 0.0;
  for (Index l = 0; l < levels; ++l) {
    const double eigenvalue = std::max(spectrum.eigenvalue[l], 0.0);
    const double share = eigenvalue > 0 ? eigenvalue / (eigenvalue + k) : 0.0;
    const double missed = k > 0 ? k / (eigenvalue + k) : (eigenvalue > 0 ? 0.0 : 1.0);
    out.learnability[l] = share;
    learned += spectrum.degeneracy[l] * share;
    fluctuation += spectrum.degeneracy[l] * share * share;
    out.bias += missed * missed * power[l];
    quadratic += missed * power[l];
    out.posterior_variance += spectrum.degeneracy[l] * eigenvalue * missed;
    if (k > 0) log_det += spectrum.degeneracy[l] * std::log1p(eigenvalue / k);
  }
  out.overfitting = fluctuation / points;
  const double spread = 1 - out.overfitting;
  out.error_total = spread < 1e-12 ? infinity : (out.bias + noise_variance) / spread;
  if (out.bias + noise_variance == 0) out.error_total = 0;
  out.error_test = out.error_total - noise_variance;
  // κ/κ_eff, which for κ = 0 and rank < P is the share of directions in label space that no mode reaches.
  const double ratio = out.kappa_eff > 0 ? ridge / out.kappa_eff : 1 - learned / points;
  out.error_train = ratio == 0 ? 0.0 : ratio * ratio * out.error_total;
  out.label_form = k > 0 ? quadratic / k : (quadratic > 0 ? infinity : 0.0);
  out.log_determinant =
      k > 0 ? log_det + points * (std::log(out.kappa_eff) + (ridge + spectrum.tail) / out.kappa_eff - 1) : -infinity;
  return out;
}

}  // namespace fieldscan::theory
