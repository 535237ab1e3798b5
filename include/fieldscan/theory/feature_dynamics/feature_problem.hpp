#pragma once
#include <vector>

#include "fieldscan/core/matrix.hpp"
#include "fieldscan/data/draw.hpp"
#include "fieldscan/network/dynamics.hpp"
#include "fieldscan/theory/kernel/kernels.hpp"

/// Descent of networks whose layers are infinitely wide and learn features: γ₀² = χ/N is held while N → ∞.
///
/// With the network's own f = √(σ_a²/(Nχ)) Σ a φ(h) and u ← β u − η ∇ℒ every pre-activation moves by a finite amount.
/// In terms of
///
///     h = η/χ,   g = γ₀/σ_a,   e = h σ_a² g = h γ₀ σ_a,   K¹ = σ_w² x·x′/d + σ_b²
///
/// the output is f = ⟨a φ(h)⟩/g, the average over units of the last layer, and a step pulls them by e K (Δ ∘ a φ′),
/// a by e φ·Δ, Δ = y − f. Biases are one more input, and so only a part of K. Source: B. Bordelon, C. Pehlevan,
/// NeurIPS (2022); G. Yang, E. Hu, ICML (2021); with unit variances and without momentum there, otherwise derived.
namespace fieldscan::theory {

/// How parameters descend: u ← β u + F − p (θ − θ*), θ ← θ + u, with F the pull of the labels and θ* zero or θ₀.
struct DescentSteps {
  double step = 0;      ///< h = η/χ, times the rate factor of the tensors
  double momentum = 0;  ///< β
  double pull = 0;      ///< p = h κ
  dynamics::Anchor anchor = dynamics::Anchor::initial;
};

/// The descent is linear in θ₀ and F: θ(t) = start(t) θ₀ + Σ_{s<t} after(t − s) F(s). Both have steps + 1 elements;
/// after(0) = 0, and after(n) = 1 without momentum and ridge.
struct DescentMemory {
  Vector start, after;
};
DescentMemory memory_of(const DescentSteps& descent, Index steps);

/// What the units of all layers depend on. The pre-activations of the first layer are U z at the training points, U* z
/// + own∘ξ at the test points with independent normals z, ξ; no average has two test points.
struct FeatureProblem {
  KernelSpec spec;
  Matrix train_root;  ///< U [P × rank]
  Matrix test_root;   ///< U* [P* × rank]
  Vector test_own;    ///< [P*], or empty: z says all
  Matrix kernel;      ///< K¹ [P × P]
  Matrix cross;       ///< K¹ to the test points [P × P*]
  Vector label;       ///< y [P]
  double scale = 1;   ///< g = γ₀/σ_a
  DescentSteps descent;

  double pull() const { return descent.step * spec.readout_variance * scale; }  ///< e
};
FeatureProblem feature_problem(const KernelSpec& spec, double richness, const DescentSteps& descent,
                               const data::Draw& draw);

/// What is looked at after a step.
struct FeatureState {
  Vector train;                ///< f [P]
  Vector test;                 ///< f [P*]
  Matrix tangent;              ///< Θ [P × P], without 1/χ
  std::vector<Matrix> hidden;  ///< ⟨φφ⟩ of each layer [P × P]
};

/// 2 a − (b + c)/2: of b, c from the two halves of the numbers of a, free of errors of first order in one over their
/// count.
FeatureState without_bias(const FeatureState& all, const FeatureState& first, const FeatureState& second);

/// (h λ_max(Θ) + p)/(2 (1 + β)): above 1 steps in the field of this kernel grow, and what small differences become is
/// no average over units.
double instability(const Matrix& tangent, const DescentSteps& descent);

/// Whether a loss is too large to go on: above 10⁴ times the first one, as with networks, or not finite.
bool has_diverged(const Vector& residual, const Vector& label);

}  // namespace fieldscan::theory
