#include "fieldscan/core/top_spectrum.hpp"

#include <cmath>

#include "catch.hpp"
#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/core/tiled_product.hpp"
#include "near.hpp"
#include "normals.hpp"

using namespace fieldscan;
using fieldscan::testing::normals;

namespace {

/// A kernel matrix whose eigenvalues fall about as k^−1.5.
Matrix falling(Index points, Index features) {
  Matrix f = normals<double>(points, features, 1);
  for (Index k = 0; k < features; ++k) f.col(k) *= std::pow(static_cast<double>(k + 1), -0.75);
  return f * f.transpose();
}

}  // namespace

TEST_CASE("products in tiles are products, on any number of threads") {
  const Matrix a = normals<double>(600, 300, 1), b = normals<double>(300, 270, 2), c = normals<double>(600, 40, 3);
  const Matrix ab = tiled_product(a, b), ac = tiled_transposed_product(a, c);
  CHECK(near::distance(ab, a * b) <= 1e-13 * ab.norm());
  CHECK(near::distance(ac, a.transpose() * c) <= 1e-13 * ac.norm());
  Matrix gram(600, 200), part(600, 30);
  tiled_gram(0.5, a, b.leftCols(200).transpose() * Matrix::Identity(300, 300), gram);
  CHECK(near::distance(gram, 0.5 * a * b.leftCols(200)) <= 1e-13 * gram.norm());
  tiled_gram(0.5, a, b.middleCols(50, 30).transpose() * Matrix::Identity(300, 300), part);
  CHECK(near::equal(part, gram.middleCols(50, 30)));  // the bits of an element do not depend on its neighbours
  set_linear_algebra_threads(3);
  const bool same = near::equal(tiled_product(a, b), ab) && near::equal(tiled_transposed_product(a, c), ac);
  set_linear_algebra_threads(1);
  CHECK(same);
}

TEST_CASE("the top of a spectrum is that of all eigenvalues, and the traces of the rest are exact") {
  const Matrix kernel = falling(500, 400);
  const Eigenpairs exact = eigenpairs(kernel);
  const TopSpectrum top = top_spectrum(kernel, 80, 3);
  REQUIRE(top.values.size() == 80);
  for (Index k = 0; k < 80; ++k) {
    CHECK(top.values[k] <= exact.values[k] * (1 + 1e-12));
    CHECK((exact.values.array() - top.values[k]).abs().minCoeff() <= top.residual[k] + 1e-12 * exact.values[0]);
  }
  CHECK(top.values[0] == Approx(exact.values[0]).epsilon(1e-12));
  CHECK(top.values[20] == Approx(exact.values[20]).epsilon(1e-3));
  CHECK(near::distance(top.vectors.transpose() * top.vectors, Matrix::Identity(80, 80)) <= 1e-11);
  // F = (1 − UUᵀ) K (1 − UUᵀ).
  const Matrix left = Matrix::Identity(500, 500) - top.vectors * top.vectors.transpose();
  const Matrix rest = left * kernel * left;
  CHECK(top.rest_trace == Approx(rest.trace()).epsilon(1e-10));
  CHECK(top.rest_square == Approx(rest.squaredNorm()).epsilon(1e-10));
  CHECK(top.rest_count == 420);
}

TEST_CASE("of a kernel of few features the top is all there is") {
  const TopSpectrum top = top_spectrum(falling(300, 20), 50, 2);
  CHECK(top.values.size() == 20);
  CHECK(top.rest_trace <= 1e-12 * top.values.sum());
  CHECK(top_spectrum(Matrix::Zero(30, 30), 5, 2).values.size() == 0);
}
