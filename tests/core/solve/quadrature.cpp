#include "fieldscan/core/solve/quadrature.hpp"

#include <cmath>
#include <limits>
#include <numbers>

#include "catch.hpp"
#include "fieldscan/core/solve/legendre.hpp"

using namespace fieldscan;
using namespace fieldscan::solve;
using std::numbers::pi;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

bool gives(const Solved<double>& integral, double exact) {
  CAPTURE(integral.value, exact, integral.residual, integral.steps, integral.converged);
  CHECK(std::abs(integral.value - exact) <= 1e-11 * std::abs(exact));
  return integral.converged;
}

}  // namespace

TEST_CASE("integrals that are known") {
  CHECK(gives(integral([](double x) { return std::exp(x); }, 0, 1), std::numbers::e - 1));
  CHECK(gives(integral([](double x) { return std::exp(-x * x / 2); }, -infinity, infinity), std::sqrt(2 * pi)));
  CHECK(gives(integral([](double x) { return 1 / (1e-4 + x * x); }, -1, 1), 200 * std::atan(100.0)));  // a narrow peak
  CHECK(gives(integral_singular_ends([](double x) { return 1 / std::sqrt(x); }, 0, 1), 2));
  CHECK(gives(integral_singular_ends([](double x) { return std::log(x); }, 0, 1), -1));
  CHECK(integral([](double) { return 1; }, 2, 2).value == 0);
}

TEST_CASE("an integral that does not exist, or is not reached, is not converged") {
  CHECK_FALSE(integral([](double x) { return 1 / x; }, 0, 1).converged);
  CHECK_FALSE(integral([](double x) { return x > 0.5 ? std::nan("") : x; }, 0, 1).converged);
  CHECK_FALSE(integral_singular_ends([](double x) { return x > 0.5 ? std::nan("") : x; }, 0, 1).converged);
  CHECK_FALSE(integral([](double x) { return std::sin(1e4 * x); }, 0, 1, {.halvings = 2}).converged);
  CHECK_FALSE(std::isfinite(integral([](double) { return std::nan(""); }, 0, 1).residual));
  const auto kink = integral([](double x) { return std::abs(x - 0.3); }, 0, 1);
  CHECK_FALSE(kink.converged);
  CHECK(std::abs(kink.value - 0.29) <= kink.residual);
  CHECK(integral([](double x) { return std::abs(x - 0.3); }, 0, 1, {.relative = 1e-5}).converged);
}

TEST_CASE("rules of Gauss are exact up to twice their nodes") {
  const Index n = 9;
  const LegendreRule legendre = legendre_rule(n);
  Vector b(n - 1);  // of the density ½ on [−1, 1]
  for (Index k = 1; k < n; ++k) b[k - 1] = static_cast<double>(k) / std::sqrt(4.0 * static_cast<double>(k * k) - 1);
  const Rule rule = rule_of_recurrence(b);
  for (int power = 0; power <= 19; ++power) {
    double by_newton = 0, by_recurrence = 0;
    for (Index i = 0; i < n; ++i) {
      by_newton += std::pow(legendre.node[i], power) / legendre.scale[i];
      by_recurrence += rule.weight[i] * std::pow(rule.node[i], power);
    }
    const double exact = power % 2 == 1 ? 0 : 1.0 / (power + 1);
    CAPTURE(power, by_newton, by_recurrence, exact);
    if (power < 2 * n) {
      CHECK(std::abs(by_newton - exact) <= 1e-14);
      CHECK(std::abs(by_recurrence - exact) <= 1e-14);
    } else if (power == 2 * n) {  // the first that it misses
      CHECK(std::abs(by_newton - exact) > 1e-7);
      CHECK(std::abs(by_recurrence - exact) > 1e-7);
    }
  }
}

TEST_CASE("the Legendre nodes of many points lie where the polynomial vanishes, in order") {
  const LegendreRule legendre = legendre_rule(513);
  double sum = 0;
  for (Index i = 0; i < 513; ++i) {
    sum += 2 / legendre.scale[i];
    if (i > 0) CHECK(legendre.node[i] < legendre.node[i - 1]);
  }
  CHECK(std::abs(sum - 2) <= 1e-12);
  CHECK(std::abs(legendre.node[256]) <= 1e-15);
}

TEST_CASE("the contour inverts Laplace transforms") {
  for (const double time : {1e-3, 1.0, 50.0}) {
    double decay = 0, power = 0;
    for (const auto& node : inverse_laplace_contour(time)) {
      decay += 2 * (node.weight / (node.u + 1.0)).real();
      power += 2 * (node.weight * std::pow(node.u, -1.5)).real();
    }
    CAPTURE(time);
    CHECK(std::abs(decay - std::exp(-time)) <= 1e-12);
    CHECK(power == Approx(2 * std::sqrt(time / pi)).epsilon(1e-11));
  }
}
