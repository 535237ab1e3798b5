#pragma once
#include <vector>

#include "fieldscan/data/draw.hpp"
#include "influence.hpp"
#include "neuron.hpp"

/// What the saddle says of the outputs: means and dressed variances.
namespace fieldscan::theory {

/// A number with its Monte-Carlo error.
struct SampledNumber {
  double value = 0, standard_error = 0;
};

/// Of one draw's test and training points.
struct AdaptedOutputs {
  Matrix mean;                 ///< f̄ [P* × C]
  double predictor_error = 0;  ///< root mean square over the test points of the Monte-Carlo error of f̄
  double chains = 0;           ///< that it comes from
  Vector variance;             ///< χ ⟨δf²⟩ at the test points, Σ over outputs [P*]
  SampledNumber error_mean;    ///< ⟨|f̄ − g|²⟩
  SampledNumber error_test;    ///< with the variance
  SampledNumber error_train;
  SampledNumber variance_mean;              ///< χ times, ⟨·⟩ over the test points
  std::vector<SampledNumber> learnability;  ///< of the first output, by component of the target; errors alone
};

/// With the dressed kernel D of the saddle, D_* the same between training and test points,
///
///     f̄(x) = σ_a²⟨φ(x) s⟩,   χ ⟨δf²⟩ = D_** − D_*ᵀ(D + κ)⁻¹D_*
///
/// which is larger than the variance of a Gaussian process with K̄ by what the kernel itself fluctuates. On the training
/// set χ⟨δf²⟩ = κ (1 − κ [(D + κ)⁻¹]_μμ). test: x̃ of the test points [P* × D], in the coordinates of the nodes.
AdaptedOutputs adapted_outputs(const network::ActivationChoice& activation, const SaddleProblem& problem,
                               const Adaptation& adaptation, const Matrix& test, const data::Draw& draw, double chi);

}  // namespace fieldscan::theory
