#pragma once
#include "fieldscan/theory/average/effective_ridge.hpp"

/// Ridge regression on N random features, averaged over P data and over the features.
namespace fieldscan::theory {

/// What follows for the kernel K_N = (1/N) Σ_j ψ_j(x) ψ_j(x′) of N features whose mean K has the given spectrum, with
/// ridge κ beside K_N.
///
/// With z = Σ N_l ℓ_l, q = Σ N_l ℓ_l², ℓ_l = λ_l/(λ_l + k) and the gaps a = P − z, b = N − z, the constant k solves a b
/// = κ N/k, and
///
///     error_total = [Σ g_l² (w_l² + w_l ℓ_l (z − q)/(N − q)) + σ²]/D,   w_l = 1 − ℓ_l,   D = (a b + (z − q)(a + b))/(P
///     (N − q)) error_train = (a/P)² error_total,   kappa_eff = P k b/N,   error of the mean over features (Σ g_l² w_l²
///     + σ²)/(1 − q/P)
///
/// (written so that nothing cancels where z comes close to N or P). N → ∞ gives `average_over_data`. kappa_eff is P/tr
/// (K_N + κ)⁻¹, and kappa_eff/(1 − z/N) what the learnabilities contain. Features and data play the same part: for a
/// target drawn from the prior without noise the error does not change when P and N are exchanged at fixed κ N.
///
/// The tail of the spectrum is *not* a ridge here: it enters z as tail/k and q not at all, the limit of many small
/// eigenvalues, because it is a Wishart matrix of N columns, not a multiple of the unit matrix. Source: J. Simon et
/// al., "More is better in modern machine learning", ICLR (2024); A. Atanasov, J. Zavatone-Veth, C. Pehlevan, "Scaling
/// and renormalization in high-dimensional regression" (2024); F. Bach, SIAM J. Math. Data Sci. 6 (2024); A. Maloney,
/// D. Roberts, J. Sully, "A solvable model of neural scaling laws" (2022). The mean over features: derived.
struct RandomFeatureAverage {
  double k = 0;                    ///< the constant of the learnabilities, in units of an eigenvalue
  double kappa_eff = 0;            ///< of K_N, in units of κ
  Vector learnability;             ///< ℓ_l [levels]
  double learned = 0;              ///< z ≤ min(N, P)
  double squared = 0;              ///< q
  double spread = 1;               ///< D; 0 at the peak
  bool peak = false;               ///< N = P, or the rank is P, without a ridge: the errors are infinite
  double error_total = 0;          ///< on noisy labels, of one set of features
  double error_test = 0;           ///< against the clean target
  double error_train = 0;          ///< on the noisy training labels
  double error_mean_features = 0;  ///< test error of the mean over features at one data set, averaged over data
  double posterior_variance = 0;   ///< kappa_eff − κ: of a readout sampled at fixed features
  double error_of_initial =
      0;  ///< test error of learning away a random readout of unit variance: what one network adds without `centred`
  double error_train_initial = 0;  ///< the same on the training set
};

/// Solves for k by Newton's method: z(k) + gap(k) = min(N, P), gap = (√((P − N)² + 4 κN/k) − |P − N|)/2, falls and is
/// convex, so that from a lower bound k rises to the solution. 0 without ridge and tail where the rank is at most
/// min(N, P). Domain: points, features > 0, ridge ≥ 0. Precision: a few ε relative. Throws solve::NotConverged where it
/// is not found.
double random_feature_constant(const Spectrum& spectrum, double points, double features, double ridge);
/// What is left of that equation at a k, over min(N, P); 0 for k = 0.
double random_feature_residual(const Spectrum& spectrum, double points, double features, double ridge, double k);

/// power: g_l² [levels]; hidden_power: of the target outside all levels, and in the tail. Errors at the peak are
/// infinite. Domain: features and inputs behave as Gaussian ones. Measured with rectifiers on the sphere: 1–2% in d =
/// 20, 10–25% in d = 6.
RandomFeatureAverage average_over_features(const Spectrum& spectrum, const VectorView& power, double hidden_power,
                                           double points, double features, double ridge, double noise_variance);

}  // namespace fieldscan::theory
