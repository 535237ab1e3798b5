#include "fieldscan/core/tiled_product.hpp"

#include <algorithm>
#include <cassert>
#include <vector>

#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/core/parallel.hpp"
#include "packed_product.hpp"

namespace fieldscan {

namespace {

constexpr Index product_tile = 256;

/// out = scale · a b, of factors that are packed tile by tile: `take_left(left, row, rows, k, summands)` and
/// `take_right(right, column, columns, k, summands)`, at row k of `right`. Strips of columns after one another, tiles
/// of rows shared out among threads.
template <class TakeLeft, class TakeRight>
void fill_product(double scale, Index summands, const TakeLeft& take_left, const TakeRight& take_right,
                  Eigen::Ref<Matrix> out) {
  const Index rows = out.rows(), tiles = (rows + product_tile - 1) / product_tile;
  const int threads = static_cast<int>(std::min<Index>(linear_algebra_threads(), tiles));
  const Index height = std::min(rows, product_tile), depth = std::min(summands, product_tile);
  std::vector<PackedLeft> lefts(static_cast<std::size_t>(std::max(threads, 1)), PackedLeft(height * depth));
  PackedRight right(summands, std::min(product_tile, out.cols()));
  out.setZero();
  for (Index strip = 0; strip < out.cols(); strip += product_tile) {
    const Index columns = std::min(product_tile, out.cols() - strip);
    right.begin(columns);
    for (Index k = 0; k < summands; k += product_tile)
      take_right(right, strip, columns, k, std::min(product_tile, summands - k));
    in_parallel(tiles, threads, [&](Index i, int worker) {
      auto& left = lefts[static_cast<std::size_t>(worker)];
      const Index first = i * product_tile, count = std::min(product_tile, rows - first);
      for (Index k = 0; k < summands; k += product_tile) {
        take_left(left, first, count, k, std::min(product_tile, summands - k));
        add_product(scale, left, right, k, out.block(first, strip, count, columns), Part::whole);
      }
    });
  }
}

auto rows_of(const MatrixView& a) {
  return [&a](PackedLeft& left, Index row, Index rows, Index k, Index summands) {
    left.take(a.block(row, k, rows, summands));
  };
}

auto columns_of(const MatrixView& b) {
  return [&b](PackedRight& right, Index column, Index columns, Index k, Index summands) {
    right.take(k, b.block(k, column, summands, columns));
  };
}

}  // namespace

Matrix tiled_product(const MatrixView& a, const MatrixView& b) {
  assert(a.cols() == b.rows() && "shapes of a product");
  Matrix out(a.rows(), b.cols());
  fill_product(1, a.cols(), rows_of(a), columns_of(b), out);
  return out;
}

Matrix tiled_transposed_product(const MatrixView& a, const MatrixView& b) {
  assert(a.rows() == b.rows() && "shapes of a product");
  Matrix out(a.cols(), b.cols());
  const auto take = [&](PackedLeft& left, Index row, Index rows, Index k, Index summands) {
    left.take_transposed(a.block(k, row, summands, rows));
  };
  fill_product(1, a.rows(), take, columns_of(b), out);
  return out;
}

void tiled_gram(double scale, const MatrixView& a, const MatrixView& b, Eigen::Ref<Matrix> out) {
  assert(a.cols() == b.cols() && out.rows() == a.rows() && out.cols() == b.rows() && "shapes of a product");
  const auto take = [&](PackedRight& right, Index column, Index columns, Index k, Index summands) {
    right.take_transposed(k, b.block(column, k, columns, summands));
  };
  fill_product(scale, a.cols(), rows_of(a), take, out);
}

}  // namespace fieldscan
