#pragma once
#include "fieldscan/core/matrix.hpp"
#include "fieldscan/network/activation/list.hpp"
#include "fieldscan/theory/kernel/kernels.hpp"

/// One unit of a single hidden layer: h(x) = z·x̃ with z ~ N(0, 1) in D = d dimensions, one more where there are biases.
namespace fieldscan::theory {

/// x̃ = (√(σ_w²/d) x, σ_b) of every point [points × D]. Of directions w* without a bias: the overlaps are then z·x̃.
Matrix neuron_inputs(const KernelSpec& spec, const MatrixView& x);
Matrix neuron_directions(const KernelSpec& spec, const MatrixView& directions);
/// D.
int neuron_dimension(const KernelSpec& spec, int input_dimension);

/// φ(h) at every z [M × D] and input [P × D]: [M × P].
Matrix features(const network::ActivationChoice& activation, const MatrixView& z, const MatrixView& inputs);

/// How φ grows: beyond a linear function exp((b/2)(t·φ)²) has no average over normal weights.
enum class Growth { bounded, linear, faster };
Growth growth_of(const network::ActivationChoice& activation);
/// Whether φ has no kinks, so that equidistant nodes integrate it to all digits.
bool has_no_kinks(const network::ActivationChoice& activation);

}  // namespace fieldscan::theory
