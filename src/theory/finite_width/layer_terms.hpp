#pragma once
#include "kernel_response.hpp"
#include "units.hpp"

/// The terms of first order in one over a width, of one block of units.
namespace fieldscan::theory {

/// A layer's kernel at one draw.
struct LayerKernels {
  Matrix train;  ///< [P × P]
  Matrix cross;  ///< [P × P*]
  Vector test;   ///< diagonal [P*]
};

/// The regression of infinite width, about which is expanded.
struct WideRegression {
  double ridge = 0;   ///< κ
  Matrix kernel;      ///< K [P × P]
  Matrix inverse;     ///< G
  Matrix alpha;       ///< α = G y [P × C]
  Matrix beta;        ///< G K α = α − κ G α
  Matrix response;    ///< k̃ = G k* [P × P*]
  Matrix twice;       ///< G k̃
  Matrix mean;        ///< k*ᵀα [P* × C]
  double signal = 0;  ///< tr αᵀKα
  double trace = 0;   ///< tr GK
};
WideRegression regression_of(LayerKernels output, const MatrixView& labels, double ridge);

/// Sums over a block with the units' weights: A and B [P*·C], and ⟨η₂/2⟩ [P × P] (empty for the last layer).
struct Terms {
  Vector constant, per_chi;
  Matrix kernel = {};
};

/// η₁ = δ = σ_a² φφᵀ − K: of rank one, so that no matrix of a unit is formed.
Terms last_layer_terms(const WideRegression& base, double readout_variance, const Units& units);

/// What the layers above make of the fluctuation δ = σ_w² φφᵀ − M of hidden layer l.
struct InnerLayer {
  double factor = 1;           ///< σ_w² of the next layer
  Vector variance;             ///< M_uu at the training points [P]
  Vector test_variance;        ///< and at the test points [P*]
  Matrix mean, test_mean;      ///< M [P × P], [P* × P]
  KernelResponse train, test;  ///< of pairs (training, training) and (test, training)
  Vector trace_diagonal;       ///< 2 Σ_v G_uv ∂K_uv/∂K_uu
  Matrix trace_pairs;          ///< G_uv ∂K_uv/∂K_uv
};
/// next: the kernel of the pre-activations of hidden layer l + 1.
InnerLayer inner_layer(const KernelSpec& spec, int layer, const LayerKernels& next, const WideRegression& base);
Terms inner_layer_terms(const WideRegression& base, const InnerLayer& inner, const Units& units);

}  // namespace fieldscan::theory
