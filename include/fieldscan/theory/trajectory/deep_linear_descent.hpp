#pragma once
#include <cstdint>
#include <vector>

#include "fieldscan/core/matrix.hpp"

/// Descent of deep linear networks of infinite width that learn features.
namespace fieldscan::theory {

/// What the weights remember of the gradients: k(τ) of W(t) = W(0) + Σ_{s<t} k(t − s) η·(−∇ℒ(s)), in steps with
/// momentum β and a ridge that pulls towards W(0), u ← β u − h κ (W − W(0)) − η ∇ℒ, W ← W + u. Without both it is 1.
/// k(0) = 0 [steps + 1].
Vector gradient_memory(Index steps, double momentum, double pull);

/// Networks f = w·W^L … W¹x/(γ₀ N √d …) with L hidden layers of N → ∞ linear units at fixed richness γ₀, all weights
/// N(0, 1) at first, by descent of ½ Σ (f − y)² with the rate η γ₀² N.
struct DeepLinearDescent {
  int depth = 1;        ///< L
  double richness = 1;  ///< γ₀ > 0
  double rate = 0;      ///< η: f moves by η Θ (y − f), Θ the tangent kernel
  double momentum = 0;  ///< β
  double pull = 0;      ///< h κ of the ridge towards the initial weights
};

/// The network at one step.
struct DeepLinearState {
  Vector coefficients;         ///< c of f(x) = Σ_μ (x·x_μ/d) c_μ [P]
  std::vector<Matrix> hidden;  ///< ⟨h^l_μ h^l_ν⟩ of hidden layer l = 1 … L, each [P × P]
  Matrix tangent;              ///< Θ = Σ_l H^l G^{l+1} [P × P]
};

/// Dynamical mean-field theory of deep linear networks, exact at N → ∞ for every rate and richness; nothing is sampled.
///
/// With Δ = y − f, fields h^l (forward) and g^l (backward, of linear units the same at all points), and e = η γ₀ k:
///
///     h^l_μ(t) = u^l_μ(t) + Σ_{s<t} [A^{l−1}_μ(t, s) + e(t − s) Σ_ν H^{l−1}_{μν}(t, s) Δ_ν(s)] g^l(s),   u^l ~ GP(0,
///     H^{l−1}) g^l(t)   = r^l(t) + Σ_{s<t} [B^l(t, s) + e(t − s) G^{l+1}(t, s)] Σ_ν Δ_ν(s) h^l_ν(s),              r^l
///     ~ GP(0, G^{l+1}) A^l = ∂h^l/∂r^l,  B^l = ∂g^{l+1}/∂(Δ·u^{l+1}),  H⁰ = x·x′/d,  G^{L+1} = 1,  γ₀ f_μ(t) = ⟨g^L(t)
///     h^L_μ(t)⟩
///
/// All of it closes in matrices [steps × steps] of the fields Σ_ν Δ_ν h_ν and g, which are extended step by step: no
/// iteration, L steps³ (4P + 12)/3 multiplications. Source: B. Bordelon, C. Pehlevan, "Self-consistent dynamical field
/// theory of kernel evolution in wide neural networks", NeurIPS (2022), with matrices over all points and times there.
///
/// inputs: x·x′/d [P × P]; labels y [P]; at: steps that rise. The states end before the first one at which the residual
/// is above `largest` times the labels' size, or not finite.
std::vector<DeepLinearState> deep_linear_descent(const MatrixView& inputs, const VectorView& labels,
                                                 const DeepLinearDescent& descent, const std::vector<std::int64_t>& at,
                                                 double largest = 100);

}  // namespace fieldscan::theory
