#pragma once
#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/core/matrix.hpp"

/// Gradient flow of an infinitely wide network, in the eigenbasis of its tangent kernel.
namespace fieldscan::theory {

/// The kernels that the flow needs, between the training points X and the points X* where the network is looked at.
struct FlowKernels {
  Matrix tangent;        ///< Θ(X, X) of the trained parameters [P × P]
  Matrix nngp;           ///< K(X, X) [P × P]
  Matrix tangent_cross;  ///< Θ(X, X*) [P × P*]
  Matrix nngp_cross;     ///< K(X, X*) [P × P*]
  Vector nngp_diagonal;  ///< K(x*, x*) [P*]
};

/// The network at one time.
struct FlowState {
  Vector mean;                ///< mean over initialisations at X* [P*]
  Vector variance;            ///< variance over initialisations at X*, without 1/χ [P*]
  Vector residual;            ///< y − mean at X [P]
  double variance_train = 0;  ///< variance at X, mean over the points, without 1/χ
};

/// Gradient flow of ½ Σ (f − y)² + (κ/2χ) |θ − θ₀|² at infinite width, in the time of the glossary:
///
///     df/dt = −Θ (f − y) − κ (f − f₀),   f₀ ~ GP(0, K/χ)
///
/// With Θ = V w Vᵀ and D(t) = V diag((1 − e^{−(w+κ)t})/(w + κ)) Vᵀ, A = Θ_*X D(t):
///
///     mean(t) = A y,   χ·cov(t) = K_** + A K Aᵀ − A K_X* − (A K_X*)ᵀ
///
/// The error of one network adds the variance/χ; one whose initial output is subtracted has none. Eigenvalues below ε·P·w_max belong
/// to directions in which nothing moves. t = ∞ is regression with Θ and ridge κ.
/// Source: A. Jacot, F. Gabriel, C. Hongler, NeurIPS (2018); J. Lee et al., "Wide neural networks of any depth evolve as linear models",
/// NeurIPS (2019); the decay towards the initial parameters: derived, checked against integration.
class Flow {
 public:
  Flow(const FlowKernels& kernels, const VectorView& labels, double ridge);

  /// t ≥ 0, may be infinite.
  FlowState at(double time) const;
  const Vector& eigenvalues() const { return pairs_.values; }  ///< of Θ(X, X), descending [P]

 private:
  Eigenpairs pairs_;
  double ridge_;
  Vector labels_;         ///< Vᵀ y
  Matrix nngp_;           ///< Vᵀ K V
  Matrix tangent_cross_;  ///< Vᵀ Θ_X*
  Matrix nngp_cross_;     ///< Vᵀ K_X*
  Vector nngp_diagonal_;
};

}  // namespace fieldscan::theory
