#pragma once
#include <span>

#include "fieldscan/core/matrix.hpp"
#include "fieldscan/network/activation/list.hpp"

namespace fieldscan::theory {

/// The numbers of a matrix, column by column.
inline std::span<double> numbers_of(Matrix& matrix) { return {matrix.data(), static_cast<std::size_t>(matrix.size())}; }
inline std::span<const double> numbers_of(const Matrix& matrix) {
  return {matrix.data(), static_cast<std::size_t>(matrix.size())};
}

/// ⟨φ(u_μ) φ(u_ν)⟩ of all pairs of normal variables, with its derivatives by the variance of the first, k_a(μ, ν), and
/// by the covariance, k_c [P × P].
struct PairAverages {
  Matrix value, by_first, by_covariance;

  /// The derivative of E by the covariances that it depends on through ⟨φφᵀ⟩, ∂E/∂⟨φφᵀ⟩ = slope (symmetric):
  /// dE = tr(W dC) with W = slope ∘ k_c + diag_μ(2 Σ_ν slope_μν k_a(μ, ν)).
  Matrix backward(const Matrix& slope) const;
};
/// covariance [P × P], symmetric; erf in closed form, other activations by differences of variances.
PairAverages pair_averages(const network::ActivationChoice& activation, const Matrix& covariance);

}  // namespace fieldscan::theory
