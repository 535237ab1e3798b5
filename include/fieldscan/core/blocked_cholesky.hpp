#pragma once
#include <algorithm>

#include "fieldscan/core/matrix.hpp"

namespace fieldscan {

/// A = L Lᵀ of a symmetric positive definite matrix [n × n] that lies in the cache of one core, and solutions with it:
/// what a sampler needs at every gradient (decision 8), and a tile of a large matrix (decision 15). Nearly all
/// operations are the products of core/product.hpp; the diagonal blocks of L are inverted explicitly. Nothing is
/// allocated after the constructor.
template <class Scalar>
class BlockedCholesky {
 public:
  explicit BlockedCholesky(Index size);

  /// Makes A = F Fᵀ + ridge · 1 what is factorised; F [n × anything].
  void set_gram(const MatrixIn<Scalar>& f, Scalar ridge);
  /// A = FᵀF + ridge · 1; F [anything × n].
  void set_gram_of_columns(const MatrixIn<Scalar>& f, Scalar ridge);
  /// A itself, of which the lower triangle is read.
  void set(const MatrixIn<Scalar>& a);
  /// Replaces A by L; false where A is not positive definite or not finite.
  bool factorise();

  const MatrixOf<Scalar>& lower() const { return lower_; }  ///< L; what is above the diagonal means nothing
  double log_determinant() const;
  /// x ← L⁻¹x [n × anything].
  void half_solve(MatrixOut<Scalar> x) const;
  /// x ← L⁻ᵀx [n × anything].
  void back_solve(MatrixOut<Scalar> x) const;
  /// x ← x L⁻ᵀ [anything × n].
  void half_solve_on_right(MatrixOut<Scalar> x) const;
  /// x ← A⁻¹x [n × anything].
  void solve(MatrixOut<Scalar> x) const;
  /// x ← x A⁻¹ [anything × n].
  void solve_on_right(MatrixOut<Scalar> x) const;

 private:
  Index size() const { return lower_.rows(); }
  Index height(Index first) const { return std::min(block_, size() - first); }  ///< of the block that begins there
  Index last_block() const { return (size() - 1) / block_ * block_; }
  bool factorise_diagonal(Index first);

  Index block_;               ///< height of the diagonal blocks
  MatrixOf<Scalar> lower_;    ///< A, then L, in the lower triangle; what is above it means nothing
  MatrixOf<Scalar> inverse_;  ///< of the diagonal blocks, side by side [block × n]
};

extern template class BlockedCholesky<double>;
extern template class BlockedCholesky<float>;

}  // namespace fieldscan
