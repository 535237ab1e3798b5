#include <algorithm>
#include <cmath>
#include <set>

#include "../../src/theory/finite_width/gaussian_weights.hpp"
#include "../../src/theory/finite_width/saddle.hpp"
#include "catch.hpp"
#include "fieldscan/core/observable_list.hpp"
#include "fieldscan/core/random.hpp"
#include "fieldscan/theory/average/random_feature_ridge.hpp"
#include "fieldscan/theory/finite_width/kernel_scale.hpp"
#include "fieldscan/theory/iterates.hpp"
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

template <class T>
bool lists(Observable observable) {
  return std::ranges::find(T::observables, observable) != T::observables.end();
}

}  // namespace
TEST_CASE("theories that iterate state what their solvers leave, once at a time and below their tolerances") {
  int listing = 0, stated = 0;
  for_each_kind<TheoryChoice>([&]<class T>() {
    if (!lists<T>(residual)) return;
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
      CHECK(times.empty() != iterates(example.theory, example.setting));  // as records of convergence take it
    }
  });
  CHECK(listing >= 21);
  CHECK(stated > listing);
}

TEST_CASE("what is iterated or not by a word of the theory has a residual accordingly") {
  const auto has = [](const AnyTheory& theory) {
    const auto given = observables_of(theory);
    return std::ranges::find(given, residual) != given.end();
  };
  CHECK(has(Nngp{.solver = Solver::conjugate_gradients}));
  CHECK(has(NtkRegression{.solver = Solver::conjugate_gradients}));
  CHECK(has(NtkFlow{.averaged = true}));
  CHECK(has(NtkDescent{.averaged = true}));
  for (const AnyTheory& closed :
       {AnyTheory(Nngp{}), AnyTheory(NtkRegression{}), AnyTheory(NtkFlow{}), AnyTheory(NtkDescent{})})
    CHECK_FALSE(has(closed));
  // Averages over all scales begin at the saddle, whose residual is not theirs.
  CHECK(has(DeepLinear{.method = ScaleMethod::saddle}));
  CHECK_FALSE(has(DeepLinear{}));
  CHECK(has(Droplet{}));
  CHECK_FALSE(has(Droplet{.solver = DropletSolver::large_modulus, .modulus = 7, .prior_strength = 1}));
  CHECK(has(KernelRenormalisation{}));
  CHECK_FALSE(has(KernelRenormalisation{.method = Renormalisation::student_t}));
  const auto left = [](const Nngp& theory) {
    double out = -1;
    for (const Row& row : predict(theory, sampler(), 0).rows)
      if (row.observable == residual) out = row.value;
    return out;
  };
  CHECK(left({}) == -1);
  const double well = left({.solver = Solver::conjugate_gradients, .tolerance = 1e-10}),
               badly = left({.solver = Solver::conjugate_gradients, .tolerance = 0.1});
  CHECK((well > 0 && well <= 1e-10));
  CHECK((badly > 1e-10 && badly <= 0.1));
}

TEST_CASE("the difference of starts is zero where one solution is there, and how far another is where it is") {
  // One mode of small eigenvalue and four layers: the labels pull it up, or leave it where it is.
  const auto saddle = [](double label) {
    const ScaledKernel kernel{.value = Vector::Constant(1, 0.01),
                              .vectors = Matrix::Identity(1, 1),
                              .label = Matrix::Constant(1, 1, label),
                              .cross = Matrix::Zero(1, 1),
                              .diagonal = Vector::Zero(1),
                              .ridge = 1,
                              .chi = 1e4};
    return scale_saddle(kernel, {1e4, 1e4, 1e4, 1e4}, TraceTerm::kept);
  };
  const ScaleSaddle one = saddle(1), three = saddle(std::sqrt(10.0));
  CHECK(one.roots == 1);
  CHECK(one.farthest == 0);
  CHECK(three.roots == 3);
  CHECK(three.farthest > 0.9);
  int stated = 0;
  for_each_kind<TheoryChoice>([&]<class T>() {
    if (!lists<T>(listed("start_difference"))) return;
    for (const Example& example : laws::examples<T>())
      for (const Row& row : predict(example.theory, example.setting, 0).rows) {
        if (row.observable != listed("start_difference")) continue;
        CAPTURE(T::kind, row.value);
        ++stated;
        CHECK(row.value >= 0);
      }
  });
  CHECK(stated >= 3);
}

TEST_CASE("a second minimum of the free energy of Gaussian weights is seen, and not where all starts lead to one") {
  const auto at = [](double chi) {
    const Stream stream(7, Purpose::test, "starts", 0, 0);
    GaussianWeights problem{.activation = network::Erf{},
                            .inputs = Matrix(8, 2),
                            .labels = Matrix(8, 1),
                            .ridge = 1,
                            .chi = chi,
                            .width = 20};
    stream.normals({problem.inputs.data(), static_cast<std::size_t>(problem.inputs.size())});
    problem.labels = (3 * problem.inputs.col(0).array()).sin();
    return adapt_gaussian(problem).start_difference;
  };
  REQUIRE(at(20));
  CHECK(*at(20) < 1e-5);
  REQUIRE(at(1000));
  CHECK(*at(1000) > 0.1);  // 0.36
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
