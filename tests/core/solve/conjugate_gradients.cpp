#include "fieldscan/core/solve/conjugate_gradients.hpp"

#include <cmath>
#include <limits>

#include "catch.hpp"
#include "core/normals.hpp"
#include "near.hpp"

using namespace fieldscan;
using fieldscan::testing::normals;

namespace {

struct Equation {
  Matrix a;
  Matrix right = normals<double>(120, 3, 8);
  explicit Equation(double ridge) : a(120, 120) {
    const Matrix f = normals<double>(120, 130, 7);
    a = f * f.transpose() / 120 + ridge * Matrix::Identity(120, 120);
  }
  solve::Solved<Matrix> solved(double tolerance, int most_steps) const {
    return solve::conjugate_gradients(
        [&](const Matrix& x) -> Matrix { return a * x; },
        [&](const Matrix& x) -> Matrix { return a.diagonal().cwiseInverse().asDiagonal() * x; }, right, tolerance,
        most_steps);
  }
};

}  // namespace

TEST_CASE("conjugate gradients end at the residual that they state, and near what a factorisation solves") {
  const Equation e(0.1);
  const Matrix exact = Eigen::LDLT<Matrix>(e.a).solve(e.right);
  for (const double tolerance : {1e-3, 1e-8, 1e-12}) {
    const auto found = e.solved(tolerance, 1000);
    CAPTURE(tolerance, found.steps);
    CHECK(found.converged);
    CHECK(found.residual <= tolerance);
    CHECK(found.residual ==
          Approx(((e.right - e.a * found.value).colwise().norm().array() / e.right.colwise().norm().array()).maxCoeff())
              .epsilon(1e-3));
    CHECK(near::distance(found.value, exact) <= 10 * tolerance * e.right.norm() / 0.1);
  }
  CHECK(e.solved(1e-3, 1000).steps < e.solved(1e-12, 1000).steps);
}

TEST_CASE("a residual that is not reached is said, by steps, by rounding, and by what is not finite") {
  const Equation e(0.1);
  const auto few = e.solved(1e-8, 3);
  CHECK_FALSE(few.converged);
  CHECK(few.residual > 1e-8);
  CHECK(few.steps <= 4);
  const auto rounding = e.solved(1e-18, 100000);
  CHECK_FALSE(rounding.converged);
  CHECK(rounding.steps < 100000);
  Equation wrong(0.1);
  wrong.a(3, 3) = std::numeric_limits<double>::quiet_NaN();
  CHECK_FALSE(wrong.solved(1e-8, 100).converged);
  Equation nothing(0.1);
  nothing.right.setZero();
  const auto zero = nothing.solved(1e-8, 100);
  CHECK(zero.converged);
  CHECK(zero.value.norm() == 0);
}
