#include <algorithm>
#include <cmath>
#include <set>

#include "../../src/theory/finite_width/saddle.hpp"
#include "catch.hpp"
#include "fieldscan/core/observable_list.hpp"
#include "fieldscan/core/random.hpp"
#include "fieldscan/theory/average/random_feature_ridge.hpp"
#include "theory/examples.hpp"

/// What theories say of how well their equations are solved: it is what is left of them, and far from the solution it
/// is large.
namespace fieldscan::theory::laws {

namespace solver_residuals {
namespace {

constexpr Observable residual = listed("solver_residual");

Spectrum power_law() {
  Spectrum out{.eigenvalue = Vector(40), .degeneracy = Vector::Ones(40), .tail = 0.01};
  for (Index l = 0; l < 40; ++l) out.eigenvalue[l] = std::pow(static_cast<double>(l) + 1, -1.5);
  return out;
}

bool lists_residual(const AnyTheory& theory) {
  const auto listed_here = observables_of(theory);
  return std::ranges::find(listed_here, residual) != listed_here.end();
}

}  // namespace
TEST_CASE("theories that iterate state what their solvers leave, once at a time and below their tolerances") {
  int listing = 0, stated = 0;
  for_each_kind<TheoryChoice>([&]<class T>() {
    if (!lists_residual(T{})) return;
    ++listing;
    for (const Example& example : laws::examples<T>()) {
      CAPTURE(T::kind);
      std::set<double> times;
      for (const Row& row : predict(example.theory, example.setting, 0).rows) {
        if (row.observable != residual) continue;
        ++stated;
        CHECK(row.value >= 0);
        // A step on a sample of units is as long as the sample scatters; everything else is solved to 1e-5 or better.
        CHECK(row.value <= (row.standard_error == 0 && T::kind == "deep_adaptation" ? 0.3 : 1e-5));
        CHECK(times.insert(row.time).second);
      }
    }
  });
  CHECK(listing >= 17);
  CHECK(stated > listing);
}

TEST_CASE("the residual of a renormalised ridge is zero at its solution alone") {
  const Spectrum spectrum = power_law();
  for (const double points : {3.0, 20.0, 100.0})
    for (const double ridge : {0.0, 0.1, 3.0}) {
      CAPTURE(points, ridge);
      const double kappa = effective_ridge(spectrum, points, ridge);
      CHECK(ridge_residual(spectrum, points, ridge, kappa) < 1e-13);
      CHECK(ridge_residual(spectrum, points, ridge, 1.01 * kappa) > 1e-4);
      CHECK(ridge_residual(spectrum, points, ridge, 0.99 * kappa) > 1e-4);
      const double k = random_feature_constant(spectrum, points, 30, ridge);
      CHECK(random_feature_residual(spectrum, points, 30, ridge, k) < 1e-12);
      CHECK(random_feature_residual(spectrum, points, 30, ridge, 1.01 * k) > 1e-4);
    }
}

TEST_CASE("the residual of a saddle is what its equation leaves, and larger where it is solved less well") {
  constexpr Index nodes = 400, points = 5;
  Population population{
      .z = Matrix::Zero(nodes, 1), .log_weight = Vector::Zero(nodes), .feature = Matrix(nodes, points)};
  const Stream stream(4, Purpose::test, "saddle", 0, 0);
  stream.normals({population.feature.data(), static_cast<std::size_t>(population.feature.size())});
  const SaddleProblem problem{.labels = Vector{{1, -0.5, 0.3, 2, -1}}, .ridge = 0.2, .strength = 0.5, .readout = 1};
  const Matrix start = Matrix::Zero(points, 1);
  const Saddle well = find_saddle(problem, population, start), badly = find_saddle(problem, population, start, 0.5);
  const auto left = [&](const Saddle& s) {  // κt − y + σ_a²⟨φ t·φ⟩_t, from the weights alone
    const Vector score = population.feature * s.t;
    const Vector pull = population.feature.transpose() * s.weight.cwiseProduct(score);
    return (problem.ridge * s.t - problem.labels + problem.readout * pull).norm() / problem.labels.norm();
  };
  CHECK(well.residual < 1e-10);
  CHECK(badly.residual > 1e3 * well.residual);
  CHECK(badly.residual == Approx(left(badly)).epsilon(1e-8));
}

}  // namespace solver_residuals
}  // namespace fieldscan::theory::laws
