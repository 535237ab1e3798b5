#pragma once
#include <algorithm>
#include <span>

#include "fieldscan/core/matrix.hpp"
#include "fieldscan/core/random.hpp"

namespace fieldscan::data {

/// The sub-stream of example k.
inline Stream stream_of_row(const Stream& stream, std::uint64_t k) {
  return stream.at(static_cast<std::uint32_t>(k >> 32), static_cast<std::uint32_t>(k));
}

/// out = inᵀ, in tiles that the processor's first cache holds.
inline void copy_transposed(const MatrixView& in, Eigen::Ref<Matrix> out) {
  constexpr Index height = 8, width = 64;
  for (Index row = 0; row < in.rows(); row += height)
    for (Index column = 0; column < in.cols(); column += width) {
      const Index rows = std::min(height, in.rows() - row), columns = std::min(width, in.cols() - column);
      out.block(column, row, columns, rows) = in.block(row, column, rows, columns).transpose();
    }
}

/// Examples first … first + count − 1 as rows [count × d]: fill(sub-stream of the example, span of d numbers).
template <class Fill>
Matrix fill_rows(const Stream& stream, std::uint64_t first, Index count, int dimension, Fill&& fill) {
  constexpr Index block = 64;
  Matrix x(count, dimension), columns(dimension, std::min(block, count));
  for (Index start = 0; start < count; start += block) {
    const Index rows = std::min(block, count - start);
    for (Index k = 0; k < rows; ++k)
      fill(stream_of_row(stream, first + static_cast<std::uint64_t>(start + k)),
           std::span<double>(columns.col(k).data(), static_cast<std::size_t>(dimension)));
    copy_transposed(columns.leftCols(rows), x.middleRows(start, rows));
  }
  return x;
}

}  // namespace fieldscan::data
