#pragma once
#include <optional>

#include "fieldscan/core/matrix.hpp"
#include "fieldscan/network/activation/list.hpp"
#include "fieldscan/theory/finite_width/variational_adaptation.hpp"

/// One hidden layer whose units have Gaussian weights: z ~ N(0, Σ), h(x) = z·x̃, prior Σ = 1.
namespace fieldscan::theory {

struct GaussianWeights {
  network::ActivationChoice activation;
  Matrix inputs;  ///< x̃ of the training points, in r dimensions [P × r]
  Matrix labels;  ///< y [P × C]
  double ridge = 0, chi = 1, width = 1, readout = 1;
  VariationalMethod method = VariationalMethod::saddle;
};

/// S(Σ)/N and its derivative by L [r × r], Σ = L Lᵀ:
///
///     S/N = ½[tr Σ − log det Σ − r] + (χ/2N) tr yᵀ(K_Σ + κ)⁻¹y + (C/2N) log det(K_Σ + κ)
///     ∂(S/N)/∂L = L − L⁻ᵀ + 2 X̃ᵀ[M ∘ k_c + diag_μ(2 Σ_ν M_μν k_a(μ, ν))] X̃ L,   M = (C (K_Σ + κ)⁻¹ − χ t tᵀ)/2N
///
/// with k_a, k_c the derivatives of ⟨φφ′⟩ by the first variance and by the covariance, times σ_a². Infinite where L is
/// singular.
double free_energy(const GaussianWeights& problem, const Matrix& root, Matrix& derivative);

/// The Σ of least S, from the prior and three random starts. Throws NotConverged where none leads to a minimum.
struct GaussianAdaptation {
  Matrix covariance;                                      ///< Σ [r × r]
  double action = 0;                                      ///< S
  double residual = 0;                                    ///< the largest slope of S/N there
  std::optional<double> start_difference = std::nullopt;  ///< the largest ‖Σ′ − Σ‖/‖Σ‖ of what other starts led to
};
GaussianAdaptation adapt_gaussian(const GaussianWeights& problem);

}  // namespace fieldscan::theory
