#pragma once
#include <utility>

#include "fieldscan/core/top_spectrum.hpp"
#include "pool_numbers.hpp"

/// Sums over all eigenvalues of a large kernel matrix, of which the top is known.
namespace fieldscan::theory {

/// What sums over all modes may be taken for: eigenvalues, each standing for `count` modes, a share of one, or one
/// less.
struct Stand {
  Vector at, count;
};

/// Two between which sums over modes lie. The eigenvalues of the rest are in [0, b], and their number, sum and sum of
/// squares are known; of the quadratures with these moments the one with a node at 0 and the one with a node at b bound
/// Σ f from both sides where f‴ does not change its sign, as of c/(λ + c), its square and log(λ + c) (Radau; G. Golub,
/// G. Meurant, "Matrices, Moments and Quadrature" (2010), chapter 2). Since these f are convex or concave, E can only
/// add to them: at least nothing, at most what it does where the rest has the smallest φ_i = |E_i|²/θ_i that keeps K
/// positive, so that θ_i and φ_i become θ_i + φ_i and 0. b is the smallest eigenvalue that is kept: nothing that the
/// subspace missed is taken to lie above it.
std::pair<Stand, Stand> bounding_spectra(const TopSpectrum& scaled);

/// (K/M + c)⁻¹ G column by column, by conjugate gradients that know the top of the spectrum, to a relative residual of
/// 1e-10. Throws NumericalError where that takes more than 500 steps.
Matrix solve_all_rows(const Matrix& kernel, const TopSpectrum& scaled, double c, const MatrixView& right);

/// Numbers of a function on the rows between two bounds.
struct Bounded {
  double value = 0, error = 0;  ///< the middle and half the distance
};

/// `average_over_pool` of all M rows, for one function (or the sum over several columns): at the middle and at both
/// ends of what the spectrum allows.
struct RowsNumbers {
  PoolNumbers<double> value, low, high;
  double spread = 0;  ///< `relative_spread` of what is missed
};
class RowsAverage {
 public:
  /// kernel [M × M] is kept by reference; targets [M × C]. Domain: 0 < points < M.
  RowsAverage(const Matrix& kernel, Index top, double points, double ridge);
  RowsNumbers numbers(const MatrixView& targets, double noise_variance) const;
  Bounded learnability(const Vector& function) const;
  /// λ̂_k and the residual of its vector.
  Bounded eigenvalue(Index k) const { return {scaled_.values[k], scaled_.residual[k]}; }
  Index top() const { return scaled_.values.size(); }

 private:
  struct Sums {
    PoolSums<double> value, low, high;
    double spread = 0;
  };
  Sums sums_of(const MatrixView& functions) const;

  const Matrix& kernel_;
  double points_, ridge_, rows_;
  TopSpectrum scaled_;  ///< of K/M
  bool least_squares_ = false;
  double c_ = 0;
  Sums base_ = {};  ///< without a function
};

}  // namespace fieldscan::theory
