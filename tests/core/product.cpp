#include "fieldscan/core/product.hpp"

#include <array>
#include <cmath>
#include <utility>

#include "catch.hpp"
#include "near.hpp"
#include "normals.hpp"

using namespace fieldscan;
using fieldscan::testing::normals;

namespace {

/// All three products into the corner of a larger matrix, against sums in double precision.
template <class Scalar>
void check_products(Index m, Index n, Index k, double tolerance) {
  const MatrixOf<Scalar> a = normals<Scalar>(m + 3, k, 1), b = normals<Scalar>(k, n, 2),
                         start = normals<Scalar>(m + 2, n, 3);
  const auto left = a.topRows(m);
  const MatrixOf<Scalar> transposed = left.transpose(), other = b.transpose();
  const Matrix exact = -0.5 * (left.template cast<double>() * b.template cast<double>());
  for (const Put put : {Put::alone, Put::added}) {
    MatrixOf<Scalar> expected = start;
    expected.topRows(m) =
        ((put == Put::added ? 1 : 0) * start.topRows(m).template cast<double>() + exact).template cast<Scalar>();
    std::array<MatrixOf<Scalar>, 3> out{start, start, start};
    multiply<Scalar>(-0.5, left, b, out[0].topRows(m), put);
    multiply_transposed<Scalar>(-0.5, left, other, out[1].topRows(m), put);
    transposed_multiply<Scalar>(-0.5, transposed, b, out[2].topRows(m), put);
    for (const auto& found : out) {
      CAPTURE(m, n, k, (found - expected).norm(), expected.norm());
      CHECK((found - expected).norm() <= tolerance * (expected.norm() + start.norm()));
      CHECK((found.bottomRows(2) == start.bottomRows(2)));
    }
  }
}

}  // namespace

TEST_CASE("products of all shapes are those of their sums") {
  for (const Index m : {1, 3, 4, 8, 17, 30, 61})
    for (const Index n : {1, 2, 5, 8, 19})
      for (const Index k : {1, 7, 64}) {
        check_products<double>(m, n, k, 1e-15 * std::sqrt(static_cast<double>(k) + 8));
        check_products<float>(m, n, k, 6e-7 * std::sqrt(static_cast<double>(k) + 8));
      }
  check_products<double>(20, 9, 1024, 1e-13);
  check_products<double>(20, 9, 1025, 1e-13);  // from here on Eigen's
  check_products<double>(1100, 3, 1000, 1e-13);
  // Right factors whose rows are more than a page apart.
  for (const Index n : {520, 549}) check_products<double>(33, n, 20, 1e-14);
  // Left factors whose columns are far apart, in slices of summands and of rows.
  check_products<double>(290, 263, 301, 3e-14);
  check_products<float>(530, 261, 256, 1e-5);
  check_products<float>(70, 1061, 20, 3e-6);
}

TEST_CASE("an element of a product does not depend on how many others there are") {
  for (const auto& [m, k, n] : {std::array<Index, 3>{77, 90, 45}, {270, 601, 264}}) {  // in place; packed in slices
    const Matrix a = normals<double>(m, k, 4), b = normals<double>(k, n, 5), left = a.transpose();
    Matrix whole(m, n);
    multiply<double>(0.7, a, b, whole, Put::alone);
    for (const auto& [rows, columns] : {std::pair<Index, Index>{1, 1}, {16, 8}, {13, 3}, {76, 44}}) {
      Matrix part(rows, columns), other(rows, columns);
      multiply<double>(0.7, a.bottomRows(rows), b.rightCols(columns), part, Put::alone);
      CHECK(near::equal(part, whole.bottomRightCorner(rows, columns)));
      transposed_multiply<double>(0.7, left.rightCols(rows), b.rightCols(columns), other, Put::alone);
      CHECK(near::equal(other, part));
    }
  }
}
