#pragma once
#include "fieldscan/core/matrix.hpp"

/// Products of tiles that are used many times: each factor is laid out once as the inner block of core/product.hpp
/// reads it. One element of a product is one sum over k, from the first summand to the last, whatever the other sizes.
namespace fieldscan {

/// The left factor a [m × k] of products.
class PackedLeft {
 public:
  explicit PackedLeft(Index most_numbers) : numbers_(most_numbers) {}
  void take(const MatrixView& a);             ///< a [m × k]
  void take_transposed(const MatrixView& a);  ///< aᵀ of a [k × m]
  Index rows() const { return rows_; }
  Index summands() const { return summands_; }
  const double* data() const { return numbers_.data(); }

 private:
  Vector numbers_;
  Index rows_ = 0, summands_ = 0;
};

/// Right factors b_1, b_2, … [k_i × n] of products, one below the other, each taken by itself.
class PackedRight {
 public:
  PackedRight(Index summands, Index most_columns) : numbers_(summands * most_columns), columns_(most_columns) {}
  /// From now on of so many columns.
  void begin(Index columns) { columns_ = columns; }
  /// Where the rows first … of b stand.
  void take(Index first, const MatrixView& b);             ///< b [k × n]
  void take_transposed(Index first, const MatrixView& b);  ///< bᵀ of b [n × k]
  const double* from(Index first) const { return numbers_.data() + first * columns_; }
  Index columns() const { return columns_; }

 private:
  Vector numbers_;
  Index columns_;
};

/// Which part of a result is wanted; numbers of the other one mean nothing.
enum class Part { whole, lower };

/// out += scale · a b, with the rows first … first + k of b [· × n]; out [m × n].
void add_product(double scale, const PackedLeft& a, const PackedRight& b, Index first, Eigen::Ref<Matrix> out,
                 Part part);

}  // namespace fieldscan
