#include "fieldscan/core/product.hpp"

#include <array>
#include <cassert>

#include "product_block.hpp"

namespace fieldscan {

namespace products {
namespace {

constexpr Index most_summands = 1024;
constexpr Index most_of_left = Index{1} << 20;
/// A left factor whose columns lie so many bytes apart is packed, so many rows and summands at a time: columns of one
/// multiple of a page fall on the same lines of the cache.
constexpr Index far_apart = 2048, often = 256, slice_rows = 128, slice_summands = 256;

/// Numbers on a page of memory.
template <class Scalar>
constexpr Index page = 4096 / sizeof(Scalar);

template <class Scalar>
Strided<Scalar> strided(const MatrixIn<Scalar>& matrix) {
  return {matrix.data(), 1, matrix.outerStride()};
}

/// Some columns of b, panel after panel, every panel row after row. Rows that are more than a page apart are read once,
/// across all panels.
template <class Scalar>
void bring_together(const Strided<Scalar>& b, Index columns, Index summands, Scalar* to) {
  const auto copy = [&]<int Columns>(Index l, Index j) {
    Scalar* const place = to + j / panel * summands * panel + l * panel + j % panel;
    const Scalar* const from = b.data + l * b.row + j * b.column;
    if (b.column == 1)
      Column<Scalar, Columns>::at(from).put(place);
    else
      for (int c = 0; c < Columns; ++c) place[c] = from[c * b.column];
  };
  if (b.row == 1)
    in_blocks<panel>(columns, [&]<int Columns>(Index j) {
      for (Index l = 0; l < summands; ++l) copy.template operator()<Columns>(l, j);
    });
  else
    for (Index l = 0; l < summands; ++l)
      in_blocks<panel>(columns, [&]<int Columns>(Index j) { copy.template operator()<Columns>(l, j); });
}

/// The left factor: where it lies, or packed, blocks of rows one after another, every block summand after summand.
template <class Scalar>
struct Left {
  const Scalar* data;
  Index column;  ///< from one summand to the next where it lies
  Index packed;  ///< summands of a packed one; 0: where it lies
  template <int Rows>
  const Scalar* rows(Index i) const {
    return packed > 0 ? data + i * packed : data + i;
  }
  template <int Rows>
  Index next() const {
    return packed > 0 ? Rows : column;
  }
};

/// Columns of b that are far apart, and rows that are a page apart or more, are brought together where
/// many rows of a use them.
template <class Scalar>
void by_panels(const Left<Scalar>& a, const Strided<Scalar>& b, Index rows, Index columns, Index summands,
               const Target<Scalar>& to) {
  constexpr Index group = 4 * panel;
  alignas(64) std::array<Scalar, group * most_summands> together;
  const bool far = rows > 2 * lanes<Scalar> && (b.row == 1 || b.row >= page<Scalar>);
  for (Index first = 0; first < columns; first += group) {
    const Strided<Scalar> part{b.data + first * b.column, b.row, b.column};
    const Index count = std::min(group, columns - first);
    if (far) bring_together(part, count, summands, together.data());
    in_blocks<panel>(count, [&]<int Columns>(Index j) {
      Strided<Scalar> right{part.data + j * part.column, part.row, part.column};
      if (far) right = {together.data() + j / panel * summands * panel + j % panel, panel, 1};
      in_blocks<2 * lanes<Scalar>>(rows, [&]<int Rows>(Index i) {
        block<Rows, Columns>(a.template rows<Rows>(i), a.template next<Rows>(), right, summands,
                             to.data + i + (first + j) * to.column, to);
      });
    });
  }
}

/// a in place where its columns are near, or few columns of b use it; else packed slice by slice.
template <class Scalar>
void by_slices(const Strided<Scalar>& a, const Strided<Scalar>& b, Index rows, Index columns, Index summands,
               const Target<Scalar>& to) {
  const bool far = a.column * static_cast<Index>(sizeof(Scalar)) >= far_apart && columns >= often && summands >= often;
  const bool several = summands > slice_summands;
  if (!far || (several && to.put == Put::added))  // there the sums of a slice have no place
    return by_panels<Scalar>({a.data, a.column, 0}, b, rows, columns, summands, to);
  alignas(64) std::array<Scalar, slice_rows * slice_summands> packed;
  for (Index top = 0; top < rows; top += slice_rows)
    for (Index first = 0; first < summands; first += slice_summands) {
      const Index height = std::min(slice_rows, rows - top), count = std::min(slice_summands, summands - first);
      pack(a.data + top + first * a.column, a.column, height, count, packed.data());
      Target<Scalar> slice = to;
      slice.data += top;
      slice.begins = first == 0;
      slice.ends = first + count == summands;
      by_panels<Scalar>({packed.data(), 0, count}, {b.data + first * b.row, b.row, b.column}, height, columns, count,
                        slice);
    }
}

/// The transpose of a, a block of rows at a time, copied so that they lie one after another.
template <class Scalar>
void by_rows(const Strided<Scalar>& a, const Strided<Scalar>& b, Index rows, Index columns, Index summands,
             const Target<Scalar>& to) {
  alignas(64) std::array<Scalar, 2 * lanes<Scalar> * most_summands> copy;
  in_blocks<2 * lanes<Scalar>>(rows, [&]<int Rows>(Index i) {
    for (Index l = 0; l < summands; ++l)
      for (int r = 0; r < Rows; ++r) copy[static_cast<std::size_t>(l * Rows + r)] = a.data[l + (i + r) * a.column];
    in_blocks<panel>(columns, [&]<int Columns>(Index j) {
      const Strided<Scalar> right{b.data + j * b.column, b.row, b.column};
      block<Rows, Columns>(copy.data(), Rows, right, summands, to.data + i + j * to.column, to);
    });
  });
}

bool fits(Index rows, Index summands) { return summands <= most_summands && rows * summands <= most_of_left; }

template <class Scalar, class Product>
void by_eigen(const Product& product, MatrixOut<Scalar>& out, Put put) {
  if (put == Put::alone)
    out.noalias() = product;
  else
    out.noalias() += product;
}

}  // namespace
}  // namespace products

template <class Scalar>
void multiply(Scalar scale, const MatrixIn<Scalar>& a, const MatrixIn<Scalar>& b, MatrixOut<Scalar> out, Put put) {
  assert(a.cols() == b.rows() && out.rows() == a.rows() && out.cols() == b.cols() && "shapes of a product");
  using namespace products;
  if (!fits(a.rows(), a.cols())) return by_eigen<Scalar>((scale * a) * b, out, put);
  by_slices<Scalar>(strided<Scalar>(a), strided<Scalar>(b), a.rows(), b.cols(), a.cols(),
                    {out.data(), out.outerStride(), scale, put});
}

template <class Scalar>
void multiply_transposed(Scalar scale, const MatrixIn<Scalar>& a, const MatrixIn<Scalar>& b, MatrixOut<Scalar> out,
                         Put put) {
  assert(a.cols() == b.cols() && out.rows() == a.rows() && out.cols() == b.rows() && "shapes of a product");
  using namespace products;
  if (!fits(a.rows(), a.cols())) return by_eigen<Scalar>((scale * a) * b.transpose(), out, put);
  by_slices<Scalar>(strided<Scalar>(a), {b.data(), b.outerStride(), 1}, a.rows(), b.rows(), a.cols(),
                    {out.data(), out.outerStride(), scale, put});
}

template <class Scalar>
void transposed_multiply(Scalar scale, const MatrixIn<Scalar>& a, const MatrixIn<Scalar>& b, MatrixOut<Scalar> out,
                         Put put) {
  assert(a.rows() == b.rows() && out.rows() == a.cols() && out.cols() == b.cols() && "shapes of a product");
  using namespace products;
  if (!fits(a.cols(), a.rows())) return by_eigen<Scalar>((scale * a.transpose()) * b, out, put);
  by_rows<Scalar>(strided<Scalar>(a), strided<Scalar>(b), a.cols(), b.cols(), a.rows(),
                  {out.data(), out.outerStride(), scale, put});
}

template void multiply(double, const MatrixIn<double>&, const MatrixIn<double>&, MatrixOut<double>, Put);
template void multiply(float, const MatrixIn<float>&, const MatrixIn<float>&, MatrixOut<float>, Put);
template void multiply_transposed(double, const MatrixIn<double>&, const MatrixIn<double>&, MatrixOut<double>, Put);
template void multiply_transposed(float, const MatrixIn<float>&, const MatrixIn<float>&, MatrixOut<float>, Put);
template void transposed_multiply(double, const MatrixIn<double>&, const MatrixIn<double>&, MatrixOut<double>, Put);
template void transposed_multiply(float, const MatrixIn<float>&, const MatrixIn<float>&, MatrixOut<float>, Put);

}  // namespace fieldscan
