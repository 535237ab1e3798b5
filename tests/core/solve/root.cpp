#include "fieldscan/core/solve/root.hpp"

#include <complex>
#include <limits>
#include <string>

#include "catch.hpp"

using namespace fieldscan;
using namespace fieldscan::solve;

namespace {

constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();

double cube(double x) { return x * x * x - 2; }
double flat(double) { return 1e-3; }
double step(double x) { return x < 0.3 ? -1 : 1; }
double pole(double x) { return 1 / (x - 0.3); }

/// x² − 2, as value and slope.
ValueAndSlope<double> parabola(double x) { return {x * x - 2, 2 * x}; }

/// Σ N λ/(λ + k) − 3 for eigenvalues over thirty decades: falls and is convex.
ValueAndSlope<double> shares(double k) {
  ValueAndSlope<double> out{-3, 0};
  for (const double eigenvalue : {1e10, 1e3, 1.0, 1e-7, 1e-20}) {
    const double share = eigenvalue / (eigenvalue + k);
    out.value += share;
    out.slope -= share / (eigenvalue + k);
  }
  return out;
}

}  // namespace

TEST_CASE("a root between two signs is found to the last bits") {
  const Solved<double> root = root_between(cube, 0, 10);
  CHECK(root.converged);
  CHECK(std::abs(root.value - std::cbrt(2.0)) <= 4.5e-16);  // two units in the last place
  CHECK(root.residual <= 1e-14);
  CHECK(root.steps < 20);
  CHECK(root_between(cube, 10, 0).value == root.value);
  CHECK(root_between([](double x) { return x; }, 0, 1).converged);  // at an end
  CHECK(root_between([](double x) { return x * (1 + x * x); }, -1, 3).converged);
  CHECK(root_between([](double x) { return std::tanh(1e8 * (x - 0.3)); }, 0, 1).converged);  // steep, but no jump
}

TEST_CASE("of several roots one is found, of a multiple root with a change of sign its place") {
  const Solved<double> one = root_between([](double x) { return std::sin(x); }, 1, 10);  // π, 2π, 3π
  CHECK(one.converged);
  CHECK(std::abs(std::sin(one.value)) <= 1e-14);
  const Solved<double> triple = root_between([](double x) { return std::pow(x - 0.5, 3); }, 0, 2);
  CHECK(triple.converged);
  CHECK(std::abs(triple.value - 0.5) <= 1e-5);
  CHECK_FALSE(root_between([](double x) { return (x - 0.5) * (x - 0.5); }, 0, 2).converged);  // no change of sign
}

TEST_CASE("what has no root between its ends is not converged") {
  const Solved<double> missing = root_between(cube, 2, 3);
  CHECK_FALSE(missing.converged);
  CHECK(missing.value == 2);  // the smaller end
  CHECK(missing.residual == 6);
  CHECK_FALSE(root_between(flat, 0, 1).converged);
  CHECK_FALSE(root_between(step, 0, 1).converged);
  CHECK(std::abs(root_between(step, 0, 1).value - 0.3) <= 1e-15);  // where it jumps
  CHECK_FALSE(root_between(pole, 0, 1).converged);
  CHECK(root_between(step, 0, 1, {.steps = 200, .rounding = 2}).converged);  // who calls this zero
  CHECK_FALSE(root_between(cube, 0, 10, {.steps = 2}).converged);
}

TEST_CASE("a function that is not finite is never solved") {
  const auto inside = [](double x) { return x > 0.2 && x < 0.8 ? nan_value : x - 0.5; };
  for (const auto& root : {root_between(inside, 0, 1), root_between([](double) { return nan_value; }, 0, 1)}) {
    CHECK_FALSE(root.converged);
    CHECK_FALSE(std::isfinite(root.residual));
  }
  const auto not_finite = [](double) { return ValueAndSlope<double>{nan_value, 1}; };
  CHECK_FALSE(newton(not_finite, 1.0, {}).converged);
  CHECK_FALSE(newton_from_below(not_finite, 1, 2, {}).converged);
  const auto wall = [](double) { return ValueAndSlope<double>{1, std::numeric_limits<double>::infinity()}; };
  CHECK_FALSE(newton(wall, 1.0, {}).converged);  // stands still, without a root
  CHECK_FALSE(newton_from_below(wall, 1, 2, {}).converged);
}

TEST_CASE("Newton's method, real and complex") {
  const Solved<double> root = newton(parabola, 1.0, {});
  CHECK(root.converged);
  CHECK(std::abs(root.value - std::sqrt(2.0)) <= 4e-16);
  using Complex = std::complex<double>;
  const auto no_real_root = [](auto z) { return ValueAndSlope<decltype(z)>{z * z + 1.0, 2.0 * z}; };
  const Solved<Complex> i = newton(no_real_root, Complex(0.5, 0.5), {});
  CHECK(i.converged);
  CHECK(std::abs(i.value - Complex(0, 1)) <= 1e-15);
  const Solved<double> never = newton(no_real_root, 0.5, {.steps = 100});
  CHECK_FALSE(never.converged);
  CHECK(never.steps == 100);
  CHECK_FALSE(newton([](double) { return ValueAndSlope<double>{1, 0}; }, 0.5, {}).converged);  // flat
}

TEST_CASE("from below a convex function's root is reached over thirty decades, and the ends of the interval are none") {
  const Solved<double> root = newton_from_below(shares, 1e-20, 1e10, {.rounding = 1e-12});
  CHECK(root.converged);
  CHECK(std::abs(shares(root.value).value) <= 1e-13);
  CHECK(root.steps > 3);
  CHECK_FALSE(newton_from_below(shares, 1e-20, 1e10, {.steps = 3}).converged);
  CHECK_FALSE(newton_from_below(shares, 1e-20, 1e-10, {.rounding = 1e-12}).converged);  // the root lies above
  CHECK_FALSE(newton_from_below(shares, 1e2, 1e10, {.rounding = 1e-12}).converged);     // and below
  CHECK_FALSE(newton_from_below([](double) { return ValueAndSlope<double>{1, 0}; }, 0, 1, {}).converged);
}

TEST_CASE("halving needs larger and smaller alone") {
  const auto before = [](double x) { return x * x < 2; };
  const auto root = bisect(before, 0, 2, {.relative = 1e-15, .steps = 100});
  CHECK(root.converged);
  CHECK(root.value.low <= std::sqrt(2.0));
  CHECK(root.value.high >= std::sqrt(2.0));
  CHECK(root.residual <= 4e-15);
  CHECK(bisect(before, 0, 2, {.relative = 0, .steps = 100}).converged);  // to neighbouring numbers
  CHECK_FALSE(bisect(before, 0, 2, {.steps = 5}).converged);
  CHECK_FALSE(bisect(before, 2, 3, {}).converged);
  CHECK_FALSE(bisect(before, 0, 1, {}).converged);
  CHECK_FALSE(bisect([](double) { return nan_value < 0; }, 0, 1, {}).converged);
}

TEST_CASE("an equation that nothing goes on without says what was not found") {
  CHECK(found(root_between(cube, 0, 10), "the root") > 1);
  const auto said = [](const Solved<double>& solved) -> std::string {
    try {
      found(solved, "the root");
    } catch (const NotConverged& error) {
      return std::string("not converged: ") + error.what();
    } catch (const NumericalError& error) {
      return error.what();
    }
    return "";
  };
  CHECK(said(root_between(cube, 2, 3)) ==
        "not converged: the root was not found: after 2 evaluations 6 is left of its equation");
  CHECK(said({.residual = nan_value, .steps = 7}) == "the root: its equation is not finite (after 7 evaluations)");
}
