#pragma once
#include "two_layers.hpp"

/// What two adapted layers say of test points.
namespace fieldscan::theory {

struct TwoLayerOutputs {
  Vector mean;                ///< f̄ [P*]
  Vector variance;            ///< χ ⟨δf²⟩ [P*]
  double error_train = 0;     ///< κ²|t|²/P
  double variance_train = 0;  ///< χ times, the mean over the training points
};

/// A source J on the output at x makes Jφ(x) of s + Jφ(x), to which t, A and C answer: χ⟨δf²⟩ = df̄/dJ. With the
/// equations R(t, A) at fixed J, φ over training points and x, and all averages of the sample,
///
///     f̄ = σ_a²⟨φ_* s⟩₂,   q = ν d⟨Q⟩₂/dJ at fixed t, C,   ψ = φ₁ᵀ q φ₁ over all points, ψ_* its part with x
///     δC_J = (σ_w²/2) Cov₁(φφᵀ, ψ_*),   ∂R/∂J = (D_X*, −q_XX) + (∂R/∂C) δC_J
///     χ⟨δf²⟩ = D_** + D_*X·δt + (σ_a² N_1/(4bN_2)) Cov₁(ψ, φᵀδAφ + ψ_*),   (δt, δA) = −jacobian⁻¹ ∂R/∂J
///
/// C alone fixed it is the dressed variance of one layer. The mean takes the last step of the equations with it. On the
/// training set χ⟨δf²⟩ = κ (1 − κ ∂t/∂y). test: x̃ [P* × D]. Derived.
TwoLayerOutputs two_layer_outputs(const TwoLayerProblem& problem, const TwoLayers& state, const TwoLayerEquations& at,
                                  const Matrix& test);

}  // namespace fieldscan::theory
