#pragma once
#include "dressed.hpp"
#include "fieldscan/theory/finite_width/problem.hpp"

namespace fieldscan::theory {

/// The saddle of kernel adaptation for linear units, in closed form: with K of infinite width and b = χ σ_a²/N,
///
///     K̄ = K + (b/σ_a²) Q (K t)(K t)ᵀ,   Q = 1/(1 − (b/σ_a²) tᵀK t),   t = (Q K + κ)⁻¹ y
///     f̄ = Q k*ᵀt,   D = Q K + 2 (b/σ_a²) Q² (K t)(K t)ᵀ
///
/// One equation Q (1 − (b/σ_a²) Σ_i λ_i y_i²/(Q λ_i + κ)²) = 1 in the eigenbasis of K. Of one output. The mean is that
/// of the deep linear theory without its trace term, the kernels are not: K̄ has a spike along K t that Q K lacks.
/// Beside a ridge that K's rounding reaches, the directions that K does not see are left out (`few_features`). Source:
/// N. Rubin et al. (2025).
struct LinearAdaptation {
  double scale = 1;        ///< Q
  double residual = 0;     ///< of the equation of Q, whose right side is 1
  Vector score;            ///< Σ_μ t_μ x̃_μ [D]
  Matrix kernel;           ///< K̄ [P × P]
  AdaptedOutputs outputs;  ///< without errors
};
/// inputs: x̃ of the training points [P × D]; strength b/σ_a² = χ/N. Throws NotConverged where the equation is not
/// solved.
LinearAdaptation adapt_linear(Problem problem, const Matrix& inputs, const data::Draw& draw, double ridge,
                              double strength, double chi);

}  // namespace fieldscan::theory
