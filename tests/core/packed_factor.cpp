#include "fieldscan/core/packed_factor.hpp"

#include <limits>

#include "catch.hpp"
#include "fieldscan/core/error.hpp"
#include "fieldscan/core/linear_algebra.hpp"
#include "near.hpp"
#include "normals.hpp"

using namespace fieldscan;
using fieldscan::testing::normals;

namespace {

constexpr double added_to_packed = 0.5;

Matrix gram_of(Index points, Index features) {
  const Matrix f = normals<double>(points, features, 1);
  return f * f.transpose() / static_cast<double>(points);
}

/// What is above the diagonal is no number.
PackedLower packed_of(const Matrix& matrix) {
  PackedLower out(matrix.rows());
  for (Index j = 0; j < matrix.cols(); ++j)
    for (Index i = j / PackedLower::width * PackedLower::width; i < matrix.rows(); ++i)
      out(i, j) = i >= j ? matrix(i, j) : std::numeric_limits<double>::quiet_NaN();
  return out;
}

}  // namespace

TEST_CASE("a packed triangle is the symmetric matrix in half of the memory") {
  for (const Index n : {1, 255, 256, 257, 530}) {
    CAPTURE(n);
    const Matrix matrix = gram_of(n, 40), x = normals<double>(n, 3, 2);
    const PackedLower packed = packed_of(matrix);
    double numbers = 0;
    for (Index c = 0; c < packed.columns(); ++c) numbers += static_cast<double>(packed.column(c).size());
    CHECK(8 * numbers <= PackedLower::bytes(static_cast<double>(n)));
    CHECK(8 * numbers >= 4 * static_cast<double>(n * n));
    CHECK(packed.is_finite());
    CHECK(packed.trace() == Approx(matrix.trace()));
    CHECK(packed.one_norm() == Approx(matrix.cwiseAbs().colwise().sum().maxCoeff()));
    CHECK(near::distance(packed.times(x), matrix * x) <= 1e-13 * matrix.norm() * x.norm());
  }
  PackedLower wrong(300);
  for (Index c = 0; c < wrong.columns(); ++c) wrong.column(c).setZero();
  wrong(299, 0) = std::numeric_limits<double>::infinity();
  CHECK_FALSE(wrong.is_finite());
}

TEST_CASE("a packed factor solves with the bits of the other one, and few columns to rounding") {
  for (const Index points : {1, 200, 256, 257, 600}) {
    const Matrix kernel = gram_of(points, points + 3);
    const Factor whole = factor(kernel, added_to_packed);
    const PackedFactor packed = packed_factor([&] { return packed_of(kernel); }, added_to_packed);
    CAPTURE(points);
    CHECK(packed.jitter == 0);
    CHECK(packed.norm == Approx(whole.norm));
    CHECK(packed.log_determinant() == Approx(whole.log_determinant()));
    CHECK(packed.condition() == Approx(whole.condition()));
    const Matrix many = normals<double>(points, 300, 2), few = many.leftCols(3);
    CHECK(near::equal(packed.solve(many), whole.solve(many)));
    CHECK(near::equal(packed.half_solve(many), whole.half_solve(many)));
    CHECK(near::equal(packed.inverse_diagonal(), whole.inverse_diagonal()));
    CHECK(near::distance(packed.solve(few), whole.solve(few)) <= 1e-13 * whole.solve(few).norm());
    CHECK(near::distance(packed.half_solve(few), whole.half_solve(few)) <= 1e-13 * few.norm());
    CHECK(near::equal(packed.solve(Vector(few.col(1))), packed.solve(few).col(1)));
  }
}

TEST_CASE("a packed kernel is formed once more where it needs jitter, and refused where no jitter helps") {
  const Matrix singular = gram_of(600, 400);
  int formed = 0;
  const auto make = [&] {
    ++formed;
    return packed_of(singular);
  };
  const PackedFactor f = packed_factor(make, 0);
  CHECK(f.jitter > 0);
  CHECK(f.jitter == factor(singular, 0).jitter);
  CHECK(formed >= 2);
  const Matrix right = normals<double>(600, 20, 3);
  CHECK(near::equal(f.half_solve(right), factor(singular, 0).half_solve(right)));
  Matrix indefinite = Matrix::Identity(300, 300);
  indefinite(280, 280) = -1;
  CHECK_THROWS_AS(packed_factor([&] { return packed_of(indefinite); }, 0.5), NumericalError);
  indefinite(290, 3) = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(packed_factor([&] { return packed_of(indefinite); }, 0.5), NumericalError);
}
