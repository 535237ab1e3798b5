#include <limits>

#include "catch.hpp"
#include "fieldscan/core/error.hpp"
#include "fieldscan/core/linear_algebra.hpp"
#include "near.hpp"
#include "normals.hpp"

using namespace fieldscan;
using fieldscan::testing::normals;

namespace {

constexpr double added_noise = 0.5;

Matrix kernel_of(Index points, Index features) {
  const Matrix f = normals<double>(points, features, 1);
  return f * f.transpose() / static_cast<double>(points);
}

/// Tasks set the number of threads; a test gives it back.
struct Threads {
  explicit Threads(int count) { set_linear_algebra_threads(count); }
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;
  ~Threads() { set_linear_algebra_threads(1); }
};

}  // namespace

TEST_CASE(
    "factors in tiles solve what Eigen's solve, on both sides of the height of a tile and for few and many columns") {
  for (const Index points : {1, 17, 255, 256, 257, 530}) {
    const Matrix kernel = kernel_of(points, points + 3);
    const Matrix a = kernel + added_noise * Matrix::Identity(points, points);
    const Eigen::LLT<Matrix> reference(a);
    const double rounding = 10 * std::numeric_limits<double>::epsilon() * a.norm() / added_noise;
    const Factor f = factor(kernel, added_noise);
    CAPTURE(points);
    CHECK(f.jitter == 0);
    CHECK(near::distance(f.lower, reference.matrixL()) <= rounding * f.lower.norm());
    for (const Index columns : {1, 15, 16, 300}) {
      const Matrix right = normals<double>(points, columns, 2);
      CAPTURE(columns);
      CHECK(near::distance(f.half_solve(right), reference.matrixL().solve(right)) <= rounding * right.norm());
      CHECK(near::distance(f.solve(right), reference.solve(right)) <= rounding * right.norm());
    }
    const Matrix inverse = reference.solve(Matrix::Identity(points, points));
    CHECK(near::distance(f.inverse(), inverse) <= rounding * inverse.norm());
    CHECK(near::distance(f.inverse_diagonal(), inverse.diagonal()) <= rounding * inverse.norm());
    const double exact = a.cwiseAbs().colwise().sum().maxCoeff() * inverse.cwiseAbs().colwise().sum().maxCoeff();
    CHECK(f.condition() <= exact * (1 + 1e-9));
    CHECK(f.condition() >= exact / 10);
  }
}

TEST_CASE("of many right-hand sides each has its own bits, whatever stands beside it") {
  const Factor f = factor(kernel_of(300, 310), added_noise);
  const Matrix right = normals<double>(300, 290, 3);
  const Matrix all = f.solve(right);
  CHECK(near::equal(f.solve(Matrix(right.middleCols(100, 20))), all.middleCols(100, 20)));
  CHECK(near::equal(f.solve(Matrix(right.leftCols(3))).col(1), f.solve(Vector(right.col(1)))));
}

TEST_CASE("factors and what is solved with them have the same bits on any number of threads") {
  const Matrix kernel = kernel_of(800, 810), right = normals<double>(800, 600, 4);
  const Factor alone = factor(kernel, added_noise);
  const Matrix solved = alone.solve(right), inverse = alone.inverse();
  for (const int count : {2, 3, 5}) {
    const Threads threads(count);
    CAPTURE(linear_algebra_threads());
    const Factor f = factor(kernel, added_noise);
    CHECK(near::equal(f.lower, alone.lower));
    CHECK(near::equal(f.solve(right), solved));
    CHECK(near::equal(f.inverse(), inverse));
    CHECK(near::equal(f.inverse_diagonal(), alone.inverse_diagonal()));
  }
}

TEST_CASE("what is not positive beyond the first tile is found there, and mended with jitter where it can be") {
  const Index points = 600;
  const Matrix singular = kernel_of(points, 400);  // positive in the first tile, and at the end of its rank no more
  const Factor f = factor(singular, 0);
  REQUIRE(f.jitter > 0);
  const Matrix a = singular + f.jitter * Matrix::Identity(points, points);
  CHECK(near::distance(f.lower * f.lower.transpose(), a) <= 1e-12 * a.norm());
  Matrix indefinite = Matrix::Identity(points, points);
  indefinite(580, 580) = -1;
  CHECK_THROWS_AS(factor(indefinite, 0.5), NumericalError);
  indefinite(580, 580) = 1;
  indefinite(590, 3) = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(factor(indefinite, 0.5), NumericalError);
}
