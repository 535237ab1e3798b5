#pragma once
#include <algorithm>
#include <functional>
#include <vector>

#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/core/parallel.hpp"
#include "tiled_cholesky.hpp"

/// What is done with a factor L Lᵀ = A, wherever its tiles lie.
namespace fieldscan {

/// Right-hand sides from which on they are solved for together; fewer one by one.
inline constexpr Index solved_together = 16;

struct Factored {
  ConstTiles lower;
  const DiagonalTiles& diagonal;
};

/// The first jitter of the policy of `factor` with which attempt(jitter) succeeds. Throws NumericalError where none is.
double least_jitter(Index points, double ridge, double trace, const std::function<bool(double)>& attempt);

/// x ← L⁻¹x and x ← A⁻¹x of many columns.
void half_solve_strips(const Factored& factor, Eigen::Ref<Matrix> x);
void solve_strips(const Factored& factor, Eigen::Ref<Matrix> x);
/// The columns of A⁻¹ below the diagonal, with the diagonal; above it nothing is written.
void inverse_strips(const Factored& factor, Eigen::Ref<Matrix> out);
/// [A⁻¹]_ii.
Vector inverse_diagonal_strips(const Factored& factor);

/// A lower bound of the 1-norm of A⁻¹ [n × n], from x ← A⁻¹x of single vectors: N. Higham, "FORTRAN codes for
/// estimating the one-norm of a real or complex matrix", ACM TOMS 14 (1988), algorithm 4.1, for the symmetric A⁻¹: as
/// LAPACK's dpocon. n ≥ 1.
double inverse_norm(Index n, const std::function<void(Vector&)>& solve_in_place);

}  // namespace fieldscan
