#pragma once
#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/core/matrix.hpp"

/// The saddle of the mean-field theory of one hidden layer, on nodes that stand for the weights of one neuron.
namespace fieldscan::theory {

/// Weights z of one neuron, with which averages over its prior p_0 are sums: ⟨a⟩_0 = Σ e^{w_m} a(z_m)/Σ e^{w_m}.
struct Population {
  Matrix z;           ///< [M × D]
  Vector log_weight;  ///< w, but for a constant [M]
  Matrix feature;     ///< φ at the training points [M × P], or in a basis of what they see [M × r]
  Index chain = 1;  ///< so many rows in succession depend on one another; 0: the rows are nodes of a rule, not samples
};

/// What Γ depends on beside the average.
struct SaddleProblem {
  Matrix labels;        ///< y [P × C]
  double ridge = 0;     ///< κ > 0
  double strength = 0;  ///< b = χ σ_a²/N > 0
  double readout = 1;   ///< σ_a²
  /// Orthonormal columns [P × r] in which features, labels and t are taken: where κ is no larger than the rounding of
  /// K, the directions that K sees (`few_features`). Empty: the points themselves.
  Matrix basis = {};
};

/// Where Γ is least, and the averages there.
struct Saddle {
  Matrix t;        ///< t = (K̄ + κ)⁻¹ y [P × C]
  Vector weight;   ///< of the nodes under p_t, Σ = 1 [M]
  Matrix score;    ///< s = t·φ [M × C]
  Matrix pull;     ///< ⟨φ s⟩_t [P × C]
  Factor hessian;  ///< of κ + D, D = σ_a²⟨φφᵀ⟩ δ_cc′ + b σ_a² Cov(s_c φ, s_c′ φ) [P C × P C]
  double gamma = 0;
  double effective = 1;  ///< share of the nodes that count, (Σ w)²/(M Σ w²)
  double residual = 0;   ///< |κt + σ_a²⟨φ s⟩ − y|/|y|; 0 without labels
  int steps = 0;
};

/// The minimum of the strictly convex
///
///     Γ(t) = Σ_c [(κ/2)|t_c|² − t_c·y_c] + (σ_a²/b) log ⟨exp((b/2) Σ_c (t_c·φ)²)⟩_0
///
/// by Newton's method with Armijo's rule, from a start [P × C]: until a step is below `tolerance` of t, some 4 to 10
/// steps of M P² C² + (P C)³ operations. Throws NotConverged where the steps do not suffice, NumericalError where Γ is
/// not finite.
Saddle find_saddle(const SaddleProblem& problem, const Population& population, const Matrix& start,
                   double tolerance = 1e-11);

/// K̄ = σ_a²⟨φφᵀ⟩_t at the training points [P × P].
Matrix adapted_kernel(const SaddleProblem& problem, const Population& population, const Saddle& saddle);

}  // namespace fieldscan::theory
