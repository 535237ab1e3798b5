#pragma once
#include <algorithm>
#include <vector>

#include "fieldscan/core/matrix.hpp"

namespace fieldscan {

/// The lower triangle of a symmetric matrix [n × n] in columns of tiles, 256 numbers wide: half of the memory of the
/// matrix. Column c holds the rows 256 c … of its columns, [n − 256 c × 256, or what is left]; what is above the
/// diagonal in its first rows means nothing.
class PackedLower {
 public:
  static constexpr Index width = 256;

  explicit PackedLower(Index size);
  PackedLower() : PackedLower(0) {}

  Index rows() const { return size_; }
  Index cols() const { return size_; }
  Index columns() const { return std::ssize(column_); }  ///< of tiles
  Matrix& column(Index c) { return column_[static_cast<std::size_t>(c)]; }
  const Matrix& column(Index c) const { return column_[static_cast<std::size_t>(c)]; }
  /// Row i ≥ 256 ⌊j/256⌋ of column j.
  double& operator()(Index i, Index j) { return column(j / width)(i - j / width * width, j % width); }
  double operator()(Index i, Index j) const { return column(j / width)(i - j / width * width, j % width); }

  double trace() const;
  bool is_finite() const;  ///< of the triangle
  /// Largest sum of the absolute values of a row of the symmetric matrix.
  double one_norm() const;
  /// A X of the symmetric matrix, column by column of X [n × anything].
  Matrix times(const MatrixView& x) const;

  /// Bytes of so many rows.
  static double bytes(double rows) { return 4 * rows * (rows + std::min(rows, static_cast<double>(width))); }

 private:
  Index size_;
  std::vector<Matrix> column_;
};

}  // namespace fieldscan
