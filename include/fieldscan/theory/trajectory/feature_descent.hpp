#pragma once
#include <cstdint>
#include <vector>

#include "fieldscan/theory/average/effective_ridge.hpp"

/// Descent of the readout over random features, averaged over data and features, in time.
namespace fieldscan::theory {

/// What a step sees: the same points at all times, or fresh ones.
enum class Examples { same, fresh };

/// P points, N features, steps u ← β u − h (Σ_μ (f_μ − y_μ) ∂f_μ + κ a), a ← a + u from a = 0.
struct FeatureDescent {
  double points = 1;          ///< P; of fresh ones those of a step, B
  double features = 1;        ///< N
  double step = 0;            ///< h
  double momentum = 0;        ///< β
  double ridge = 0;           ///< κ
  double noise_variance = 0;  ///< σ²
  Examples examples = Examples::same;
};

/// Mean errors of one network.
struct FeatureDescentErrors {
  double test = 0;      ///< against the clean target
  double train = 0;     ///< mean over the noisy training labels; of fresh points over those that the next step sees
  double residual = 0;  ///< of x, relative, the largest of all on the circle
};

/// Descent of a with f = Σ_i a_i Σ_k A_ik ψ_k/√N, A ~ N(0, 1) frozen, ψ_k ~ N(0, λ_k), y = Σ w_k ψ_k + noise, at N, P →
/// ∞ with any ratio. In generating functions of time, with θ(z) = h P z/((1 − z)(1 − βz) + h κ z), one scalar
///
///     x = θ (1 − m/P)(1 − m/N),   m = Σ N_k λ_k x/(1 + λ_k x),   H_k = 1/(1 + λ_k x),   R₁ = 1 − m/P,   R₃ = 1 − m/N
///
/// and for pairs (z, z′), J = 1/((1 − z)(1 − z′)), products over z and z′ of R₁, R₃, H_k, θ written R₁₁, R₃₃, HH, θθ:
///
///     C₀ = Σ g_k² HH J + θθ (S₁ C₃/N + S₂ R₃₃ C₁/P),            S₁ = Σ N_k λ_k HH,  S₂ = Σ N_k λ_k² HH
///     C₁ = R₁₁ (C₀ + σ² J)
///     C₃ = R₃₃ (S₁ C₁/P + R₁₁ (Σ λ_k g_k² HH J + θθ S₂ C₃/N))
///
/// Test and training error are the coefficients of z^t z′^t of C₀ and C₁, from 4 (t + 1) points on a circle: steps²
/// operations. The errors are those of the limit; at finite P and N they are 1/N off, 1–4% at N = 40, P = 60. Source:
/// B. Bordelon, A. Atanasov, C. Pehlevan, "A dynamical model of neural scaling laws", ICML (2024); generating
/// functions, ridge and momentum: derived, checked against simulation.
///
/// Fresh points at every step (one pass) have R₁ = 1 and errors that are independent from step to step, so that C₁/P is
/// δ(t, t′)(ℒ(t) + σ²)/B with the test error ℒ itself: ℒ(t) = ℒ₀(t) + Σ_{s<t} k(t − s)(ℒ(s) + σ²), ℒ₀ without this
/// source and k of a single one, each by the equations above. It lacks λ_k² C_kk/B, some percent at B = 4.
///
/// power: g_k² = λ_k w_k², the total of a level [levels]; no tail; at: steps that rise. Throws solve::NotConverged
/// where x is not found. Domain: `feature_instability` below one.
std::vector<FeatureDescentErrors> average_descent(const Spectrum& spectrum, const VectorView& power,
                                                  const FeatureDescent& descent, const std::vector<std::int64_t>& at);

/// h (λ_max + κ)/(2 (1 + β)), λ_max the upper edge of the averaged spectrum of the features on P points: stable below
/// one. A mode that stands alone is spread out in this average: one draw is stable up to (1 + P^−½)² (1 + N^−½)² above.
double feature_instability(const Spectrum& spectrum, const FeatureDescent& descent);

}  // namespace fieldscan::theory
