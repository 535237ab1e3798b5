#pragma once
#include "fieldscan/network/network.hpp"

/// The steps of the backward pass; δˡ = ∂E/∂hˡ [P × N_l] lies in work.backward[l].
namespace fieldscan::network {

/// δ^L of E = Σ_μ weight_μ f_μ.
void start_from_outputs(const Network& network, const VectorView& theta, const VectorView& weight,
                        Network::Workspace& work);
/// δ of layer l − 1 from δ of layer l ≥ 1.
void descend(const Network& network, const VectorView& theta, int layer, Index points, Network::Workspace& work);
/// The gradients of all hidden tensors from δ^L, descending on the way.
void hidden_gradients(const Network& network, const VectorView& theta, const MatrixView& x, Network::Workspace& work,
                      Eigen::Ref<Vector> gradient);

}  // namespace fieldscan::network
