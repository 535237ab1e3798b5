#pragma once
#include "fieldscan/theory/average/effective_ridge.hpp"

/// The ridge after modes have been integrated out, and errors on inputs of another distribution.
namespace fieldscan::theory {

/// How the modes beyond the cut-off enter the ridge.
enum class RidgeFlow {
  tail_sum,  ///< κ_Λ = κ + Σ_{l > Λ} N λ: for modes that can not be learned (P λ ≪ κ_Λ); too large where they can
  one_loop,  ///< shell by shell from the bottom, κ_{Λ−1} = κ_Λ + N λ κ_Λ/(P λ + κ_Λ): too small, it misses 1/(1 − γ)
  exact,  ///< κ_Λ = κ + Σ_{l > Λ} N λ κ_eff/(P λ + κ_eff): the kept modes have the same κ_eff, and cuts compose
};

/// The ridge of the first `levels` levels, those beyond (and the spectrum's tail, always as its sum) integrated out.
/// Levels in descending order. The target's power on the modes that are gone adds to the noise, σ² + Σ_{l > Λ} g_l².
/// Source: J. Howard, R. Jefferson, A. Maiti, Z. Ringel, "Wilsonian renormalization of neural network Gaussian
/// processes" (2024); the exact form: derived.
double running_ridge(const Spectrum& spectrum, Index levels, double points, double ridge, RidgeFlow flow);

/// Test error where the test inputs have another distribution p′ than the training inputs p,
///
///     Σ_ij (1 − L_i) g_i O_ij (1 − L_j) g_j + (error_total/P) Σ_i L_i² O_ii,   O_ij = ∫p′ φ_i φ_j
///
/// with eigenfunctions φ and learnabilities L of p. coefficients: g_i [modes], overlap: O [modes × modes], spectrum:
/// one mode per level. O = I gives `average_over_data`. Parts of the target that p does not see must be added. Source:
/// A. Canatar, B. Bordelon, C. Pehlevan, "Out-of-distribution generalization in kernel regression", NeurIPS (2021).
double error_under_shift(const Spectrum& spectrum, const VectorView& coefficients, const MatrixView& overlap,
                         double points, double ridge, double noise_variance);

/// O_ij of linear modes x_i/√Λ_i: normal training inputs of variances Λ [d], test inputs of second moments ⟨x xᵀ⟩ [d ×
/// d].
Matrix linear_overlap(const VectorView& train_variances, const MatrixView& test_moments);

}  // namespace fieldscan::theory
