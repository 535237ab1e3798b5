#include "tiled_cholesky.hpp"

#include <algorithm>
#include <cassert>

#include "parallel.hpp"

namespace fieldscan {

namespace tiles {
namespace {

/// Rows or columns of tile number i of a matrix of n.
struct Range {
  Index begin, count;
};
Range range(Index n, Index i) { return {i * tile_height, std::min(tile_height, n - i * tile_height)}; }

auto tile_of(auto& matrix, Index i, Index j) {
  const Range rows = range(matrix.rows(), i), columns = range(matrix.rows(), j);
  return matrix.block(rows.begin, columns.begin, rows.count, columns.count);
}

/// A tile that lies by itself, in a place that is there already.
Eigen::Map<Matrix> copy_in(Vector& room, const MatrixView& tile) {
  Eigen::Map<Matrix> copy(room.data(), tile.rows(), tile.cols());
  copy = tile;
  return copy;
}

/// What one thread works with.
struct Bench {
  PackedLeft left{tile_height * tile_height};
  Vector room = Vector(tile_height * tile_height);
};

/// The factor of a tile on the diagonal, from what earlier columns leave of it; false where that is not positive
/// definite or not finite.
bool factorise_one(Eigen::Ref<Matrix> tile, const MatrixView& reduced, DiagonalTiles& diagonal) {
  auto& own = diagonal.emplace_back(tile.rows());
  own.set(reduced);
  if (!own.factorise()) return false;
  tile.triangularView<Eigen::Lower>() = own.lower();
  return true;
}

}  // namespace
}  // namespace tiles

/// Column of tiles after column, from what is to the left of it: A_ij − Σ_k L_ik L_jkᵀ, then times L_jj⁻ᵀ.
std::optional<DiagonalTiles> factorise_tiles(Eigen::Ref<Matrix> a, int threads) {
  using namespace tiles;
  DiagonalTiles diagonal;
  if (a.rows() <= tile_height) {
    if (!factorise_one(a, a, diagonal)) return std::nullopt;
    return diagonal;
  }
  const Index n = a.rows(), count = (n + tile_height - 1) / tile_height;
  std::vector<Bench> benches(static_cast<std::size_t>(std::max(threads, 1)));
  PackedRight across(n, tile_height);  // L_j0, L_j1, …, transposed
  for (Index j = 0; j < count; ++j) {
    across.begin(range(n, j).count);
    for (Index k = 0; k < j; ++k) across.take_transposed(range(n, k).begin, tile_of(a, j, k));
    const auto reduced = [&](Index i, Bench& bench) {
      auto tile = copy_in(bench.room, tile_of(a, i, j));
      for (Index k = 0; k < j; ++k) {
        bench.left.take(tile_of(a, i, k));
        add_product(-1, bench.left, across, range(n, k).begin, tile, i == j ? Part::lower : Part::whole);
      }
      return tile;
    };
    if (!factorise_one(tile_of(a, j, j), reduced(j, benches.front()), diagonal)) return std::nullopt;
    in_parallel(count - j - 1, threads, [&](Index below, int worker) {
      auto tile = reduced(j + 1 + below, benches[static_cast<std::size_t>(worker)]);
      diagonal.back().half_solve_on_right(tile);
      tile_of(a, j + 1 + below, j) = tile;
    });
  }
  return diagonal;
}

StripSolver::StripSolver(const Matrix& lower, const DiagonalTiles& diagonal)
    : lower_(lower),
      diagonal_(diagonal),
      left_(tile_height * std::min(lower.rows(), tile_height)),
      right_(lower.rows(), most_columns),
      room_(tile_height * most_columns) {}

void StripSolver::half_solve(Index first, Eigen::Ref<Matrix> x) {
  assert(x.cols() <= most_columns && "a strip");
  right_.begin(x.cols());
  for (Index i = first; i < tiles(); ++i) {
    const auto [begin, count] = tiles::range(lower_.rows(), i);
    auto rows = x.middleRows(begin - first * tile_height, count);
    auto tile = tiles::copy_in(room_, rows);
    for (Index k = first; k < i; ++k) {
      left_.take(tiles::tile_of(lower_, i, k));
      add_product(-1, left_, right_, tiles::range(lower_.rows(), k).begin, tile, Part::whole);
    }
    diagonal_[static_cast<std::size_t>(i)].half_solve(tile);
    right_.take(begin, tile);
    rows = tile;
  }
}

void StripSolver::back_solve(Index first, Eigen::Ref<Matrix> x) {
  assert(x.cols() <= most_columns && "a strip");
  right_.begin(x.cols());
  for (Index i = tiles() - 1; i >= first; --i) {
    const auto [begin, count] = tiles::range(lower_.rows(), i);
    auto rows = x.middleRows(begin - first * tile_height, count);
    auto tile = tiles::copy_in(room_, rows);
    for (Index k = i + 1; k < tiles(); ++k) {
      left_.take_transposed(tiles::tile_of(lower_, k, i));
      add_product(-1, left_, right_, tiles::range(lower_.rows(), k).begin, tile, Part::whole);
    }
    diagonal_[static_cast<std::size_t>(i)].back_solve(tile);
    right_.take(begin, tile);
    rows = tile;
  }
}

}  // namespace fieldscan
