#include "fieldscan/core/blocked_cholesky.hpp"

#include <limits>

#include "catch.hpp"
#include "near.hpp"
#include "normals.hpp"

using namespace fieldscan;
using fieldscan::testing::normals;

namespace {

constexpr double ridge = 0.5;

/// ‖a − b‖/‖b‖ in double precision.
template <class Scalar>
double distance(const MatrixOf<Scalar>& a, const Matrix& b) {
  return (a.template cast<double>() - b).norm() / b.norm();
}

}  // namespace

TEMPLATE_TEST_CASE("a blocked Cholesky factorisation solves what it was given, whatever the sizes", "", double, float) {
  using Scalar = TestType;
  const double rounding = std::numeric_limits<Scalar>::epsilon();
  for (const Index n : {1, 2, 15, 16, 17, 33, 100, 530})
    for (const Index others : {1, 7, 90}) {
      CAPTURE(n, others);
      const MatrixOf<Scalar> f = normals<Scalar>(n, n + 5, 1), right = normals<Scalar>(n, others, 2);
      const Matrix exact =
          f.template cast<double>() * f.template cast<double>().transpose() + ridge * Matrix::Identity(n, n);
      const Eigen::LLT<Matrix> reference(exact);
      const double condition = exact.norm() / ridge;
      for (const bool columns : {false, true}) {
        BlockedCholesky<Scalar> cholesky(n);
        if (columns)
          cholesky.set_gram_of_columns(f.transpose(), Scalar(ridge));
        else
          cholesky.set_gram(f, Scalar(ridge));
        REQUIRE(cholesky.factorise());
        const double log_determinant = 2 * reference.matrixLLT().diagonal().array().log().sum();
        CHECK(std::abs(cholesky.log_determinant() - log_determinant) <= condition * rounding);
        MatrixOf<Scalar> x = right, half = right, transposed = right.transpose();
        cholesky.solve(x);
        cholesky.half_solve(half);
        cholesky.solve_on_right(transposed);
        const Matrix b = right.template cast<double>(), solution = reference.solve(b);
        CHECK(distance<Scalar>(x, solution) <= condition * rounding);
        CHECK(distance<Scalar>(transposed, solution.transpose()) <= condition * rounding);
        CHECK(distance<Scalar>(half, reference.matrixL().solve(b)) <= condition * rounding);
      }
    }
}

TEST_CASE("ill-conditioned matrices are solved with the residual of Eigen's factorisation") {
  // Condition numbers from 1e4 to 1e12: rows of F that nearly agree.
  const Matrix base = normals<double>(1, 60, 3), other = normals<double>(60, 60, 4), right = normals<double>(60, 3, 5);
  for (const double spread : {1e-1, 1e-3, 1e-5}) {
    const Matrix f = base.replicate(60, 1) + spread * other;
    const double small = spread * spread * 1e-1;
    const Matrix a = f * f.transpose() + small * Matrix::Identity(60, 60);
    BlockedCholesky<double> cholesky(60);
    cholesky.set_gram(f, small);
    REQUIRE(cholesky.factorise());
    Matrix x = right;
    cholesky.solve(x);
    const Matrix reference = Eigen::LLT<Matrix>(a).solve(right);
    CHECK(near::distance(a * x, right) <= 10 * near::distance(a * reference, right) + 1e-12 * right.norm());
  }
}

TEST_CASE("what is not positive definite or not finite is not factorised") {
  const Matrix f = normals<double>(40, 3, 6);  // of rank 3
  BlockedCholesky<double> cholesky(40);
  cholesky.set_gram(f, -1e-3);
  CHECK_FALSE(cholesky.factorise());
  cholesky.set_gram(f, 1e-3);
  CHECK(cholesky.factorise());
  for (const double wrong : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    Matrix g = f;
    g(39, 1) = wrong;
    cholesky.set_gram(g, 1e-3);
    CHECK_FALSE(cholesky.factorise());
  }
}
