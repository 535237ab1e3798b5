#include "fieldscan/core/digits.hpp"

#include <cmath>

#include "catch.hpp"
#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/core/random.hpp"

using namespace fieldscan;

namespace {

using Long = Eigen::Matrix<long double, Eigen::Dynamic, Eigen::Dynamic>;

Matrix normals(Index rows, Index cols, std::uint64_t key) {
  Matrix out(rows, cols);
  Stream(5, Purpose::test, "digits", key, 0).normals({out.data(), static_cast<std::size_t>(out.size())});
  return out;
}

/// A matrix of known condition number 10^decades: eigenvalues in a geometric series on random axes.
Matrix matrix_of(Index size, double decades) {
  const Long random = normals(size, size, 1).cast<long double>();
  const Long axes = Eigen::HouseholderQR<Long>(random).householderQ();
  Eigen::Matrix<long double, Eigen::Dynamic, 1> values(size);
  for (Index k = 0; k < size; ++k)
    values[k] = std::pow(10.0L, static_cast<long double>(-decades) * k / static_cast<long double>(size - 1));
  const Long product = axes * values.asDiagonal() * axes.transpose();
  const Matrix rounded = product.cast<double>();
  return 0.5 * (rounded + rounded.transpose());
}

struct Digits {
  double estimated = 0, found = 0;
};
/// u·A⁻¹v in double against the same in long double (19 digits), for u and v that are spread over all axes, or images
/// under A.
enum class Vectors { any, images };
Digits digits_of(const Matrix& a, Vectors which) {
  const Index size = a.rows();
  Vector right = normals(size, 1, 2);
  Matrix left = normals(size, 6, 3);
  if (which == Vectors::images) {
    left = (a * left).eval();
    right = (a * right).eval();
  }
  const Factor factored = factor(a, 0);
  const Vector solved = factored.solve(right), numbers = left.transpose() * solved;
  const Eigen::PartialPivLU<Long> exact(a.cast<long double>());
  const Eigen::Matrix<long double, Eigen::Dynamic, 1> truth =
      left.cast<long double>().transpose() * exact.solve(right.cast<long double>());
  const double error = static_cast<double>((numbers.cast<long double>() - truth).norm() / truth.norm());
  return {.estimated = digits_left({.size = size, .mean_diagonal = a.trace() / static_cast<double>(size)},
                                   factored.solve(left), solved, numbers),
          .found = -std::log10(error)};
}

}  // namespace

TEST_CASE("the digits that are left are those that are found, whatever the condition number says") {
  for (const double decades : {1.0, 4.0, 8.0, 11.0, 13.0})
    for (const Vectors which : {Vectors::any, Vectors::images}) {
      const Digits digits = digits_of(matrix_of(60, decades), which);
      CAPTURE(decades, which == Vectors::any, digits.estimated, digits.found);
      CHECK(digits.estimated < digits.found + 0.5);
      CHECK(digits.estimated > digits.found - 2.5);
    }
  // The worst case is for vectors on all axes; numbers that the matrix smooths keep many more.
  const Matrix poor = matrix_of(60, 13);
  CHECK(digits_of(poor, Vectors::any).found < 5);
  CHECK(digits_of(poor, Vectors::images).estimated > digits_of(poor, Vectors::any).estimated + 4);
}

TEST_CASE("what was added to the diagonal counts too") {
  const Matrix a = matrix_of(40, 2);
  const Vector right = normals(40, 1, 4), left = normals(40, 1, 5);
  const double jitter = 1e-5;
  const Factor plain = factor(a, 0), moved = factor(a, jitter);
  const double f = left.dot(plain.solve(right)), g = left.dot(moved.solve(right));
  const double digits = digits_left({.size = 40, .mean_diagonal = a.trace() / 40, .jitter = jitter},
                                    moved.solve(Matrix(left)), moved.solve(right), Vector::Constant(1, g));
  CHECK(digits < -std::log10(std::abs((f - g) / f)) + 0.5);
  CHECK(digits > 1);
}

TEST_CASE("a remark is made where few digits are left, and none for numbers that are zero") {
  CHECK(digits_remark(9.3, 1e5).empty());
  CHECK(digits_remark(3.4, 1.6e15).find("about 3 digits") != std::string::npos);
  CHECK(digits_remark(3.4, 1.6e15).find("1e15") != std::string::npos);
  const SolvedSystem system{.size = 2, .mean_diagonal = 1};
  CHECK(digits_left(system, Matrix::Ones(2, 1), Vector::Zero(2), Vector::Zero(1)) == 16);
  CHECK(digits_left(system, Matrix::Constant(2, 1, 1e20), Vector::Ones(2), Vector::Ones(1)) == 0);
}
