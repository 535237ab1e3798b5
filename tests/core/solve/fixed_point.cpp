#include "fieldscan/core/solve/fixed_point.hpp"

#include <cmath>
#include <limits>

#include "catch.hpp"

using namespace fieldscan;
using namespace fieldscan::solve;

namespace {

/// A linear map x → A x + b of ten components whose plain iteration has the factors `slowest`, and down to 0.
Vector linear(const Vector& x, double slowest) {
  Vector out(x.size());
  for (Index i = 0; i < x.size(); ++i)
    out[i] = slowest * (1 - static_cast<double>(i) / static_cast<double>(x.size())) * x[i] + 1;
  return out;
}
double worst(const Solved<Vector>& s, double slowest) {
  double error = 0;
  for (Index i = 0; i < s.value.size(); ++i)
    error = std::max(error, std::abs(s.value[i] * (1 - slowest * (1 - static_cast<double>(i) / 10)) - 1));
  return error;
}

Vector one(double x) { return Vector::Constant(1, x); }

}  // namespace

TEST_CASE("mixing finds fixed points where the plain iteration creeps, oscillates or flees") {
  for (const double slowest : {0.5, 0.999, -0.999, -3.0}) {
    CAPTURE(slowest);
    const auto map = [&](const Vector& x) { return linear(x, slowest); };
    const auto mixed = fixed_point(map, Vector::Zero(10), {.steps = 100, .memory = 10});
    CHECK(mixed.converged);
    CHECK(worst(mixed, slowest) <= 1e-8);
    const auto plain = fixed_point(map, Vector::Zero(10), {.steps = 100, .memory = 0});
    CHECK(plain.converged == (slowest == 0.5));
  }
}

TEST_CASE("a scalar map, a fixed point at zero") {
  const auto cosine = fixed_point([](const Vector& x) { return one(std::cos(x[0])); }, one(1));
  CHECK(cosine.converged);
  CHECK(std::abs(std::cos(cosine.value[0]) - cosine.value[0]) <= 1e-12);
  CHECK(cosine.steps < 15);
  const auto dies_out = fixed_point([](const Vector& x) { return Vector(0.5 * x); }, Vector::Ones(3));
  CHECK(dies_out.converged);
  CHECK(dies_out.value.norm() <= 1e-11);
}

TEST_CASE("a map without a fixed point, one that is not finite, and too few steps are not converged") {
  const auto none = fixed_point([](const Vector& x) { return one(x[0] + 1 + 0.1 * std::sin(x[0])); }, one(0));
  CHECK_FALSE(none.converged);
  CHECK(none.residual > 1e-9);
  const auto not_finite = fixed_point([](const Vector&) { return one(std::nan("")); }, one(0));
  CHECK_FALSE(not_finite.converged);
  CHECK_FALSE(std::isfinite(not_finite.residual));
  const auto later =
      fixed_point([](const Vector& x) { return one(x[0] < 100 ? 2 * x[0] + 1 : std::nan("")); }, one(0), {.memory = 0});
  CHECK_FALSE(later.converged);
  const auto map = [](const Vector& x) { return linear(x, 0.999); };
  const auto few = fixed_point(map, Vector::Zero(10), {.steps = 4});
  CHECK_FALSE(few.converged);
  CHECK(few.steps == 4);
  CHECK(few.residual > 0);
}
