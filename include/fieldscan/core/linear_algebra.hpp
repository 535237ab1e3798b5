#pragma once
#include <vector>

#include "fieldscan/core/blocked_cholesky.hpp"
#include "fieldscan/core/matrix.hpp"

namespace fieldscan {

/// A Cholesky factor of A = K + κ I, with what it took to get it (decision 15).
struct Factor {
  Matrix lower;  ///< C with C Cᵀ = A + jitter·I [P × P], lower triangle; above it zeros
  std::vector<BlockedCholesky<double>> diagonal = {};  ///< the factors of its tiles on the diagonal
  double jitter = 0;                                   ///< what had to be added to the diagonal; 0 in the regular case
  double norm = 0;                                     ///< largest absolute column sum of A

  /// A⁻¹ B for a vector or a matrix B.
  template <class Right>
  typename Right::PlainObject solve(const Eigen::MatrixBase<Right>& right) const {
    typename Right::PlainObject x = right;
    solve_in_place(x);
    return x;
  }
  /// C⁻¹ B for a vector or a matrix B.
  template <class Right>
  typename Right::PlainObject half_solve(const Eigen::MatrixBase<Right>& right) const {
    typename Right::PlainObject x = right;
    half_solve_in_place(x);
    return x;
  }
  void solve_in_place(Eigen::Ref<Matrix> x) const;       ///< x ← A⁻¹x [P × anything]
  void half_solve_in_place(Eigen::Ref<Matrix> x) const;  ///< x ← C⁻¹x [P × anything]
  double log_determinant() const;                        ///< log det A
  /// [A⁻¹]_ii [P], as column sums of (C⁻¹)², a few columns of C⁻¹ at a time: P³/3 multiplications, no second [P × P].
  Vector inverse_diagonal() const;
  /// A⁻¹ in full, symmetric to the bit: a third of the work of solving for the unit matrix.
  Matrix inverse() const;
  /// Estimate of the 1-norm condition number of A, from below and hardly ever off by more than 3; some ten solutions.
  double condition() const;
};

/// Copies the lower triangle of a square matrix onto the upper one, block by block.
void mirror_lower(Matrix& matrix);

/// Factor of the symmetric matrix K + κ I [P × P]; only the lower triangle of K is read. The factor
/// takes the place of a matrix that is moved in, so that one [P × P] is all there is: hand over a kernel that is not
/// needed any more.
///
/// Jitter policy: none first; on failure 10·ε·tr(A)/P, times 10 up to 1e-8·tr(A)/P; then NumericalError naming κ, P and
/// the trace.
Factor factor(Matrix kernel, double ridge);

/// Numbers that a factor of so many points and what is solved with it hold beside the matrix, on the threads of its
/// size (core/cost.hpp): tiles on the diagonal, and for every thread two strips of columns.
double factor_room(double points);

/// Eigenvalues in descending order and the eigenvectors as columns (LAPACK dsyevd, which works in two more matrices of
/// this size). The vectors take the place of a matrix that is moved in. Throws NumericalError where it fails.
struct Eigenpairs {
  Vector values;
  Matrix vectors;
};
Eigenpairs eigenpairs(Matrix symmetric);
/// The eigenvalues alone, descending.
Vector eigenvalues(Matrix symmetric);

/// Sets the number of threads that factors, BLAS and LAPACK use in this process; tasks set it, the environment does
/// not. Factors and what is solved with them have the same bits on any number.
void set_linear_algebra_threads(int threads);
int linear_algebra_threads();

}  // namespace fieldscan
