#pragma once
#include <Eigen/LU>

#include "fieldscan/core/random.hpp"
#include "fieldscan/theory/kernel/kernels.hpp"

/// Two hidden layers whose kernels adapt, at N → ∞ with χ ~ N: units of either layer are sampled.
namespace fieldscan::theory {

/// The symmetric matrices of P points by their pairs a ≥ b.
struct Pairs {
  Index points = 0;

  Index count() const { return points * (points + 1) / 2; }
  Vector packed(const MatrixView& symmetric) const;
  Matrix unpacked(const Vector& packed) const;
  /// v_a v_b of every row v [M × P]: [M × pairs].
  Matrix products(const MatrixView& rows) const;
  /// How often a pair is met in a sum over both indices: 1 or 2.
  Vector multiplicity() const;
  Index diagonal(Index a) const { return a * (a + 1) / 2 + a; }
};

struct TwoLayerProblem {
  KernelSpec spec;
  Matrix inputs;        ///< x̃ [P × D]
  Vector label;         ///< y [P]
  Vector start;         ///< t of infinite width [P]
  double ridge = 0;     ///< κ > 0
  double strength = 0;  ///< b = χσ_a²/N_2
  double ratio = 1;     ///< N_2/N_1
  int annealing = 30;   ///< steps in which b rises

  double pull_scale() const { return spec.weight_variance.at(1) * ratio; }  ///< ν
};

/// With h₁ = x̃·z₁, h₂ = C^½z₂ and standard normal z before the tilt, the free energy
///
///     (κ/2)|t|² − t·y + (σ_a²/b) [log⟨e^V₂⟩ + (N_1/N_2)(log⟨e^V₁⟩ − tr A(C − σ_b²)/(2σ_w²))]
///     V₁ = ½ φ(h₁)ᵀAφ(h₁),   V₂ = (b/2) s²,   s = t·φ(h₂)
///
/// is stationary where, with averages under e^V, ν = σ_w² N_2/N_1 and by Price's theorem
///
///     κ t = y − σ_a²⟨φ s⟩₂,   C = σ_w²⟨φφᵀ⟩₁ + σ_b²,   A = ν⟨∂∂ᵀV₂ + ∂V₂∂V₂ᵀ⟩₂ = ν⟨Q⟩₂
///
/// A needs no inverse of C. Its derivatives by C are covariances with C⁻¹(hhᵀ − C)C⁻¹/2, in which C meets its own
/// change.
struct TwoLayers {
  Vector t;                   ///< [P]
  Matrix pull;                ///< A [P × P]
  Matrix first, second;       ///< samples of z₁ [M × D], z₂ [M × P]
  Matrix root, inverse_root;  ///< C^½ of these samples of the first layer, C^−½ where C is not zero [P × P]
  double sampled_by = 0;      ///< b
  double residual = 0;        ///< the last step of Newton's method on another sample, relative to t
};

/// What is seen of the samples at the training points.
struct TwoLayerViews {
  Matrix first;                     ///< φ(h₁) [M × P]
  Matrix second, slope, curvature;  ///< φ, φ′, φ″ at h₂ [M × P]
  Vector score;                     ///< s [M]
  Vector force;                     ///< b(1 + b s²) [M]
};

/// The equations at a sample, linear in (t, A): a step (δt, δA) = −jacobian⁻¹ residual solves them on it.
struct TwoLayerEquations {
  TwoLayerViews views;
  Pairs pairs;
  Matrix kernel;         ///< σ_a²⟨φφᵀ⟩₂ [P × P]
  Matrix dressed;        ///< D = σ_a²⟨φφᵀ⟩ + b σ_a² Cov(sφ, sφ) at fixed C [P × P]
  Vector pull;           ///< ⟨φ s⟩ [P]
  Matrix first_pairs;    ///< φ_aφ_b of the first layer, less their means [M × pairs]
  Matrix second_pairs;   ///< Q less its mean [M × pairs]
  Matrix slope_pairs;    ///< t_aφ′_a t_bφ′_b [M × pairs]
  Matrix of_covariance;  ///< derivatives by z₂z₂ᵀ of (R_t, R_A) [P + pairs × pairs]
  Vector residual;       ///< (R_t, R_A)
  Eigen::PartialPivLU<Matrix> jacobian;

  /// What changes of C [pairs × n] add to the residual [P + pairs × n].
  Matrix by_covariance(const Matrix& inverse_root, const Matrix& change) const;
};
TwoLayerEquations equations_of(const TwoLayerProblem& problem, const TwoLayers& state);

/// One population: `count` chains in each layer, annealed from b = 0, at every step of which the equations are solved
/// on the sample; then `samples_per_chain` of each. lane: of the stream, six of them. The last step of the equations is
/// left to who reads them. Throws NotConverged where steps do not become small.
TwoLayers adapt_two_layers(const TwoLayerProblem& problem, Index count, const Stream& stream, std::uint32_t lane);

}  // namespace fieldscan::theory
