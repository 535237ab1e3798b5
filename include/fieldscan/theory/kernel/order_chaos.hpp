#pragma once
#include <limits>
#include <string>

#include "fieldscan/network/activation/list.hpp"

/// What many layers make of one input and of the distance between two.
namespace fieldscan::theory {

/// A layer of infinite width, the same at every depth.
struct LayerMap {
  network::ActivationChoice activation = network::Erf{};
  double weight_variance = 1;  ///< σ_w²
  double bias_variance = 0;    ///< σ_b²
};

/// Where the variance goes.
enum class DepthState {
  finite,      ///< q* > 0
  dies_out,    ///< q* = 0: no bias, and too small a σ_w²
  grows,       ///< no fixed point is reached: the variance grows without bound
  oscillates,  ///< the fixed point between the iterates is not stable
  not_found,   ///< the equation of a fixed point was not solved
  beyond,      ///< the variance starts above 10¹², or what belongs to its fixed point is beyond double precision
};

/// The limit of infinite depth of the variance q and the correlation c of pre-activations,
///
///     qˡ⁺¹ = σ_w² ⟨φ(√q z)²⟩ + σ_b²,   cˡ⁺¹ = (σ_w² ⟨φ(u) φ(v)⟩ + σ_b²)/q*  at ⟨u²⟩ = ⟨v²⟩ = q*, ⟨uv⟩ = c q*
///
/// c = 1 is always a fixed point, with slope χ_1 = σ_w² ⟨φ′²⟩: stable in the ordered phase χ_1 < 1; in the chaotic
/// phase χ_1 > 1 the correlation goes to c* < 1. Deviations fall as exp(−l/ξ) with ξ = −1/log|slope of the map|,
/// infinite at a critical point.
struct DepthLimit {
  DepthState state = DepthState::finite;
  double variance = 0;                ///< q*
  double variance_slope = 0;          ///< dq map at q*
  double slope_at_equal = 0;          ///< χ_1
  double correlation = 1;             ///< c*; only where the state is finite
  double correlation_slope = 0;       ///< dc map at c*
  double residual = 0;                ///< of the equations of q*, relative, and of c*: the larger one
  double variance_length() const;     ///< ξ_q in layers; 0 … ∞
  double correlation_length() const;  ///< ξ_c in layers; 0 … ∞
};

/// The limit that inputs of mean square |x|²/d = 1 reach: from q¹ = σ_w² + σ_b² in the direction in which the variance
/// first moves, which for maps that rise with q is where it ends. Precision: q*, c* to 1e-12 away from critical points;
/// the slope of the variance by differences of eighth order, to 1e-10. Sources: B. Poole et al., "Exponential
/// expressivity in deep neural networks through transient chaos", NeurIPS (2016); S. Schoenholz et al., "Deep
/// information propagation", ICLR (2017).
DepthLimit depth_limit(const LayerMap& layer);

}  // namespace fieldscan::theory
