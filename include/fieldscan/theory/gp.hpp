#pragma once
#include <optional>
#include <variant>

#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/core/matrix.hpp"

/// Regression with a kernel and a ridge: Gaussian-process posteriors and their like.
namespace fieldscan::theory {

/// The pseudo-inverse of a kernel K = U w Uᵀ, for ridge 0: eigenvalues up to ε·P·w_max count as zero.
struct PseudoInverse {
  Vector values;   ///< the eigenvalues kept, descending [rank]
  Matrix vectors;  ///< their eigenvectors [P × rank]
};

/// (K + κ I)⁻¹: by Cholesky for κ > 0, as a pseudo-inverse for κ = 0, where kernels of few features are singular.
struct Inverse {
  std::variant<Factor, PseudoInverse> form;
  double ridge = 0;      ///< κ, with the jitter that was needed
  double jitter = 0;     ///< see `factor`
  double condition = 0;  ///< condition number of K + κ I (1-norm estimate; for κ = 0 the ratio of the eigenvalues kept)
  Index rank = 0;        ///< P, or the number of eigenvalues kept

  Matrix solve(const MatrixView& right) const;       ///< A⁻¹ B
  Matrix half_solve(const MatrixView& right) const;  ///< V with VᵀV = Bᵀ A⁻¹ B
  Matrix residual(
      const MatrixView& right) const;  ///< (I − K A⁻¹) B, as κ A⁻¹ B: without the cancellation of the subtraction
  Vector diagonal() const;             ///< [A⁻¹]_ii
  double log_determinant() const;      ///< log det A; only for full rank
};

/// Throws NumericalError where K is not finite, or not positive even with the largest jitter.
Inverse invert(const MatrixView& kernel, double ridge);

/// The posterior of f ~ GP(0, K) given y = f(X) + noise of variance κ, at points X*:
///
///     A = K + κ I,   α = A⁻¹ y,   mean = K_*X α,   variance = diag(K_** − K_*X A⁻¹ K_X*)
///
/// Source: C. Rasmussen, C. Williams, "Gaussian Processes for Machine Learning" (2006), chapters 2 and 5.
struct Regression {
  Vector alpha;     ///< α [P]
  Vector residual;  ///< y − f(X) = κ α [P]
  Vector mean;      ///< [P*]
  Vector variance;  ///< posterior variance, without the noise [P*]; rounding below zero is clipped, more is an error
  Vector inverse_diagonal;  ///< [A⁻¹]_ii [P]
  double condition = 0;
  double jitter = 0;
  std::optional<double> log_evidence;  ///< −½ yᵀα − ½ log det A − (P/2) log 2π; none for singular A
  std::optional<double>
      kappa_eff;  ///< P/Tr A⁻¹, the estimate of the renormalised ridge from one data set; none for singular A
};

/// kernel K [P × P], labels y [P], cross K_X* [P × P*], diagonal K_** [P*]. Throws NumericalError as `invert` does, and where a
/// variance is negative by more than rounding explains.
Regression regression(const MatrixView& kernel, double ridge, const VectorView& labels, const MatrixView& cross,
                      const VectorView& diagonal);

/// Leave-one-out predictions: y_i − α_i/[A⁻¹]_ii with variance 1/[A⁻¹]_ii (which contains the noise κ).
struct LeaveOneOut {
  Vector mean;
  Vector variance;
};
LeaveOneOut leave_one_out(const Regression& regression, const VectorView& labels);

/// Variances with rounding below zero clipped: down to −tolerance·scale_i. Throws NumericalError beyond.
Vector clip_variance(const VectorView& variance, const VectorView& scale, double tolerance);

}  // namespace fieldscan::theory
