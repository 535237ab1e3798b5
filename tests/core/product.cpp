#include "fieldscan/core/product.hpp"

#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "fieldscan/core/scattered_product.hpp"
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

namespace {

/// Columns in any order out of a larger matrix, rows from the second on, against products in double precision.
template <class Scalar>
void check_scattered(Index m, Index n, Index k, double tolerance) {
  const MatrixOf<Scalar> a = normals<Scalar>(m + 3, 2 * k, 1), b = normals<Scalar>(2 * n, k, 2),
                         start = normals<Scalar>(m + 2, n, 3), left = normals<Scalar>(m + 2, n, 4);
  const auto column = [&](Index l) { return a.data() + (7 * l % (2 * k)) * a.rows() + 1; };
  Matrix seen(m, k), other(n, k);
  std::vector<OuterSummand<Scalar>> summands;
  for (Index l = 0; l < k; ++l) {
    summands.push_back({column(l), b.col(l).data()});
    seen.col(l) = Eigen::Map<const VectorOf<Scalar>>(column(l), m).template cast<double>();
    for (Index j = 0; j < n; ++j) other(j, l) = b(2 * j, l);
  }
  for (const Put put : {Put::alone, Put::added}) {
    MatrixOf<Scalar> found = start;
    sum_outer<Scalar>(-0.5, summands, 2, found.topRows(m), put);
    const Matrix before = (put == Put::added ? 1 : 0) * start.topRows(m).template cast<double>();
    const Matrix expected = before - 0.5 * seen * other.transpose();
    CAPTURE(m, n, k);
    CHECK((found.topRows(m).template cast<double>() - expected).norm() <= tolerance * (1 + expected.norm()));
    CHECK((found.bottomRows(2) == start.bottomRows(2)));
  }
  MatrixOf<Scalar> inner = normals<Scalar>(n + 1, k, 5);
  const Matrix expected =
      inner.topRows(n).template cast<double>() + 0.7 * left.topRows(m).template cast<double>().transpose() * seen;
  const MatrixOf<Scalar> rest = inner.bottomRows(1);
  std::vector<InnerColumn<Scalar>> columns;
  for (Index l = 0; l < k; ++l) columns.push_back({column(l), inner.col(l).data()});
  add_inner<Scalar>(Scalar(0.7), left.topRows(m), columns);
  CHECK((inner.topRows(n).template cast<double>() - expected).norm() <= tolerance * (1 + expected.norm()));
  CHECK((inner.bottomRows(1) == rest));
}

}  // namespace

TEST_CASE("products of scattered columns are those of their sums") {
  for (const Index m : {1, 5, 16, 33, 77, 290})
    for (const Index n : {1, 3, 8, 16, 37})
      for (const Index k : {1, 9, 40}) {
        check_scattered<double>(m, n, k, 1e-14);
        check_scattered<float>(m, n, k, 6e-6);
      }
  Matrix out = Matrix::Ones(3, 2);
  sum_outer<double>(1, {}, 1, out, Put::alone);
  CHECK((out.array() == 0).all());
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
