#pragma once
#include <algorithm>
#include <optional>
#include <vector>

#include "fieldscan/core/blocked_cholesky.hpp"
#include "fieldscan/core/packed_lower.hpp"
#include "packed_product.hpp"

/// Cholesky factors of large matrices in tiles of 256, on the products of packed_product.hpp (decision 15). Every
/// number comes from one sequence of operations that follows from the sizes alone: its bits do not depend on the number
/// of threads, nor on any library, nor on where the tiles lie.
namespace fieldscan {

inline constexpr Index tile_height = PackedLower::width;

/// Where the tiles of a lower triangle [n × n] lie: those of one column below one another.
template <class Number>  // double, const double
class TilesOf {
 public:
  using Tile = Eigen::Map<std::conditional_t<std::is_const_v<Number>, const Matrix, Matrix>, 0, Eigen::OuterStride<>>;

  /// Of a matrix, and of a packed one; kept by reference.
  template <class Square>
  requires requires(Square& a) { a.outerStride(); }
  explicit TilesOf(Square& a) : size_(a.rows()) {
    for (Index first = 0; first < size_; first += tile_height)
      column_.push_back({a.data() + first * (a.outerStride() + 1), a.outerStride()});
  }
  template <class Packed>
  requires requires(Packed& a) { a.columns(); }
  explicit TilesOf(Packed& a) : size_(a.rows()) {
    for (Index c = 0; c < a.columns(); ++c) column_.push_back({a.column(c).data(), a.column(c).rows()});
  }

  Index rows() const { return size_; }
  Index count() const { return std::ssize(column_); }
  Index begin(Index i) const { return i * tile_height; }
  Index height(Index i) const { return std::min(tile_height, size_ - i * tile_height); }
  /// Rows of tile i, columns of tile j ≤ i.
  Tile tile(Index i, Index j) const {
    const auto& own = column_[static_cast<std::size_t>(j)];
    return Tile(own.diagonal + (i - j) * tile_height, height(i), height(j), Eigen::OuterStride<>(own.stride));
  }

 private:
  struct Column {
    Number* diagonal;  ///< the tile on the diagonal
    Index stride;      ///< from one column of numbers to the next
  };
  Index size_;
  std::vector<Column> column_;
};
using Tiles = TilesOf<double>;
using ConstTiles = TilesOf<const double>;

/// The factors of the tiles on the diagonal, from top to bottom.
using DiagonalTiles = std::vector<BlockedCholesky<double>>;

/// Replaces the lower triangle A by L with L Lᵀ = A; what is above the diagonal stays as it is. Nothing where A is not
/// positive definite or not finite.
std::optional<DiagonalTiles> factorise_tiles(const Tiles& a, int threads);

/// Solves for strips of right-hand sides, one strip after another; one solver for each thread.
class StripSolver {
 public:
  static constexpr Index most_columns = tile_height;
  /// What the tiles refer to, and the diagonal, are kept by reference.
  StripSolver(const ConstTiles& lower, const DiagonalTiles& diagonal);

  /// x ← L⁻¹x [(n − f) × columns], of the rows and columns of L from tile number `first` on, which begins at row f.
  void half_solve(Index first, Eigen::Ref<Matrix> x);
  /// x ← L⁻ᵀx of the same.
  void back_solve(Index first, Eigen::Ref<Matrix> x);

 private:
  ConstTiles lower_;
  const DiagonalTiles& diagonal_;
  PackedLeft left_;
  PackedRight right_;  ///< all of x that is solved
  Vector room_;        ///< of one tile of x
};

}  // namespace fieldscan
