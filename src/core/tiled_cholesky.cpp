#include "tiled_cholesky.hpp"

#include <algorithm>
#include <cassert>

#include "fieldscan/core/parallel.hpp"

namespace fieldscan {

namespace tiles {
namespace {

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
std::optional<DiagonalTiles> factorise_tiles(const Tiles& a, int threads) {
  using namespace tiles;
  DiagonalTiles diagonal;
  if (a.count() == 1) {
    if (!factorise_one(a.tile(0, 0), a.tile(0, 0), diagonal)) return std::nullopt;
    return diagonal;
  }
  std::vector<Bench> benches(static_cast<std::size_t>(std::max(threads, 1)));
  PackedRight across(a.rows(), tile_height);  // L_j0, L_j1, …, transposed
  for (Index j = 0; j < a.count(); ++j) {
    across.begin(a.height(j));
    for (Index k = 0; k < j; ++k) across.take_transposed(a.begin(k), a.tile(j, k));
    const auto reduced = [&](Index i, Bench& bench) {
      auto tile = copy_in(bench.room, a.tile(i, j));
      for (Index k = 0; k < j; ++k) {
        bench.left.take(a.tile(i, k));
        add_product(-1, bench.left, across, a.begin(k), tile, i == j ? Part::lower : Part::whole);
      }
      return tile;
    };
    if (!factorise_one(a.tile(j, j), reduced(j, benches.front()), diagonal)) return std::nullopt;
    in_parallel(a.count() - j - 1, threads, [&](Index below, int worker) {
      auto tile = reduced(j + 1 + below, benches[static_cast<std::size_t>(worker)]);
      diagonal.back().half_solve_on_right(tile);
      a.tile(j + 1 + below, j) = tile;
    });
  }
  return diagonal;
}

StripSolver::StripSolver(const ConstTiles& lower, const DiagonalTiles& diagonal)
    : lower_(lower),
      diagonal_(diagonal),
      left_(tile_height * std::min(lower.rows(), tile_height)),
      right_(lower.rows(), most_columns),
      room_(tile_height * most_columns) {}

void StripSolver::half_solve(Index first, Eigen::Ref<Matrix> x) {
  assert(x.cols() <= most_columns && "a strip");
  right_.begin(x.cols());
  for (Index i = first; i < lower_.count(); ++i) {
    auto rows = x.middleRows(lower_.begin(i - first), lower_.height(i));
    auto tile = tiles::copy_in(room_, rows);
    for (Index k = first; k < i; ++k) {
      left_.take(lower_.tile(i, k));
      add_product(-1, left_, right_, lower_.begin(k), tile, Part::whole);
    }
    diagonal_[static_cast<std::size_t>(i)].half_solve(tile);
    right_.take(lower_.begin(i), tile);
    rows = tile;
  }
}

void StripSolver::back_solve(Index first, Eigen::Ref<Matrix> x) {
  assert(x.cols() <= most_columns && "a strip");
  right_.begin(x.cols());
  for (Index i = lower_.count() - 1; i >= first; --i) {
    auto rows = x.middleRows(lower_.begin(i - first), lower_.height(i));
    auto tile = tiles::copy_in(room_, rows);
    for (Index k = i + 1; k < lower_.count(); ++k) {
      left_.take_transposed(lower_.tile(k, i));
      add_product(-1, left_, right_, lower_.begin(k), tile, Part::whole);
    }
    diagonal_[static_cast<std::size_t>(i)].back_solve(tile);
    right_.take(lower_.begin(i), tile);
    rows = tile;
  }
}

}  // namespace fieldscan
