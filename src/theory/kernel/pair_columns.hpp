#pragma once
#include <algorithm>
#include <optional>
#include <vector>

#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/core/parallel.hpp"
#include "pair_block.hpp"

/// Kernels of all pairs of points, column after column, on the threads that tasks set.
namespace fieldscan::theory {

/// Numbers of the first layer's kernel that are formed at a time; where that would be fewer columns than these, the
/// product would spend its time on arranging the other points.
inline constexpr Index panel_size = 65536, least_columns = 256;

/// Which kernels are wanted: K into the storage that holds K¹, and Θ into another; or one of K, Θ, Θ − K into that
/// storage alone. A storage gives element (i, j) by reference, and the rows of a column one after another.
template <class Storage>
struct Wanted {
  Storage& kernel;  ///< in: K¹
  Storage* tangent = nullptr;
  std::optional<network::Trained> train = std::nullopt;  ///< not K but `tangent_of` these

  bool needs_tangent() const { return tangent != nullptr || (train && *train != network::Trained::readout); }
  double select(double nngp, double theta) const {
    if (!train || *train == network::Trained::readout) return nngp;
    return *train == network::Trained::hidden ? theta - nngp : theta;
  }
  void set(Index i, Index j, double nngp, double theta) const {
    kernel(i, j) = select(nngp, theta);
    if (tangent) (*tangent)(i, j) = theta;
  }
};

/// Rows of one column, with their place in a block.
struct ColumnPiece {
  Index column, row, count, at;
};

/// What one thread works with: the block's arrays, and what becomes of them.
class PairBench {
 public:
  explicit PairBench(const KernelSpec& spec) : block_(spec), nngp_(block_size), tangent_(block_size) {}

  /// Replaces K¹ of the pieces of one block.
  template <class Storage>
  void propagate(const Wanted<Storage>& wanted, const std::vector<ColumnPiece>& pieces, const Matrix& row_variances,
                 const Matrix& column_variances) {
    for (const auto& p : pieces) std::copy_n(&wanted.kernel(p.row, p.column), p.count, nngp_.data() + p.at);
    const Index filled = pieces.back().at + pieces.back().count;
    const auto fill_rows = [&](int l, std::span<double> a) {
      for (const auto& p : pieces) std::copy_n(&row_variances(p.row, l), p.count, a.data() + p.at);
    };
    const auto fill_columns = [&](int l, std::span<double> b) {
      for (const auto& p : pieces) std::fill_n(b.data() + p.at, p.count, column_variances(p.column, l));
    };
    block_.propagate(view(nngp_.data(), filled), view(tangent_.data(), wanted.needs_tangent() ? filled : 0), fill_rows,
                     fill_columns);
    for (const auto& p : pieces) {
      double* const out = &wanted.kernel(p.row, p.column);
      for (Index k = 0; k < p.count; ++k) out[k] = wanted.select(nngp_[p.at + k], tangent_[p.at + k]);
      if (wanted.tangent) std::copy_n(tangent_.data() + p.at, p.count, &(*wanted.tangent)(p.row, p.column));
    }
  }

 private:
  Block block_;
  std::vector<double> nngp_, tangent_;
};

/// Columns of one triangle (or all rows) packed into blocks: rows begin(j) … P − 1 of column j. `first_layer(j, count)`
/// puts K¹ into columns j … of `wanted.kernel`; a panel of them is still in the cache when the layers above read it.
/// Which pairs share a block follows from the sizes alone: threads take whole blocks, and numbers keep their bits.
template <class Storage, class FirstLayer, class Begin>
void propagate_columns(const KernelSpec& spec, const Wanted<Storage>& wanted, const Matrix& row_variances,
                       const Matrix& column_variances, FirstLayer&& first_layer, Begin&& begin) {
  const Index rows = wanted.kernel.rows(), columns = wanted.kernel.cols();
  const int threads = std::max(linear_algebra_threads(), 1);
  std::vector<PairBench> benches;
  for (int worker = 0; worker < threads; ++worker) benches.emplace_back(spec);
  std::vector<std::vector<ColumnPiece>> blocks(1);  // the last one is being filled
  Index filled = 0;
  const auto work_on = [&](Index count) {
    in_parallel(count, threads, [&](Index b, int worker) {
      benches[static_cast<std::size_t>(worker)].propagate(wanted, blocks[static_cast<std::size_t>(b)], row_variances,
                                                          column_variances);
    });
    blocks.erase(blocks.begin(), blocks.begin() + count);
  };
  const Index panel = std::max(least_columns, panel_size / std::max<Index>(1, rows));
  for (Index first = 0; first < columns; first += panel) {
    const Index end = std::min(first + panel, columns);
    first_layer(first, end - first);
    for (Index j = first; j < end; ++j)
      for (Index i = begin(j); i < rows;) {
        const Index count = std::min(rows - i, block_size - filled);
        blocks.back().push_back({j, i, count, filled});
        filled += count;
        i += count;
        if (filled < block_size) continue;
        blocks.emplace_back();
        filled = 0;
      }
    work_on(std::ssize(blocks) - 1);
  }
  if (filled > 0) work_on(1);
}

}  // namespace fieldscan::theory
