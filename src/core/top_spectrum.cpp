#include "fieldscan/core/top_spectrum.hpp"

#include <algorithm>
#include <cassert>
#include <limits>
#include <utility>

#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/core/tiled_product.hpp"

namespace fieldscan {

namespace {

/// A basis of what the columns span, by the eigenvectors of their Gram matrix, without directions that are rounding;
/// orthonormal up to the square of their condition number, and the second time altogether.
Matrix more_orthonormal(const Matrix& columns) {
  const Eigenpairs gram = eigenpairs(tiled_transposed_product(columns, columns));
  const double rounding = std::numeric_limits<double>::epsilon() * static_cast<double>(columns.rows());
  const double largest = gram.values.size() > 0 ? gram.values[0] : 0.0;
  const Index rank = (gram.values.array() > rounding * largest).count();
  return tiled_product(columns,
                       gram.vectors.leftCols(rank) * gram.values.head(rank).cwiseSqrt().cwiseInverse().asDiagonal());
}

}  // namespace

TopSpectrum top_spectrum(const Matrix& symmetric, Index count, int passes) {
  assert(symmetric.rows() == symmetric.cols() && count <= symmetric.cols() && passes >= 1 &&
         "a part of a square matrix");
  Matrix image = symmetric.leftCols(count), basis;
  for (int pass = 0; pass < passes; ++pass) {
    basis = more_orthonormal(image);
    if (pass + 1 == passes) basis = more_orthonormal(basis);
    image = tiled_product(symmetric, basis);
  }
  Eigenpairs ritz = eigenpairs(tiled_transposed_product(basis, image));
  TopSpectrum out;
  out.values = std::move(ritz.values);
  out.vectors = tiled_product(basis, ritz.vectors);
  image = tiled_product(image, ritz.vectors);
  out.residual = (image - out.vectors * out.values.asDiagonal()).colwise().norm().transpose();
  out.rest_count = static_cast<double>(symmetric.rows() - out.values.size());
  out.rest_trace = std::max(symmetric.trace() - out.values.sum(), 0.0);
  out.rest_square = std::max(symmetric.squaredNorm() - out.values.squaredNorm() - 2 * out.residual.squaredNorm(), 0.0);
  return out;
}

}  // namespace fieldscan
