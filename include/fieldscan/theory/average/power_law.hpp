#pragma once
#include "fieldscan/theory/average/effective_ridge.hpp"

/// Power-law spectra λ_i = i^−(1+α), target power g_i² = i^−(1+β): capacity α > 0 of the kernel, source β > 0 of the
/// target.
namespace fieldscan::theory {

/// Capacity and source.
struct PowerLaw {
  double capacity = 1;  ///< α
  double source = 1;    ///< β
};

/// The spectrum and the target's power on it: 2000 modes one by one, then geometric bins (mean eigenvalue, whole power
/// of a bin) up to i = 10^10, and beyond that the integrals of what is left: a tail and a hidden power. Nothing of the
/// trace or of the target is lost.
struct PowerLawModes {
  Spectrum spectrum;
  Vector power;
  double hidden_power = 0;
};
PowerLawModes power_law_modes(const PowerLaw& law);

/// Exponents x of error ∝ P^−x, or N^−x. `error` is that of the mean network against the clean target.
/// Sources: A. Caponnetto, E. De Vito, Found. Comput. Math. 7 (2007); S. Spigler, M. Geiger, M. Wyart (2020); H. Cui,
/// B. Loureiro, F. Krzakala, L. Zdeborová, NeurIPS (2021); Y. Bahri et al., "Explaining neural scaling laws" (2021);
/// width: derived.
double exponent_ridgeless(const PowerLaw& law);  ///< without ridge and noise: min(β, 2(1 + α))
double exponent_ridge(const PowerLaw& law);      ///< κ_eff ≈ κ fixed, without noise: min(β/(1 + α), 2)
double exponent_noise(
    const PowerLaw& law);  ///< κ_eff ≈ κ fixed, what the noise adds: α/(1 + α). Without a ridge: a plateau α σ²
double exponent_optimal_ridge(
    const PowerLaw& law);  ///< the best ridge at every P, with noise: m/(1 + m), m = min(β, 2(1 + α))
double exponent_of_width(const PowerLaw& law);  ///< N random features, P → ∞, no ridge: min(β, 1 + α)

/// Capacity of a rectifier's kernel on the sphere in d dimensions, one hidden layer: 3/(d − 1) for K, 1/(d − 1) for Θ.
double rectifier_capacity_nngp(int dimension);
double rectifier_capacity_tangent(int dimension);

}  // namespace fieldscan::theory
