#pragma once
#include "fieldscan/theory/finite_width/scaled_kernel.hpp"

/// Whether what the labels see of a unit, s = t·φ(w) with t = (Q K + κ)⁻¹y, is a Gaussian variable: what one number per
/// layer assumes.
namespace fieldscan::theory {

struct GaussianUnits {
  /// P tr K²/(tr K)² − 1: points per direction of the kernel, P/d for generic inputs. Where it is large, a few
  /// directions can adapt by themselves.
  double crowding = 0;
  /// Of ⟨s²⟩, what is linear in the last pre-activations: tᵀK_l t/tᵀKt, K_l = σ_a² C ∘ ⟨φ′⟩⟨φ′⟩ᵀ with C their
  /// covariance.
  double linear_share = 1;
};
/// spec, x: of the kernel K in its eigenvectors; scale: Q.
GaussianUnits gaussian_units(const KernelSpec& spec, const MatrixView& x, const ScaledKernel& kernel, double scale);

}  // namespace fieldscan::theory
