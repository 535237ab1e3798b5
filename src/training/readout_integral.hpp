#pragma once
#include "fieldscan/core/matrix.hpp"

namespace fieldscan::training {

/// The Gaussian posterior of a linear readout, y = F z + noise of variance τ with z ~ N(0, 1)^N, and what is left when z is
/// integrated out. With τ = κ/χ and F = √(σ_a²/(Nχ)) φ(h), A = F Fᵀ + τ = (K_W + κ)/χ, so that (up to a constant)
///
///     U = ½ yᵀA⁻¹y + ½ log det A = (χ/2) yᵀ(K_W + κ)⁻¹y + ½ log det(K_W + κ)
///     ∂U/∂F = A⁻¹F − (A⁻¹y)(A⁻¹y)ᵀF
///
/// For P > N the same by B = Fᵀ F + τ [N × N]: with β = B⁻¹Fᵀy, r = y − F β,
///
///     U = rᵀy/2τ + ½ log det B + ½ (P − N) log τ,    ∂U/∂F = F B⁻¹ − r βᵀ/τ
class ReadoutIntegral {
 public:
  enum class Form { points, units };  ///< A [P × P] or B [N × N]

  ReadoutIntegral(Index points, Index units, double noise_variance);  ///< the smaller form
  ReadoutIntegral(Index points, Index units, double noise_variance, Form form);

  /// Factorises for F [P × N] and returns U; +∞ where the matrix is not positive definite or not finite.
  double solve(const MatrixView& features, const VectorView& labels);
  /// ∂U/∂F [P × N], after solve with the same F.
  void gradient(const MatrixView& features, Eigen::Ref<Matrix> out);

  /// Mean β of the readout given F [N].
  const Vector& mean() const { return beta_; }
  /// ⟨|z|²⟩ = |β|² + tr Var(z).
  double expected_square() const;
  /// ⟨F′z⟩ and Var(F′z) at new features [points × N], after solve.
  void predict(const MatrixView& features, const MatrixView& at, Eigen::Ref<Vector> mean,
               Eigen::Ref<Vector> variance) const;
  /// A draw of the posterior of z, from standard normals of the prior [N] and of the noise [P] (Matheron's rule).
  Vector draw(const MatrixView& features, const VectorView& labels, const VectorView& prior,
              const VectorView& noise) const;

 private:
  double noise_;
  Form form_;
  bool
      small_;  ///< the matrix is small against F: then its inverse costs little, and products with it are the faster way
  Matrix matrix_;
  Matrix inverse_, product_;                                                        ///< where small
  Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> by_rows_;  ///< scratch of the gradient
  Eigen::LLT<Matrix> factor_;
  Vector alpha_;  ///< A⁻¹y [P]
  Vector beta_;   ///< Fᵀα [N]
};

}  // namespace fieldscan::training
