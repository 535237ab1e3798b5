#include "fieldscan/core/linear_algebra.hpp"

#include "catch.hpp"
#include "fieldscan/core/error.hpp"
#include "fieldscan/core/linear_algebra_library.hpp"
#include "fieldscan/core/random.hpp"
#include "near.hpp"

using namespace fieldscan;

namespace {

Matrix normals(Index rows, Index cols, std::uint64_t r) {
  Matrix m(rows, cols);
  Stream(1, Purpose::test, "matrix", r, 0).normals({m.data(), static_cast<std::size_t>(m.size())});
  return m;
}

}  // namespace

TEST_CASE("a factor solves, halves and gives the determinant") {
  const Matrix b = normals(30, 40, 0);
  const Matrix kernel = b * b.transpose() / 40;
  const Factor f = factor(kernel, 0.3);
  const Matrix a = kernel + 0.3 * Matrix::Identity(30, 30);
  CHECK(f.jitter == 0);
  CHECK(near::distance(f.lower * f.lower.transpose(), a) <= 1e-13 * a.norm());
  const Matrix right = normals(30, 3, 1);
  CHECK(near::distance(a * f.solve(right), right) <= 1e-12 * right.norm());
  CHECK(near::distance(a * f.solve(Vector(right.col(0))), right.col(0)) <= 1e-12 * right.norm());
  CHECK(near::distance(f.lower * f.half_solve(right), right) <= 1e-12 * right.norm());
  const auto pairs = eigenpairs(a);
  CHECK(f.log_determinant() == Approx(pairs.values.array().log().sum()).epsilon(1e-12));
  const double exact = a.cwiseAbs().colwise().sum().maxCoeff() * a.inverse().cwiseAbs().colwise().sum().maxCoeff();
  CHECK(f.condition() <= exact * 1.0001);
  CHECK(f.condition() >= exact / 10);
}

TEST_CASE("only the lower triangle is read") {
  Matrix kernel = Matrix::Identity(4, 4);
  kernel(0, 3) = 1e9;
  CHECK(factor(kernel, 0).condition() == Approx(1));
}

TEST_CASE("jitter is added only where it must, and reported; beyond it is an error with a reason") {
  const Matrix b = normals(20, 5, 2);
  const Matrix singular = b * b.transpose();
  const Factor f = factor(singular, 0);
  CHECK(f.jitter > 0);
  CHECK(f.jitter <= 1e-8 * singular.trace() / 20);
  Matrix indefinite = Matrix::Identity(3, 3);
  indefinite(2, 2) = -1;
  CHECK_THROWS_AS(factor(indefinite, 0.5), NumericalError);
  CHECK_NOTHROW(factor(indefinite, 1.5));
  indefinite(0, 0) = std::nan("");
  CHECK_THROWS_AS(factor(indefinite, 10), NumericalError);
}

TEST_CASE("eigenpairs descend and diagonalise") {
  const Matrix b = normals(25, 25, 3);
  const Matrix a = b + b.transpose();
  const auto [values, vectors] = eigenpairs(a);
  for (Index i = 1; i < values.size(); ++i) CHECK(values[i - 1] >= values[i]);
  CHECK(near::distance(a * vectors, vectors * values.asDiagonal()) <= 1e-12 * a.norm());
  CHECK(near::distance(vectors.transpose() * vectors, Matrix::Identity(25, 25)) <= 1e-12);
}

TEST_CASE("a factor takes the place of the matrix it is made from, and its inverse has this diagonal") {
  const Index points = 300;  // more than one block of columns
  const Matrix b = normals(points, points, 4);
  Matrix a = b * b.transpose() / static_cast<double>(points);
  const Matrix inverse = (a + 0.2 * Matrix::Identity(points, points)).inverse();
  const double* const place = a.data();
  const Factor f = factor(std::move(a), 0.2);
  CHECK(f.lower.data() == place);
  CHECK(near::largest_difference(f.inverse_diagonal(), inverse.diagonal()) <= 1e-12);
  CHECK(near::largest_difference(f.inverse(), inverse) <= 1e-12);
  Matrix symmetric = b + b.transpose();
  const double* const vectors = symmetric.data();
  CHECK(eigenpairs(std::move(symmetric)).vectors.data() == vectors);
}

TEST_CASE("jitter starts again from the matrix, not from what is left of a failed attempt") {
  const Index points = 150;
  const Matrix b = normals(points, 40, 5);
  const Matrix singular = b * b.transpose();
  const Factor f = factor(singular, 0);
  REQUIRE(f.jitter > 0);
  const Matrix a = singular + f.jitter * Matrix::Identity(points, points);
  CHECK(near::distance(f.lower * f.lower.transpose(), a) <= 1e-12 * a.norm());
}

TEST_CASE("the lower triangle is mirrored over blocks") {
  Matrix a = normals(200, 200, 6), expected = a.triangularView<Eigen::Lower>();
  expected += a.triangularView<Eigen::StrictlyLower>().transpose();
  mirror_lower(a);
  CHECK(a == expected);
}

TEST_CASE("a library that runs old kernels is told, with what to set") {
  CHECK(slow_kernels("Prescott", 8).find("4 times as long; export OPENBLAS_CORETYPE=SkylakeX") != std::string::npos);
  CHECK(slow_kernels("prescott", 4).find("OPENBLAS_CORETYPE=Haswell") != std::string::npos);
  CHECK_FALSE(slow_kernels("Haswell", 8).empty());
  for (const auto& [core, doubles] :
       {std::pair{"Haswell", 4}, {"Zen", 8}, {"SkylakeX", 8}, {"Prescott", 2}, {"ARMV8", 8}})
    CHECK(slow_kernels(core, doubles).empty());
  CHECK(slow_linear_algebra() == slow_kernels(linear_algebra_core(), Eigen::internal::packet_traits<double>::size));
}
