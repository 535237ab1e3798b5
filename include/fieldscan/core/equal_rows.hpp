#pragma once
#include <vector>

#include "fieldscan/core/matrix.hpp"

/// Rows of a data matrix that are equal or nearly so, found without looking at every pair.
namespace fieldscan {

/// Rows that are equal, number by number (0 and −0 are equal).
struct EqualRows {
  std::vector<Index> first;     ///< of row i the first row that it equals: i where none before it does [rows]
  std::vector<Index> repeated;  ///< rows i with first[i] < i, ascending

  bool any() const { return !repeated.empty(); }
};
/// By a hash of every row: rows × columns operations, and comparisons only where hashes agree.
EqualRows equal_rows(const MatrixView& x);

/// Every repeated row becomes a copy of the first one that it equals.
void repeat_rows(Matrix& matrix, const EqualRows& equal);
/// The same for the columns, of which there are as many as `equal` has rows.
void repeat_columns(Matrix& matrix, const EqualRows& equal);

/// Row i of one matrix and row j of another.
struct RowPair {
  Index i = 0, j = 0;
};

/// Pairs with |x_i − x′_j|² ≤ relative² (|x_i|² + offset), for one pair of equal rows of several: rows that are
/// repeated are left out. Rows are sorted by their projections on one direction, so that only neighbours are compared;
/// where everything nearly coincides, that is every pair. Ascending in j, then i.
std::vector<RowPair> close_rows(const MatrixView& x, const MatrixView& other, double relative, double offset);
/// The same inside one matrix: i > j, equal rows left out.
std::vector<RowPair> close_rows(const MatrixView& x, double relative, double offset);

}  // namespace fieldscan
