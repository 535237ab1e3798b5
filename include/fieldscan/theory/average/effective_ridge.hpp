#pragma once
#include "fieldscan/core/matrix.hpp"

/// Kernel regression averaged over data sets: the self-consistent theory of the renormalised ridge.
namespace fieldscan::theory {

/// The spectrum of a kernel with respect to the distribution of the inputs, level by level:
/// ∫ p(x′) K(x, x′) φ(x′) = λ φ(x), with λ_l ≥ 0 that belongs to N_l orthonormal eigenfunctions.
struct Spectrum {
  Vector eigenvalue;  ///< λ_l, in any order [levels]
  Vector degeneracy;  ///< N_l > 0, not necessarily whole [levels]
  double tail = 0;    ///< Σ N λ of the levels that are not listed: they act as a ridge where P λ ≪ kappa_eff
};

/// The renormalised ridge: the solution κ_eff ≥ κ of
///
///     κ_eff = κ + Σ_l N_l λ_l κ_eff/(P λ_l + κ_eff)
///
/// (with the tail beside κ). 0 for κ = tail = 0 and rank Σ N_l ≤ P. The equation in k = κ_eff/P, Σ N λ/(λ + k) + κ/k =
/// P, falls and is convex, so that Newton's method from the left of the solution rises to it and never overshoots.
/// Domain: points > 0, ridge ≥ 0. Precision: a few ε relative. Throws solve::NotConverged where it is not found.
/// Source: B. Bordelon, A. Canatar, C. Pehlevan, ICML (2020); A. Canatar, B. Bordelon, C. Pehlevan, Nature
/// Communications 12, 2914 (2021), whose κ it is; J. Simon et al., "The eigenlearning framework" (2021), whose κ is
/// κ_eff/P.
double effective_ridge(const Spectrum& spectrum, double points, double ridge);
/// What is left of that equation at a κ_eff, over P: |Σ N λ/(λ + k) + κ/k − P|/P, k = κ_eff/P; 0 for κ_eff = 0.
double ridge_residual(const Spectrum& spectrum, double points, double ridge, double kappa_eff);

/// What follows for regression on P points with a target of power g_l² per level (the total of the level) and label
/// noise of variance σ².
struct DataAverage {
  double kappa_eff = 0;
  Vector learnability;            ///< L_l = λ_l/(λ_l + κ_eff/P): the mean of ⟨f g_l⟩/⟨g_l²⟩ [levels]
  double overfitting = 0;         ///< γ = Σ N_l L_l²/P < 1
  double bias = 0;                ///< Σ (1 − L_l)² g_l²: error of the mean over data sets
  double error_total = 0;         ///< (bias + σ²)/(1 − γ): test error on noisy labels
  double error_test = 0;          ///< error_total − σ²: test error against the clean target
  double error_train = 0;         ///< (κ/κ_eff)² error_total, with the bare κ: on the noisy training labels
  double posterior_variance = 0;  ///< κ_eff − κ
  double label_form = 0;          ///< E[yᵀA⁻¹y] = Σ g_l²/(λ_l + k) + σ²/k with A = K + κ I and k = κ_eff/P
  double log_determinant =
      0;  ///< E[log det A] = Σ N_l log(1 + λ_l/k) + P log κ_eff + P (κ/κ_eff − 1); −∞ for singular A
};

/// Evaluates the theory. power: g_l² [levels]; hidden_power: that of target components which the kernel has no level
/// for (they are never learned and act as noise on the rest). The errors are infinite at the interpolation peak (rank =
/// P, κ = 0), 1 − γ < 1e-12. Domain: the kernel matrix behaves as one of Gaussian features: within 1% from P ≈ 100, 5%
/// at P = 20, worse where P(1 − γ) is small.
DataAverage average_over_data(const Spectrum& spectrum, const VectorView& power, double hidden_power, double points,
                              double ridge, double noise_variance);

}  // namespace fieldscan::theory
