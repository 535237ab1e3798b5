#include "packed_product.hpp"

#include <cassert>

#include "product_block.hpp"

namespace fieldscan {

using products::Column;
using products::in_blocks;
using products::panel;

namespace {

constexpr int block_rows = 2 * products::lanes<double>;

}  // namespace

void PackedLeft::take(const MatrixView& a) {
  rows_ = a.rows();
  summands_ = a.cols();
  assert(a.size() <= numbers_.size() && "there is a place for it");
  products::pack(a.data(), a.outerStride(), rows_, summands_, numbers_.data());
}

void PackedLeft::take_transposed(const MatrixView& a) {
  rows_ = a.cols();
  summands_ = a.rows();
  assert(a.size() <= numbers_.size() && "there is a place for it");
  in_blocks<block_rows>(rows_, [&]<int Rows>(Index i) {
    double* const to = numbers_.data() + i * summands_;
    for (int r = 0; r < Rows; ++r) {
      const double* const from = a.data() + (i + r) * a.outerStride();
      for (Index l = 0; l < summands_; ++l) to[l * Rows + r] = from[l];
    }
  });
}

void PackedRight::take(Index first, const MatrixView& b) {
  assert(b.cols() == columns_ && (first + b.rows()) * columns_ <= numbers_.size() && "there is a place for it");
  in_blocks<panel>(columns_, [&]<int Columns>(Index j) {
    double* const to = numbers_.data() + first * columns_ + j * b.rows();
    for (Index l = 0; l < b.rows(); ++l)
      for (int c = 0; c < Columns; ++c) to[l * Columns + c] = b.data()[l + (j + c) * b.outerStride()];
  });
}

void PackedRight::take_transposed(Index first, const MatrixView& b) {
  assert(b.rows() == columns_ && (first + b.cols()) * columns_ <= numbers_.size() && "there is a place for it");
  in_blocks<panel>(columns_, [&]<int Columns>(Index j) {
    double* const to = numbers_.data() + first * columns_ + j * b.cols();
    for (Index l = 0; l < b.cols(); ++l)
      Column<double, Columns>::at(b.data() + j + l * b.outerStride()).put(to + l * Columns);
  });
}

void add_product(double scale, const PackedLeft& a, const PackedRight& b, Index first, Eigen::Ref<Matrix> out,
                 Part part) {
  assert(out.rows() == a.rows() && out.cols() == b.columns() && "shapes of a product");
  const products::Target<double> to{out.data(), out.outerStride(), scale, Put::added};
  in_blocks<panel>(b.columns(), [&]<int Columns>(Index j) {
    const products::Strided<double> right{b.from(first) + j * a.summands(), Columns, 1};
    in_blocks<block_rows>(a.rows(), [&]<int Rows>(Index i) {
      if (part == Part::lower && i + Rows <= j) return;
      products::block<Rows, Columns>(a.data() + i * a.summands(), Rows, right, a.summands(),
                                     to.data + i + j * to.column, to);
    });
  });
}

}  // namespace fieldscan
