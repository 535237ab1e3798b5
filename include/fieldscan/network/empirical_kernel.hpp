#pragma once
#include "fieldscan/network/network.hpp"

/// The kernels of one finite network at θ on the rows of x [P × d]. Memory beside the [P × P] result: a workspace of P
/// points, some 4·L·N·P numbers, and tiles. P × parameters is never formed.
namespace fieldscan::network {

/// K_N(x, x′) = (σ_a²/N) Σ_i φ(h^L_i(x)) φ(h^L_i(x′)): the kernel of the readout's prior, without 1/χ; of convolutions
/// (σ_a²/(NS)) Σ_is φφ at s, or (σ_a²/N) Σ_i of the means over s.
Matrix empirical_nngp(const Network& network, const VectorView& theta, const MatrixView& x);

/// φ(hˡ) φ(hˡ)ᵀ/N_l of every hidden layer l = 1 … L; of convolutions the mean of it over positions.
std::vector<Matrix> hidden_kernels(const Network& network, const VectorView& theta, const MatrixView& x);

/// Θ = χ J R Jᵀ with R the rate factors of the tensors (0 for frozen ones), without 1/χ, as a sum over layers: with the
/// layer's input z^{l−1} (x, then φ(hˡ)) and δˡ = ∂f/∂hˡ,
///
///     Θ(x, x′) = χ Σ_l (r_l s_l² z^{l−1}·z′^{l−1} + r_b σ_b²) δˡ·δ′ˡ + χ r_a s_a² φ(h^L)·φ(h′^L),   s_l² =
///     σ_w²/N_{l−1},  s_a² = σ_a²/(N_L χ).
///
/// Of several outputs the mean over them, (1/C) Σ_c Θ_cc, which infinite width makes the Θ of every one; the blocks
/// Θ_cc′ between outputs vanish there and are not formed. Cost C P² Σ_l (N_{l−1} + N_l) multiplications: half of the
/// matrix, tile by tile. Of convolutions the gradients of a tile of points are formed, P² parameters multiplications.
Matrix empirical_ntk(const Network& network, const VectorView& theta, const MatrixView& x);

/// Θ(to, from) v [rows of `to`], Θ as above, by a backward and a forward-mode pass: no matrix between the two sets.
Vector ntk_times(const Network& network, const VectorView& theta, const MatrixView& to, const MatrixView& from,
                 const VectorView& v);
/// K_N(to, from) v.
Vector nngp_times(const Network& network, const VectorView& theta, const MatrixView& to, const MatrixView& from,
                  const VectorView& v);

}  // namespace fieldscan::network
