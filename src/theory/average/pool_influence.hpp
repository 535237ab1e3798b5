#pragma once
#include "fieldscan/theory/average/pool_average.hpp"
#include "influenced.hpp"
#include "pool_numbers.hpp"

/// What the choice of rows does to averages over a pool.
namespace fieldscan::theory {

/// The rows' part in sums over modes: with W = c (K/M + c)⁻¹, whose eigenvalues are ŵ, and a weight p_i beside every
/// row, K_ij → √p_i K_ij √p_j, the derivatives at p = 1 are
///
///     tr W: (W² − W)_ii,   tr W²: 2 (W³ − W²)_ii,   Σ log(λ̂ + c): (1 − W)_ii
///     gᵀg: g_i²,   gᵀW g: r_i²,   gᵀW² g: 2 q_i r_i − r_i²,   r = W g, q = W² g
///
/// and those of c follow from the equation that it solves. For a random function g with covariance K the last line has
/// K_ii, (W K W)_ii and (W² K W)_ii. Derived; tested against differences.
class PoolInfluence {
 public:
  PoolInfluence(const PoolExpansion& modes, double points, double ridge);

  /// Of one function with values g on the rows; of the output at initialisation, times χ.
  PoolSums<Influenced> of(const VectorView& function) const;
  PoolSums<Influenced> of_initial() const;

  PoolNumbers<Influenced> numbers(const PoolSums<Influenced>& sums, double noise_variance) const;
  /// Σ ĝ² λ/(λ + k)/Σ ĝ² for a function that does not vanish.
  Influenced learnability(const PoolSums<Influenced>& sums) const;
  /// r = W g on the rows, of functions as columns: up to a factor what the mean predictor misses there.
  Matrix missed(const MatrixView& functions) const;
  /// Of λ̂_k: λ̂_k u_ik².
  Influenced eigenvalue(Index k) const;

 private:
  /// sum + (∂sum/∂c) dc/dp, the sum's own derivative being `own`.
  Influenced with_ridge(double value, const Eigen::ArrayXd& own, double by_ridge) const;
  PoolSums<Influenced> sums(const VectorView& power, const Eigen::ArrayXd& own, const Eigen::ArrayXd& once,
                            const Eigen::ArrayXd& product) const;

  const PoolExpansion& modes_;
  double points_, ridge_, count_, rank_;
  bool least_squares_;
  double c_ = 0;
  Eigen::ArrayXd w_;       ///< ŵ [M]
  Eigen::ArrayXd change_;  ///< dc/dp_i [M]
  PoolSums<Influenced> base_;
};

/// The sum of two independent functions, the second times a factor.
PoolSums<Influenced> sum_of(PoolSums<Influenced> first, const PoolSums<Influenced>& second, double factor);

}  // namespace fieldscan::theory
