#pragma once
#include <functional>
#include <vector>

#include "fieldscan/core/random.hpp"
#include "fieldscan/theory/kernel/kernels.hpp"

/// The posterior mean to first order in one over the widths, at one data draw.
///
/// The kernel of a network is that of infinite width plus, from every hidden layer l, the fluctuation
/// δ = s² (φφᵀ − ⟨φφᵀ⟩) of one unit, h ~ N(0, Kˡ), divided by N_l. With η₁ and η₂ what the layers above make of it in
/// first and second order (at the last layer η₁ = δ, η₂ = 0), G = (K + κ I)⁻¹, α = G y [P × C], k̃ = G k*,
///
///     f = k*ᵀα + Σ_l f₁ˡ/N_l
///     f₁ˡ = ⟨½ (η₂* − η₂k̃)ᵀα − (η₁* − η₁k̃)ᵀ G η₁ α + (η₁* − η₁k̃)ᵀα [(χ/2) tr αᵀη₁α − (C/2) tr G η₁]⟩ = A_l + χ B_l
///
/// A and B depend neither on χ nor on the widths. For one hidden layer this is
///
///     f₁ = σ_a⁴ {−(1 + C/2)⟨r s g⟩ + ⟨rφᵀ⟩G⟨φs⟩ + (C/2)⟨rs⟩⟨g⟩ + (χ/2)(⟨r s S⟩ − ⟨rs⟩⟨S⟩)}
///
/// with r = φ* − k̃ᵀφ, s = φᵀα, g = φᵀGφ, S = Σ_c s_c². For depth it is the recursion of four-point vertices, contracted
/// unit by unit: no tensor over pairs of pairs of points is formed, and P is not limited by one. The terms cancel
/// strongly; all are formed of the same units, and what is known of their means (K, from its closed form) is subtracted
/// from every unit, so that a mean over units has no bias and its error is that of independent numbers.
///
/// Sources: G. Naveh et al., Physical Review E 104 (2021); S. Yaida, MSML (2020); D. Roberts, S. Yaida, B. Hanin, "The
/// Principles of Deep Learning Theory" (2022), chapters 4 and 6. The contraction is derived.
namespace fieldscan::theory {

/// How averages over units are formed.
struct UnitAverages {
  Index samples = 0;   ///< units of every layer; 0: a product rule over the weights of a unit, see `has_product_rule`
  Index blocks = 512;  ///< of samples, each with a mean of its own: by their spread errors are known to 3%
};

/// Whether the averages of a network can be taken by a product rule of manageable size: one hidden layer whose
/// activation is a polynomial, or smooth and of inputs in at most three dimensions (a bias counts as one).
bool has_product_rule(const KernelSpec& spec, Index dimension);

/// Of one hidden layer: means over blocks of units, in columns; one column where a product rule was used.
struct LayerExpansion {
  Matrix constant;  ///< A [P*·C × blocks], output by output
  Matrix per_chi;   ///< B
  Matrix kernel;  ///< ⟨η₂/2⟩ on the training points [P × P]: what the layer adds to ⟨K⟩, zero for the last
};

struct WidthExpansion {
  Matrix mean;                         ///< f₀ = k*ᵀα [P* × C]
  std::vector<LayerExpansion> layers;  ///< from the input on
  double signal = 0;                   ///< tr αᵀKα
  double trace = 0;                    ///< tr GK

  /// f at these widths with the means of blocks: mean + their mean is the prediction.
  Matrix blocks(const PerLayer<int>& width, double chi) const;  ///< Σ_l (A_l + χB_l)/N_l [P*·C × blocks]
};

/// x [P × d], test [P* × d], y [P × C], κ > 0. Seconds: `samples` × layers × (P² + P P* d) flops and (P + P*) values of
/// φ. `stream` is not used by a product rule. Throws NumericalError as `factor` does, NotConverged where a product rule
/// of 4·10⁶ nodes is not enough.
struct Regressed {
  const KernelSpec& kernel;
  double ridge = 0;
  const MatrixView& x;
  const MatrixView& labels;
  const MatrixView& test;
};
WidthExpansion width_expansion(const Regressed& problem, const UnitAverages& averages, const Stream& stream);

}  // namespace fieldscan::theory
