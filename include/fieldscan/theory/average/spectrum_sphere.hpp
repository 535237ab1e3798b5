#pragma once
#include <array>
#include <string_view>

#include "fieldscan/core/matrix.hpp"
#include "fieldscan/theory/average/effective_ridge.hpp"
#include "fieldscan/theory/kernel/kernels.hpp"

/// Spectra of kernels that depend on the angle alone, for inputs uniform on the sphere |x|² = d. Their eigenfunctions
/// are the spherical harmonics: level l = 0, 1, 2 … with N(d, l) of them (`data::harmonics_count`).
namespace fieldscan::theory {

/// A rule for averages over the cosine t = x·x′/d of two points on the sphere: weights sum to one.
struct SphereRule {
  Vector cosine;
  Vector weight;
};
/// Gauss–Legendre nodes in the angle θ ∈ [0, π], with weights ∝ sin^{d−2} θ. Kernels of rectifiers have powers of √(1 −
/// t) at the end of the interval: in θ they are analytic, and the rule converges exponentially where the one of Golub
/// and Welsch in t converges like a power. It resolves levels up to about its number of nodes.
SphereRule sphere_rule(int dimension, Index nodes);

/// λ_l = ⟨k(t) P_l(t)⟩ for l = 0 … levels − 1, for the values k of a kernel at the nodes of a rule. Absolute error some
/// ε·k(1).
Vector level_eigenvalues(int dimension, const SphereRule& rule, const VectorView& kernel, Index levels);

/// The spectrum of a fully connected network's kernel on the sphere, levels 0 … at least `minimum_levels` − 1.
///
/// Levels are added until what is left of the trace Σ N λ = k(1) is negligible, or until P λ ≤ 1e-6 (κ + the rest):
/// then the rest is the tail and acts as a ridge, with a relative error of P λ/κ_eff. The search ends with 1024 levels
/// or more. Eigenvalues below rounding (1e-15 k(1)), among them those that vanish by parity, are zero. `train` selects
/// the parameters of the tangent kernel. Source: for rectifiers in closed form F. Bach, "Breaking the curse of
/// dimensionality with convex neural networks", JMLR 18 (2017).
Spectrum sphere_spectrum(const KernelSpec& spec, KernelKind kind, network::Trained train, int dimension, double points,
                         double ridge, Index minimum_levels = 2);

/// The same spectrum with its first levels alone, the others in the tail.
Spectrum first_levels(const Spectrum& spectrum, Index levels);

}  // namespace fieldscan::theory
