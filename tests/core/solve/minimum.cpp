#include "fieldscan/core/solve/minimum.hpp"

#include <cmath>
#include <limits>

#include "catch.hpp"

using namespace fieldscan;

namespace {

/// Σ 100 (x_{k+1} − x_k²)² + (1 − x_k)²: a bent valley with its minimum at 1.
double rosenbrock(const Vector& x, Vector& gradient) {
  double value = 0;
  gradient.setZero();
  for (Index k = 0; k + 1 < x.size(); ++k) {
    const double bend = x[k + 1] - x[k] * x[k], rest = 1 - x[k];
    value += 100 * bend * bend + rest * rest;
    gradient[k] += -400 * bend * x[k] - 2 * rest;
    gradient[k + 1] += 200 * bend;
  }
  return value;
}

}  // namespace

TEST_CASE("the minimum of a bent valley is found in any dimension") {
  for (const Index n : {2, 7, 30}) {
    const auto found = solve::minimum(rosenbrock, Vector::Constant(n, -0.8), {.tolerance = 1e-10});
    CHECK(found.converged);
    CHECK((found.value.array() - 1).abs().maxCoeff() < 1e-8);
    CHECK(found.steps < 40 * n);
  }
}

TEST_CASE("the minimum of a function with a wall is found without leaving its domain") {
  int outside = 0;
  const auto wall = [&](const Vector& x, Vector& gradient) {
    if (!(x[0] > 0)) {
      ++outside;
      return std::numeric_limits<double>::quiet_NaN();
    }
    gradient[0] = 1 - 1e-6 / x[0];
    return x[0] - 1e-6 * std::log(x[0]);
  };
  const auto found = solve::minimum(wall, Vector::Constant(1, 3.0), {.tolerance = 1e-10});
  CHECK(found.converged);
  CHECK(found.value[0] == Approx(1e-6).epsilon(1e-6));
  CHECK(outside > 0);
}

TEST_CASE("what has no minimum, or no value at the start, is not converged") {
  const auto falls = [](const Vector& x, Vector& gradient) {
    gradient.setConstant(-1);
    return -x.sum();
  };
  CHECK_FALSE(solve::minimum(falls, Vector::Zero(2), {.steps = 50}).converged);
  const auto nowhere = [](const Vector&, Vector&) { return std::numeric_limits<double>::infinity(); };
  CHECK_FALSE(solve::minimum(nowhere, Vector::Zero(2)).converged);
  CHECK_FALSE(solve::minimum(rosenbrock, Vector::Constant(30, -0.8), {.steps = 5}).converged);
}
