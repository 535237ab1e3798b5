#pragma once
#include <tuple>
#include <vector>

#include "fieldscan/core/field.hpp"
#include "fieldscan/core/matrix.hpp"
#include "fieldscan/theory/average/effective_ridge.hpp"

/// A target of one direction, g = Σ_n c_n he_n(w*·x) with odd n and |w*| = 1, and normal inputs: what erf units make of
/// it.
///
/// A unit φ(h) = erf(β h), h = w·x/√d, sees w by its overlap m = w·w*/√d and s = |w|²/d = m² + ρ alone: with u = w*·x,
///
///     φ_n(m, s) = ⟨he_n(u) erf(β h)⟩
///               = (2/√π) (−2)^k (2k − 1)!!/√((2k + 1)!) (βm)^(2k+1)/(1 + 2β²s)^(k+1/2),   n = 2k + 1
///
/// Source: N. Rubin, I. Seroussi, Z. Ringel, "Grokking as a first order phase transition in two layer networks", ICLR
/// (2024).
namespace fieldscan::theory {

/// φ_1, φ_3, …: the first `count` of them.
void hermite_projections(double overlap, double square, double scale, Index count, double* out);
Vector hermite_projections(double overlap, double square, double scale, Index count);

/// What the theories of such a target depend on.
struct SingleIndex {
  double dimension = 1;         ///< d
  double points = 1;            ///< P
  double weight_variance = 1;   ///< σ_w²
  double readout_variance = 1;  ///< σ_a²
  double scale = 1;             ///< β of erf(β h)
  double richness = 1;          ///< b = χ σ_a²/N
  double kappa_eff = 1;         ///< the ridge that the modes of the target see
  Vector coefficient = {};      ///< c_1, c_3, …, zeros where a mode is only induced [modes]
};

/// The fields of the network in the inputs of theories of such a target, as they stand in identities.
template <class Inputs>
auto network_fields() {
  return std::tuple{field("scale", &Inputs::scale, "of erf(scale z)", positive()),
                    field("weight_variance", &Inputs::weight_variance, "σ_w²", positive()),
                    field("readout_variance", &Inputs::readout_variance, "σ_a²", positive()),
                    field("width", &Inputs::width, "N", positive()),
                    field("chi", &Inputs::chi, "χ", positive()),
                    field("ridge", &Inputs::ridge, "κ", non_negative())};
}

/// The spectrum of K over normal inputs, |x|² taken as d: degree n = 1, 3, …, 23 with multiplicity binom(d + n − 1, n),
/// the rest as a tail.
Spectrum normal_erf_spectrum(double dimension, double weight_variance, double readout_variance, double scale);

}  // namespace fieldscan::theory
