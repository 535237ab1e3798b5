#pragma once
#include "fieldscan/data/draw.hpp"
#include "fieldscan/network/network.hpp"

namespace fieldscan::training {

/// How far a network is from the exact identities of decay towards zero. Where the gradient of ½ Σ(f − y)² + (κ/2χ)|a|²
/// by the readout vanishes, whatever the layers below,
///
///     f = K (K + κ)⁻¹ y,  K = (σ_a²/N) φφᵀ of the last hidden layer [P × P],      |a|² = (χ/κ) Σ (y − f) f
///
/// The larger of both deviations: ‖f − K(K + κ)⁻¹y‖/‖y‖, and that of |a|² relative to the larger of its two forms. The
/// second needs κ > 0 and is left out without. Of several outputs with one K, norms and sums are over all. 0 for labels
/// and outputs that vanish. Source: derived.
double decay_residual(const network::Network& network, const VectorView& theta, const data::Sample& train,
                      const Matrix& kernel, double ridge);

}  // namespace fieldscan::training
