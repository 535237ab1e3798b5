#pragma once
#include "fieldscan/core/product.hpp"
#include "layout.hpp"

/// The steps of the backward pass; δˡ = ∂E/∂hˡ [P × N_l] lies in work.backward[l].
namespace fieldscan::network {

/// δ^L of E = Σ_μc weight_μc f_μc, weight [P·C].
template <class Scalar>
void start_from_outputs(const Network& network, const VectorIn<Scalar>& theta, const VectorIn<Scalar>& weight,
                        PassBuffers<Scalar>& work);
/// δ of layer l − 1 from δ of layer l ≥ 1.
template <class Scalar>
void descend(const Network& network, const VectorIn<Scalar>& theta, int layer, Index points, PassBuffers<Scalar>& work);
/// The gradients of all hidden tensors from δ^L, descending on the way.
template <class Scalar>
void hidden_gradients(const Network& network, const VectorIn<Scalar>& theta, const MatrixIn<Scalar>& x,
                      PassBuffers<Scalar>& work, VectorOut<Scalar> gradient, Put put);
/// What `Network::backward` does.
template <class Scalar>
void pass_backward(const Network& network, const VectorIn<Scalar>& theta, const MatrixIn<Scalar>& x,
                   const VectorIn<Scalar>& weight, PassBuffers<Scalar>& work, VectorOut<Scalar> gradient, Put put);

extern template void start_from_outputs(const Network&, const VectorIn<double>&, const VectorIn<double>&,
                                        PassBuffers<double>&);
extern template void descend(const Network&, const VectorIn<double>&, int, Index, PassBuffers<double>&);
extern template void pass_backward(const Network&, const VectorIn<double>&, const MatrixIn<double>&,
                                   const VectorIn<double>&, PassBuffers<double>&, VectorOut<double>, Put);
extern template void pass_backward(const Network&, const VectorIn<float>&, const MatrixIn<float>&,
                                   const VectorIn<float>&, PassBuffers<float>&, VectorOut<float>, Put);

}  // namespace fieldscan::network
