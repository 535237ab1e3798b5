#pragma once
#include <functional>

#include "fieldscan/network/activation/list.hpp"

/// One giant step of gradient descent of the hidden layer, then ridge regression of the readout on fresh data.
namespace fieldscan::theory {

/// Units w_i of unit norm, f = a·φ(Wx)/√p, x ~ N(0, 1) in d dimensions, labels g(u) + noise along one direction u =
/// θ·x. Of f₀ = ⟨φ⟩ over the units the step w_i ← w_i + η (1/n₀) Σ (y − f₀) φ′(w_i·x) x; then min Σ (y − f)² + κ|a|² on
/// n fresh points. φ and g are odd.
struct GiantStep {
  network::ActivationChoice activation;
  std::function<double(double)> target;  ///< g
  double noise_variance = 0;             ///< Δ
  double step = 0;                       ///< η
  double ridge = 0;                      ///< κ > 0
  double step_points = 0;                ///< α₀ = n₀/d
  double points = 0;                     ///< α = n/d
  double units = 0;                      ///< p/d
};

struct GiantStepAverage {
  double error_test = 0;   ///< against g
  double error_train = 0;  ///< on the fresh points, of one network, with their noise
  double spike = 0;        ///< r, of what all rows have in common
  double overlap = 0;      ///< γ = θ·v, of its direction v with the target's
  double bulk = 0;         ///< c_b, the variance of w_i·x across v
  double held = 0;         ///< d times what holds the readout's part along 1 beside what the data pull: neglected
  double residual = 0;     ///< of the logarithms of the two that have a fixed point
};

/// d → ∞ at fixed ratios. With c₁ = ⟨φ′⟩, s₁ = Var φ′, t₁ = ⟨z g⟩, t₂ = ⟨g²⟩ + Δ the rows become
///
///     W = √c_b W₀ + r 1vᵀ,   r = η c₁ √(t₁² + t₂/α₀),   c_b = 1 + η² t₂ s₁/α₀,   γ = t₁/√(t₁² + t₂/α₀)
///
/// and at k = v·x the features m₀(k) + m₁(k) √c_b w₀·x + m₂(k) ξ, which makes them ridge regression with a Gaussian
/// bulk: seven scalars, by averages over k and over the eigenvalues of W₀W₀ᵀ (Marchenko and Pastur). Two, what the
/// ridge leaves of the features, have one positive fixed point; given them the others solve linear equations. The
/// readout's part along 1 costs nothing beside the n points: S/(n ⟨m₀²/(1 + V)⟩), S what the bulk's features and the
/// ridge hold it with, is neglected (`held`/d). Throws NotConverged where the fixed point is not found. Single draws
/// scatter by several per cent even at d = 500. Source: H. Cui et al., "Asymptotics of feature learning in two-layer
/// networks after one gradient step", ICML (2024); Y. Dandi et al. (2023); the form with a bulk of its own variance:
/// derived.
GiantStepAverage average_after_step(const GiantStep& problem);

}  // namespace fieldscan::theory
