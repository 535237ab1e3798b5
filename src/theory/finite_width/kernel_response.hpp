#pragma once
#include "fieldscan/theory/kernel/kernels.hpp"

/// What a change of one layer's kernel makes of the output's.
namespace fieldscan::theory {

/// Of every pair (row point u, column point v): the output's kernel is a function of the layer's (K_uu, K_vv, K_uv)
/// alone. Its first and second derivatives, in this order of the arguments.
struct KernelResponse {
  Matrix d1, d2, d3;
  Matrix d11, d22, d33, d12, d13, d23;
};

/// The kernel of the pre-activations of hidden layer l = 0 … L − 1, or of the output for l = L, without 1/χ.
KernelSpec up_to(const KernelSpec& spec, int layer);

/// What a layer's kernel is at the pairs of two sets of points.
struct LayerPairs {
  const Vector& rows;     ///< K_uu
  const Vector& columns;  ///< K_vv
  const Matrix& pairs;    ///< K_uv
};

/// Derivatives of the output's kernel by the kernel of the pre-activations of hidden layer `layer`: central differences
/// of the closed averages, 1e-6 of their size. A pair of equal points moves as one: d1 and d11 have all of it.
KernelResponse kernel_response(const KernelSpec& spec, int layer, const LayerPairs& at);

}  // namespace fieldscan::theory
