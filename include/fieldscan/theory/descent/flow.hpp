#pragma once
#include <cstdint>

#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/core/matrix.hpp"

/// Gradient descent of an infinitely wide network, as flow or in steps, in the eigenbasis of its tangent kernel.
namespace fieldscan::theory {

/// The kernels that the flow needs, between the training points X and the points X* where the network is looked at.
struct FlowKernels {
  Matrix tangent;        ///< Θ(X, X) of the trained parameters [P × P]
  Matrix nngp;           ///< K(X, X) [P × P]
  Matrix tangent_cross;  ///< Θ(X, X*) [P × P*]
  Matrix nngp_cross;     ///< K(X, X*) [P × P*]
  Vector nngp_diagonal;  ///< K(x*, x*) [P*]
};

/// How far descent has come, mode by mode of Θ = V w Vᵀ: f(X) = f₀ + Θ V diag(moved) Vᵀ (y − f₀), of the residual y −
/// f₀ there is V diag(left) Vᵀ left. left = 1 − w·moved, without the cancellation.
struct Filter {
  Vector moved;
  Vector left;
};

/// Of the flow df/dt = −Θ (f − y) − κ (f − f₀) at time t ≥ 0, which may be infinite:
///
///     moved = (1 − e^{−(w+κ)t})/(w + κ),   left = (κ + w e^{−(w+κ)t})/(w + κ)
///
/// Eigenvalues of zero do not move: moved = 0, left = 1.
Filter flow_filter(const VectorView& eigenvalues, double ridge, double time);

/// Of descent in steps of size h = η/χ with momentum β, u ← β u − h (Θ (f − y) + κ (f − f₀)), f ← f + u:
///
///     moved ← moved + β (moved − before) + h (1 − (w + κ) moved),   left ← left + β (left − before) + h (κ − (w + κ)
///     left)
///
/// from moved = 0, left = 1 at rest. A mode is stable for h (w + κ) < 2 (1 + β); one that is not grows, until it is no
/// longer finite. Source: B. Polyak, "Some methods of speeding up the convergence of iteration methods" (1964).
class Descent {
 public:
  Descent(Vector eigenvalues, double ridge, double step, double momentum);

  /// Goes on to the given number of steps, which may not fall.
  const Filter& go_to(std::int64_t steps);
  /// h (w_max + κ)/(2 (1 + β)): all modes are stable below 1.
  double instability() const;

 private:
  Vector eigenvalues_;
  double ridge_, step_, momentum_;
  std::int64_t done_ = 0;
  Filter now_, change_;
};

/// The network at one time.
struct FlowState {
  Matrix mean;                ///< mean over initialisations at X* [P* × C]
  Vector variance;            ///< variance over initialisations of every output at X*, without 1/χ [P*]
  Matrix residual;            ///< y − mean at X [P × C]
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
/// The error of one network adds the variance/χ; one whose initial output is subtracted has none. Eigenvalues below
/// ε·P·w_max belong to directions in which nothing moves. t = ∞ is regression with Θ and ridge κ. Source: A. Jacot, F.
/// Gabriel, C. Hongler, NeurIPS (2018); J. Lee et al., "Wide neural networks of any depth evolve as linear models",
/// NeurIPS (2019); the decay towards the initial parameters: derived, checked against integration.
class Flow {
 public:
  /// labels: y [P × C], one column per output.
  Flow(FlowKernels kernels, const MatrixView& labels, double ridge);

  /// t ≥ 0, may be infinite.
  FlowState at(double time) const { return through(flow_filter(pairs_.values, ridge_, time)); }
  /// The network after a filter of the same eigenvalues.
  FlowState through(const Filter& filter) const;
  const Vector& eigenvalues() const { return pairs_.values; }  ///< of Θ(X, X), descending [P]

 private:
  Eigenpairs pairs_;
  double ridge_;
  Matrix labels_;         ///< Vᵀ y
  Matrix nngp_;           ///< Vᵀ K V
  Matrix tangent_cross_;  ///< Vᵀ Θ_X*
  Matrix nngp_cross_;     ///< Vᵀ K_X*
  Vector nngp_diagonal_;
};

}  // namespace fieldscan::theory
