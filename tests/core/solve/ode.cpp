#include "fieldscan/core/solve/ode.hpp"

#include <cmath>
#include <vector>

#include "catch.hpp"

using namespace fieldscan;
using namespace fieldscan::solve;

namespace {

void rotation(const VectorView& x, double, Eigen::Ref<Vector> slope) {
  slope[0] = -x[1];
  slope[1] = x[0];
}

}  // namespace

TEST_CASE("a rotation and a forced decay, at the times asked for") {
  const std::vector<double> times{0, 1e-3, 1, 1, 10};
  const auto circle = integrate(rotation, Vector::Unit(2, 0), times);
  CHECK(circle.converged);
  CHECK(circle.residual == 0);
  double worst = 0;
  for (Index k = 0; k < 5; ++k) {
    const double t = times[static_cast<std::size_t>(k)];
    worst = std::max({worst, std::abs(circle.value(0, k) - std::cos(t)), std::abs(circle.value(1, k) - std::sin(t))});
  }
  CHECK(worst <= 1e-8);
  CHECK(worst > 0);
  const auto forced = integrate([](const VectorView& x, double t, Eigen::Ref<Vector> s) { s[0] = t - x[0]; },
                                Vector::Zero(1), std::vector<double>{0, 2});
  CHECK(std::abs(forced.value(0, 1) - (1 + std::exp(-2.0))) <= 1e-9);
  CHECK(integrate(rotation, Vector::Unit(2, 0), std::vector<double>{3.0}).converged);  // the start alone
}

TEST_CASE("of a rotation, which keeps errors as they are, the error that is estimated is above the one that is made") {
  double before = 0;
  for (const double relative : {1e-10, 1e-7, 1e-4}) {
    const auto circle = integrate(rotation, Vector::Unit(2, 0), std::vector<double>{0, 20},
                                  {.relative = relative, .absolute = 1e-2 * relative});
    const double made = std::hypot(circle.value(0, 1) - std::cos(20.0), circle.value(1, 1) - std::sin(20.0));
    CAPTURE(relative, made, circle.error);
    CHECK(circle.error >= made);
    CHECK(circle.error <= 1e3 * relative);
    CHECK(circle.error > 10 * before);
    before = circle.error;
  }
  // Relative to the solution: the same circle a thousand times as large; and of one that stands still none.
  const auto large = integrate(rotation, 1e3 * Vector::Unit(2, 0), std::vector<double>{0, 20}, {.absolute = 1e-9}),
             small = integrate(rotation, Vector::Unit(2, 0), std::vector<double>{0, 20});
  CHECK(std::abs(large.error / small.error - 1) < 1e-3);
  CHECK(integrate(rotation, Vector::Zero(2), std::vector<double>{0, 20}).error == 0);
  CHECK(integrate(rotation, Vector::Unit(2, 0), std::vector<double>{3.0}).error == 0);
}

TEST_CASE("more times recorded do not make the steps shorter for good") {
  std::vector<double> few{0, 20}, many{0};
  for (int k = 1; k <= 2000; ++k) many.push_back(0.01 * k);
  const auto a = integrate(rotation, Vector::Unit(2, 0), few), b = integrate(rotation, Vector::Unit(2, 0), many);
  CHECK(std::abs(a.value(0, 1) - b.value(0, 2000)) <= 1e-7);
  CHECK(b.steps <= 2000 + a.steps);
}

TEST_CASE("a stiff equation exhausts the steps, and says how far it came") {
  const Derivative stiff = [](const VectorView& x, double t, Eigen::Ref<Vector> s) {
    s[0] = -1e6 * (x[0] - std::cos(t));
  };
  const auto solved = integrate(stiff, Vector::Zero(1), std::vector<double>{0, 1e-5, 10}, {.steps = 2000});
  CHECK_FALSE(solved.converged);
  CHECK(solved.steps == 2000);
  CHECK(solved.value.cols() == 2);  // the first times were reached
  CHECK(solved.residual > 9);
  CHECK(solved.residual < 10);
  CHECK(integrate(stiff, Vector::Zero(1), std::vector<double>{0, 1e-5, 1e-3}, {.steps = 20000}).converged);
}

TEST_CASE("what blows up or is not finite is not converged") {
  const auto explosion = integrate([](const VectorView& x, double, Eigen::Ref<Vector> s) { s[0] = x[0] * x[0]; },
                                   Vector::Ones(1), std::vector<double>{0, 0.5, 2});  // 1/(1 − t)
  CHECK_FALSE(explosion.converged);
  CHECK(explosion.value.cols() == 2);
  CHECK(std::abs(explosion.value(0, 1) - 2) <= 1e-8);
  const auto not_finite = integrate([](const VectorView&, double t, Eigen::Ref<Vector> s) { s[0] = std::sqrt(1 - t); },
                                    Vector::Zero(1), std::vector<double>{0, 0.5, 2});
  CHECK_FALSE(not_finite.converged);
  CHECK_FALSE(std::isfinite(not_finite.residual));
  // A first step that overshoots to where f is none is too long, not the end.
  const auto decay = [](const VectorView& x, double, Eigen::Ref<Vector> s) {
    s[0] = std::abs(x[0]) <= 2 ? -x[0] : std::numeric_limits<double>::quiet_NaN();
  };
  const auto overshot = integrate(decay, Vector::Ones(1), std::vector<double>{0, 3}, {.first_step = 3});
  CHECK(overshot.converged);
  CHECK(std::abs(overshot.value(0, 1) - std::exp(-3.0)) <= 1e-9);
}
