#pragma once
#include <optional>
#include <vector>

#include "fieldscan/core/blocked_cholesky.hpp"
#include "packed_product.hpp"

/// Cholesky factors of large matrices in tiles of 256, on the products of packed_product.hpp (decision 15). Every
/// number comes from one sequence of operations that follows from the sizes alone: its bits do not depend on the number
/// of threads, nor on any library.
namespace fieldscan {

inline constexpr Index tile_height = 256;

/// The factors of the tiles on the diagonal, from top to bottom.
using DiagonalTiles = std::vector<BlockedCholesky<double>>;

/// Replaces the lower triangle of A [n × n] by L with L Lᵀ = A; what is above the diagonal stays as it is. Nothing
/// where A is not positive definite or not finite.
std::optional<DiagonalTiles> factorise_tiles(Eigen::Ref<Matrix> a, int threads);

/// Solves for strips of right-hand sides, one strip after another; one solver for each thread.
class StripSolver {
 public:
  static constexpr Index most_columns = tile_height;
  /// lower [n × n] and its diagonal are kept by reference.
  StripSolver(const Matrix& lower, const DiagonalTiles& diagonal);

  /// x ← L⁻¹x [(n − f) × columns], of the rows and columns of L from tile number `first` on, which begins at row f.
  void half_solve(Index first, Eigen::Ref<Matrix> x);
  /// x ← L⁻ᵀx of the same.
  void back_solve(Index first, Eigen::Ref<Matrix> x);

 private:
  Index tiles() const { return std::ssize(diagonal_); }

  const Matrix& lower_;
  const DiagonalTiles& diagonal_;
  PackedLeft left_;
  PackedRight right_;  ///< all of x that is solved
  Vector room_;        ///< of one tile of x
};

}  // namespace fieldscan
