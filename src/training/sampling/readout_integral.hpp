#pragma once
#include "fieldscan/core/blocked_cholesky.hpp"

namespace fieldscan::training {

/// The Gaussian posterior of a linear readout, y = F z + noise of variance τ with z ~ N(0, 1)^N, and what is left when
/// z is integrated out. With τ = κ/χ and F = √(σ_a²/(Nχ)) φ(h), A = F Fᵀ + τ = (K_W + κ)/χ, so that (up to a constant)
///
///     U = ½ yᵀA⁻¹y + ½ log det A = (χ/2) yᵀ(K_W + κ)⁻¹y + ½ log det(K_W + κ)
///     ∂U/∂F = A⁻¹F − (A⁻¹y)(A⁻¹y)ᵀF
///
/// For P > N the same by B = Fᵀ F + τ [N × N]: with β = B⁻¹Fᵀy, r = y − F β,
///
///     U = rᵀy/2τ + ½ log det B + ½ (P − N) log τ,    ∂U/∂F = F B⁻¹ − r βᵀ/τ
///
/// Several outputs are independent given F, with one matrix: y, α and β have a column for each, U is the sum over them,
///
///     U = ½ tr yᵀA⁻¹y + (C/2) log det A,    ∂U/∂F = C A⁻¹F − α αᵀF.
///
/// Source: derived; compared with the sampled readout in tests.
template <class Scalar>
class ReadoutIntegralIn {
 public:
  enum class Form { points, units };  ///< A [P × P] or B [N × N]
  using Vector = Eigen::Matrix<Scalar, Eigen::Dynamic, 1>;
  using Matrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>;
  using VectorView = Eigen::Ref<const Vector>;
  using MatrixView = Eigen::Ref<const Matrix>;

  ReadoutIntegralIn(Index points, Index units, double noise_variance, Index outputs = 1);  ///< the smaller form
  ReadoutIntegralIn(Index points, Index units, double noise_variance, Form form, Index outputs = 1);

  /// Factorises for F [P × N] and labels [P × C] and returns U; +∞ where the matrix is not positive definite or not
  /// finite.
  double solve(const MatrixView& features, const MatrixView& labels);
  /// ∂U/∂F [P × N], after solve with the same F.
  void gradient(const MatrixView& features, Eigen::Ref<Matrix> out);

  /// Mean β of the readout given F [N × C].
  const Matrix& mean() const { return beta_; }
  /// ⟨|z|²⟩ = |β|² + C tr Var(z).
  Scalar expected_square() const;
  /// ⟨F′z⟩ and Var(F′z) at new features [points × N], after solve; both [points·C], point by point.
  void predict(const MatrixView& features, const MatrixView& at, Eigen::Ref<Vector> mean,
               Eigen::Ref<Vector> variance) const;
  /// A draw of the posterior of z [N × C], from standard normals of the prior [N × C] and of the noise [P × C]
  /// (Matheron's rule).
  Matrix draw(const MatrixView& features, const MatrixView& labels, const MatrixView& prior,
              const MatrixView& noise) const;

 private:
  Scalar noise_;
  Form form_;
  Index outputs_;
  bool small_;  ///< the matrix is small against F: then its inverse costs little, and one product with it is the faster
                ///< way
  BlockedCholesky<Scalar> matrix_;  ///< A or B
  Matrix inverse_;                  ///< of it, where small
  Matrix alpha_;                    ///< A⁻¹y [P × C]
  Matrix beta_;                     ///< Fᵀα [N × C]
};

using ReadoutIntegral = ReadoutIntegralIn<double>;
extern template class ReadoutIntegralIn<double>;
extern template class ReadoutIntegralIn<float>;

}  // namespace fieldscan::training
