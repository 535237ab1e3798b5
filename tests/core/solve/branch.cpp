#include "fieldscan/core/solve/branch.hpp"

#include <cmath>

#include "catch.hpp"
#include "fieldscan/core/solve/fixed_point.hpp"
#include "fieldscan/core/solve/root.hpp"

using namespace fieldscan;
using namespace fieldscan::solve;

namespace {

std::vector<double> grid(double low, double high, int count) {
  std::vector<double> out;
  for (int k = 0; k < count; ++k) out.push_back(low + (high - low) * k / (count - 1));
  return out;
}

/// m = tanh((m + h)/T): a magnet's magnetisation in a field, at T = 0.5 with two branches for |h| < 0.2664.
Solved<Vector> magnet(double field, const Vector& guess) {
  const auto map = [&](const Vector& m) { return Vector(((m.array() + field) / 0.5).tanh()); };
  return fixed_point(map, guess, {.tolerance = 1e-12, .steps = 2000, .memory = 0});
}
double end_of_branch() {  // where dm/dh diverges: 1 − m² = T
  const double m = std::sqrt(0.5);
  return m - 0.5 * std::atanh(m);
}

/// x² = p from the side of the root that a guess is on: no solution for p < 0, a fold at 0.
Solved<double> square_root(double p, double guess) {
  return newton([&](double x) { return ValueAndSlope<double>{x * x - p, 2 * x}; }, guess, {.steps = 60});
}

}  // namespace

TEST_CASE("two branches are followed to their ends: hysteresis") {
  const auto fields = grid(-0.6, 0.6, 121);
  const auto both = follow_both_ways<Vector>(fields, Vector::Constant(1, -1), magnet);
  const double end = end_of_branch();
  CHECK(end > 0.266);
  CHECK(end < 0.267);
  for (std::size_t k = 0; k < fields.size(); ++k) {
    const double h = fields[k], up = both.up[k].value[0], down = both.down[k].value[0];
    CAPTURE(h, up, down);
    CHECK(both.up[k].converged);
    CHECK(both.down[k].converged);
    CHECK(std::abs(std::tanh((up + h) / 0.5) - up) <= 1e-11);
    CHECK((up < 0) == (h < end));
    CHECK((down > 0) == (h > -end));
  }
  const auto apart = side_by_side(both, 1e-3);
  CHECK(apart.size() == 53);  // |h| ≤ 0.26 in steps of 0.01
  CHECK(fields[apart.front()] == Approx(-0.26));
}

TEST_CASE("one branch is the same both ways") {
  const auto smooth = [](double p, double guess) {
    return newton([&](double x) { return ValueAndSlope<double>{x * x * x + x - p, 3 * x * x + 1}; }, guess, {});
  };
  const auto both = follow_both_ways<double>(grid(-2, 2, 9), 0.0, smooth);
  for (std::size_t k = 0; k < 9; ++k) CHECK(std::abs(both.up[k].value - both.down[k].value) <= 1e-14);
  CHECK(side_by_side(both, 1e-12).empty());
}

TEST_CASE("beyond a fold there is nothing, and the branch goes on where it is again") {
  const std::vector<double> way{4, 1, 0.25, -1, -4, 0.25, 1};
  const auto sweep = follow<double>(way, 2.0, square_root);
  for (std::size_t k = 0; k < way.size(); ++k) {
    CAPTURE(way[k], sweep[k].value);
    CHECK(sweep[k].converged == (way[k] > 0));
    if (way[k] > 0) CHECK(std::abs(sweep[k].value - std::sqrt(way[k])) <= 1e-14);
  }
}

TEST_CASE("a step too long for the solver is halved") {
  // A solver that finds only what is near.
  const auto near = [](double p, double guess) {
    return Solved<double>{
        .value = p, .residual = std::abs(p - guess), .steps = 1, .converged = std::abs(p - guess) < 0.2};
  };
  const std::vector<double> way{0, 1};
  CHECK(follow<double>(way, 0.0, near).back().converged);
  CHECK_FALSE(follow<double>(way, 0.0, near, {.halvings = 0}).back().converged);
  const std::vector<double> far{0, 100};
  CHECK_FALSE(follow<double>(far, 0.0, near).back().converged);
}
