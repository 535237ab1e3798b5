#pragma once
#include <vector>

#include "fieldscan/core/matrix.hpp"
#include "fieldscan/theory/kernel/kernels.hpp"

/// Deep networks whose pre-activations stay Gaussian: one covariance a layer.
namespace fieldscan::theory {

struct DeepGaussian {
  KernelSpec spec;            ///< of L hidden layers
  std::vector<double> width;  ///< N_1 … N_L
  Matrix inputs;              ///< x̃ = (√(σ_w²/d) x, σ_b) in r dimensions [P × r]
  Matrix labels;              ///< y [P × C]
  double ridge = 0, chi = 1;
  double fluctuations = 1;  ///< 1: with them; 0: without
};

/// The equations of state: with Σ_1 the covariance of the first layer's weights, Σ_l (l > 1) that of the units'
/// pre-activations, C_l their prior given the layer below, K_Σ = σ_a²⟨φφᵀ⟩(Σ_L), G = (K_Σ + κ)⁻¹, t = G y,
///
///     forward    Σ_1 = (1 + (2/N_1) X̃ᵀW_1X̃)⁻¹,  C_l = σ_w²⟨φφᵀ⟩(Σ_{l−1}) + σ_b²,  Σ_l = (C_l⁻¹ + (2/N_l) W_l)⁻¹
///     top        W_L = backward_L(σ_a² (C G − χ t tᵀ)/2)
///     backward   W_{l−1} = backward_{l−1}(σ_w² (B − B Σ_l B) N_l/2),   B = (2/N_l) W_l
///
/// where backward_l takes a derivative by ⟨φφᵀ⟩(Σ_l) to one by Σ_l. They are where the free energy Σ_l N_l KL(Σ_l|C_l)
/// + (χ/2) tr yᵀG y + (C/2) log det(K_Σ + κ) is stationary.
struct DeepState {
  std::vector<Matrix> covariance;  ///< Σ_1 of the weights [r × r], then Σ_l of the pre-activations [P × P]
  std::vector<Matrix> prior;       ///< C_l, l > 1 [P × P]; empty for the first layer
  std::vector<Matrix> pull;        ///< B − B Σ_l B, by which Σ = C − C (B − BΣB) C; empty for the first layer
  std::vector<Matrix> feature;     ///< ⟨φφᵀ⟩ of every layer [P × P]
  Matrix kernel;                   ///< K_Σ [P × P]
  double residual = 0;             ///< of the fields W, relative
};
/// From infinite width, the pull of the labels raised in steps; each by Anderson's mixing. Throws NotConverged.
DeepState adapt_deep(const DeepGaussian& problem);

/// K_Σ between training and test points [P × P*], and on the latter [P*]: given those of the training set a test
/// point's pre-activations are those of the prior. train_at, test_at: x̃ Σ_1^½ in all dimensions.
struct DeepTest {
  Matrix cross;
  Vector diagonal;
};
DeepTest deep_test(const DeepGaussian& problem, const DeepState& state, const Matrix& train_at, const Matrix& test_at);

}  // namespace fieldscan::theory
