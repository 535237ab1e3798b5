#pragma once
#include <functional>
#include <optional>
#include <variant>
#include <vector>

#include "fieldscan/core/equal_rows.hpp"
#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/core/matrix.hpp"
#include "fieldscan/core/packed_factor.hpp"
#include "fieldscan/theory/regression/estimates.hpp"

/// Regression with a kernel and a ridge: Gaussian-process posteriors and their like.
namespace fieldscan::theory {

/// The pseudo-inverse of a kernel K = U w Uᵀ, for ridge 0: eigenvalues up to ε·P·w_max count as zero.
struct PseudoInverse {
  Vector values;   ///< the eigenvalues kept, descending [rank]
  Matrix vectors;  ///< their eigenvectors [P × rank]
};

/// Points that are equal, taken together. Of m equal points a kernel sees the sum over √m alone, and what differs
/// between them is an eigenvector of K + κ I with the eigenvalue κ: no matrix that adds κ to K knows it to more digits
/// than κ has beside K.
struct EqualPoints {
  std::vector<Index> group;  ///< of every point [P]
  std::vector<Index> first;  ///< of every group its first point [U]
  Vector size;               ///< of every group its number m of points [U]

  Matrix means(const MatrixView& right) const;  ///< over groups [U × …]
};
EqualPoints equal_points(const EqualRows& equal);

/// (K + κ I)⁻¹: by Cholesky for κ > 0, as a pseudo-inverse for κ = 0, where kernels of few features are singular.
struct Inverse {
  std::variant<Factor, PseudoInverse, PackedFactor> form;
  double ridge = 0;      ///< κ, with the jitter that was needed
  double jitter = 0;     ///< see `factor`
  double condition = 0;  ///< condition number of K + κ I (1-norm estimate; for κ = 0 the ratio of the eigenvalues kept)
  double mean_diagonal = 0;  ///< tr(K + κ I)/P of the matrix that was factorised
  double mean_kernel = 0;    ///< tr K/P over all points: a large κ leaves no digit of it in the sum
  Index rank = 0;            ///< P, or the number of eigenvalues kept
  /// Then `form` is that of √m K √m over the groups, and so is `condition`.
  std::optional<EqualPoints> equal = std::nullopt;

  Matrix solve(const MatrixView& right) const;       ///< A⁻¹ B
  Matrix half_solve(const MatrixView& right) const;  ///< V with VᵀV = Bᵀ A⁻¹ B
  Matrix residual(
      const MatrixView& right) const;  ///< (I − K A⁻¹) B, as κ A⁻¹ B: without the cancellation of the subtraction
  Vector diagonal() const;             ///< [A⁻¹]_ii
  /// tr(K − K A⁻¹ K)/P from the mean of [A⁻¹]_ii, as κ (1 − κ A⁻¹): no cancellation where κ is small. From κ = 10¹⁰ tr
  /// K/P on, where that subtraction would lose six digits and more, it is tr K/P, too large by a part P 10⁻¹⁰ at most.
  double mean_variance(double mean_inverse) const;
  double log_determinant() const;  ///< log det A; only for full rank
};

/// K [P × P] symmetric; the factor or the eigenvectors take the place of a matrix that is moved in.
/// Throws NumericalError where K is not finite, or not positive even with the largest jitter.
Inverse invert(Matrix kernel, double ridge);
/// The same where some points are equal: exact between them at any ridge.
Inverse invert(Matrix kernel, double ridge, const EqualRows& equal);

/// Of a kernel of which only the lower triangle is ever there, in half of the memory; ridge > 0. `make` forms it on the
/// points that are left when equal ones are one (`EqualPoints::first`), once more where jitter is needed.
Inverse invert(const std::function<PackedLower()>& make, double ridge, const EqualRows& equal);
/// From so many points on kernels with a ridge are packed.
inline constexpr double least_packed_points = 8192;
inline bool is_packed(double points, double ridge) { return ridge > 0 && points >= least_packed_points; }

/// Decimal digits that rounding leaves in the numbers f_k = u_k·A⁻¹v (core/digits.hpp); left: A⁻¹U [P × k]; right: A⁻¹v
/// [P]. Equal points are taken together, as they were in the factorisation. Of several outputs, right [P × C] and
/// numbers [k × C], the fewest of all.
double digits_left(const Inverse& inverse, const MatrixView& left, const MatrixView& right, const MatrixView& numbers);

/// Aᵀ B [k × C], column by column of B: the bits of an output do not depend on how many there are.
Matrix transposed_times(const MatrixView& a, const MatrixView& b);

/// Bytes that `invert`, and `regression` with it, hold at most for P points and P* test points: for κ > 0 one [P × P]
/// with `factor_room` and two [P × P*], for κ = 0 three [P × P], of which two are LAPACK's workspace.
double regression_bytes(double points, double test_points, double ridge);
/// The same where kernels are packed wherever `is_packed` says so.
double packed_regression_bytes(double points, double test_points, double ridge);

/// The error on fresh noisy labels, ⟨(f − y)²⟩ of the mean, estimated from the training set alone:
///
///     leave-one-out                 Σ_i (α_i/[A⁻¹]_ii)²/P
///     generalised cross-validation  (|α|²/P)/(Tr A⁻¹/P)²
///
/// Of several outputs, α [P × C], the sum over them.
/// The second replaces [A⁻¹]_ii by its mean: unbiased where the theory of the renormalised ridge holds, with a spread
/// between data sets of some 20% at P = 100. Sources: C. Rasmussen, C. Williams (2006), chapter 5; P. Craven, G. Wahba,
/// Numerische Mathematik 31 (1979); A. Jacot et al., "Kernel alignment risk estimator", NeurIPS (2020).
struct ErrorEstimate {
  double leave_one_out = 0;
  double generalised = 0;
};
ErrorEstimate estimate_error(const MatrixView& alpha, const VectorView& inverse_diagonal);
/// Of an inverse with labels y, α = A⁻¹ y and [A⁻¹]_ii. Equal points have estimates without a ridge too, the limit κ →
/// 0: then only they are not fitted, and leaving one out leaves the mean of the others. None where K is singular beyond
/// that.
std::optional<ErrorEstimate> estimate_error(const Inverse& inverse, const MatrixView& labels, const MatrixView& alpha,
                                            const VectorView& inverse_diagonal);

/// The posterior of f ~ GP(0, K) given y = f(X) + noise of variance κ, at points X*:
///
///     A = K + κ I,   α = A⁻¹ y,   mean = K_*X α,   variance = diag(K_** − K_*X A⁻¹ K_X*)
///
/// Several outputs, y [P × C], are independent with the same kernel: one variance for all, one factorisation.
/// Source: C. Rasmussen, C. Williams, "Gaussian Processes for Machine Learning" (2006), chapters 2 and 5.
struct Regression {
  Matrix alpha;     ///< α [P × C]
  Matrix residual;  ///< y − f(X) = κ α [P × C]
  Matrix mean;      ///< [P* × C]
  Vector variance;  ///< posterior variance, without the noise [P*]; rounding below zero is clipped, more is an error
  Vector inverse_diagonal;  ///< [A⁻¹]_ii [P]; empty where no estimates are wanted
  double condition = 0;
  double jitter = 0;
  double digits = 16;                  ///< of the mean, that rounding leaves, see `digits_left`
  std::optional<double> log_evidence;  ///< −½ tr yᵀα − (C/2)(log det A + P log 2π); none for singular A
  double variance_train = 0;           ///< tr(K − K A⁻¹ K)/P, with the estimates; see `Inverse::mean_variance`
  std::optional<double> kappa_eff;  ///< P/Tr A⁻¹, the estimate of the renormalised ridge from one data set; none for
                                    ///< singular A, or not wanted
  std::optional<ErrorEstimate> estimate;  ///< none for singular A, or not wanted
};

/// kernel K [P × P] (moved in, it becomes the factor), labels y [P × C], cross K_X* [P × P*], diagonal K_** [P*].
/// Throws NumericalError as `invert` does, and where a variance is negative by more than rounding explains.
Regression regression(Matrix kernel, double ridge, const MatrixView& labels, const MatrixView& cross,
                      const VectorView& diagonal);
/// With training points that are equal, see `EqualPoints`.
Regression regression(Matrix kernel, double ridge, const MatrixView& labels, const MatrixView& cross,
                      const VectorView& diagonal, const EqualRows& equal);

/// From what was factorised already. Without estimates the diagonal of A⁻¹ is not found, and nothing that needs it.
Regression regression(const Inverse& inverse, const MatrixView& labels, const MatrixView& cross,
                      const VectorView& diagonal, Estimates estimates);

/// Variances with rounding below zero clipped: down to −tolerance·scale_i. Throws NumericalError beyond.
Vector clip_variance(const VectorView& variance, const VectorView& scale, double tolerance);

}  // namespace fieldscan::theory
