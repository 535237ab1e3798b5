#pragma once
#include <optional>

#include "fieldscan/data/draw.hpp"
#include "fieldscan/network/spec.hpp"

namespace fieldscan::theory {

/// The ridge above which f = 0 is a stable minimum of ½ Σ(f − y)² + (κ/2χ)|θ|², one hidden layer with φ(0) = 0:
///
///     κ_c = |φ′(0)| σ_a √((χ/N) yᵀ K¹ y),   K¹ = σ_w² XXᵀ/d + σ_b²
///
/// Local stability, global for linear units. None where zero is not stationary (φ(0) ≠ 0), where φ has a kink there, or
/// for more hidden layers: then f = 0 is a local minimum at every κ > 0, and the start decides. Several outputs: of the
/// largest singular value. Source: derived.
std::optional<double> collapse_ridge(const network::Spec& network, const data::Draw& draw);

/// Whether f = 0 is stationary: φ(0) = 0.
bool vanishes_at_zero(const network::ActivationChoice& activation);

}  // namespace fieldscan::theory
