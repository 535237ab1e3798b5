#include <algorithm>
#include <cmath>
#include <vector>

#include "catch.hpp"
#include "fieldscan/theory/feature_dynamics/layers_in_time.hpp"
#include "fieldscan/theory/feature_dynamics/unit_fluctuations.hpp"
#include "near.hpp"

/// Populations of units against numbers of an independent implementation (Python; Gauss and trapezoid rules, exact
/// closures, and another Monte-Carlo code), and against exact identities.
using namespace fieldscan;
using namespace fieldscan::theory;

namespace {

const double half_root = std::sqrt(0.5);

FeatureProblem problem_of(const Matrix& kernel, const Vector& label, const network::ActivationChoice& activation,
                          int depth, double richness, const DescentSteps& descent) {
  data::Draw draw;
  const Eigen::LLT<Matrix> factor(kernel);
  draw.train.x = std::sqrt(static_cast<double>(kernel.rows())) * Matrix(factor.matrixL());
  draw.train.label = label;
  draw.test = draw.train;
  return feature_problem({.depth = depth, .activation = activation}, richness, descent, draw);
}

Matrix three_points() {
  Matrix x(3, 3);
  x << 1, 0.5, -0.3, -0.4, 1.2, 0.7, 0.2, -0.9, 1.1;
  return x * x.transpose() / 3;
}
const Vector three_labels = (Vector(3) << 1, -0.5, 0.25).finished();
const Matrix two_points = (Matrix(2, 2) << 0.52, 0.36, 0.36, 0.73).finished();
const Vector two_labels = (Vector(2) << 1.5, 1).finished();

Stream stream(std::uint64_t k) { return {5, Purpose::test, "units", k, 0}; }

}  // namespace

TEST_CASE("one layer by a rule has the reference numbers") {
  const Matrix one = Matrix::Constant(1, 1, 0.8), two = (Matrix(2, 2) << 1, 0.3, 0.3, 0.7).finished();
  const Vector y1 = Vector::Ones(1), y2 = (Vector(2) << 1, -0.6).finished();
  const network::ActivationChoice erf = network::Erf{.scale = half_root};
  const auto last = [](const FeatureProblem& problem, const UnitSample& sample, std::int64_t step) {
    return follow_units(problem, sample, {step}).back().train;
  };
  const FeatureProblem first = problem_of(one, y1, erf, 1, 2, {.step = 0.1}),
                       second = problem_of(one, y1, network::Tanh{}, 1, 1, {.step = 0.2}),
                       third = problem_of(two, y2, erf, 1, 1.5, {.step = 0.1});
  const UnitSample line = product_units_in_ball(1, 0.1, 8.5), plane = product_units_in_ball(2, 0.22, 7.5);
  CHECK(last(first, line, 10)[0] == Approx(0.4739559385019557).epsilon(1e-9));
  CHECK(last(first, line, 30)[0] == Approx(0.8931608620645077).epsilon(1e-9));
  CHECK(last(second, line, 10)[0] == Approx(0.7821567122561133).epsilon(1e-9));
  CHECK(last(second, line, 20)[0] == Approx(0.9535002346014072).epsilon(1e-9));
  CHECK(near::distance(last(third, plane, 20), (Vector(2) << 0.7477987704870405, -0.41126284778553795).finished()) <
        1.2e-6);
}

TEST_CASE("linear units close exactly, in one layer and in several") {
  // f of the deep linear dynamical mean-field theory, solved without samples.
  struct Reference {
    int depth;
    double richness, step;
    std::vector<double> after_20;
  };
  const std::vector<Reference> references = {
      {1, 0.5, 0.1, {0.8240183628491929, -0.5112006067925119, 0.16138000809586106}},
      {1, 2, 0.05, {0.7513664101941997, -0.5126623767479768, 0.12990166805327555}},
      {2, 1, 0.1, {0.9905735410882157, -0.5059191708174261, 0.24189290958885185}},
      {2, 2, 0.05, {0.9799902015468842, -0.5166977141361471, 0.23057248599160676}},
      {3, 1, 0.05, {0.9647245462647063, -0.5203792164838807, 0.2214841699849544}}};
  for (const auto& [depth, richness, step, expected] : references) {
    CAPTURE(depth, richness);
    const FeatureProblem problem =
        problem_of(three_points(), three_labels, network::Linear{}, depth, richness, {.step = step});
    const Vector f = Eigen::Map<const Vector>(expected.data(), 3);
    if (depth == 1) {
      CHECK(near::distance(follow_units(problem, second_moment_units(3), {20}).back().train, f) < 1e-11);
      continue;
    }
    const LayerNoise noise = layer_noise(problem, 20, 1100, stream(1));
    const FeatureState state = follow_layers(problem, noise, {20}).back();
    CHECK(near::distance(state.train, f) < 1e-7);
    CHECK(near::distance(state.test, state.train) < 1e-6);  // by the jitter of the factors
    // Without responses they are others.
    CHECK(near::distance(follow_layers(problem, noise, {20}, Responses::none).back().train, f) > 1e-3);
  }
}

TEST_CASE("a layer marched in time is its population, with momentum and ridge") {
  for (const auto anchor : {dynamics::Anchor::initial, dynamics::Anchor::zero}) {
    const FeatureProblem problem = problem_of(three_points(), three_labels, network::Tanh{}, 1, 1.5,
                                              {.step = 0.2, .momentum = 0.6, .pull = 0.03, .anchor = anchor});
    Matrix normals(200, 4);
    stream(2).normals({normals.data(), 800});
    const LayerNoise noise{
        .forward = {normals.rightCols(3)}, .backward = {normals.leftCols(1)}, .own = {Matrix(200, 0)}};
    const auto units = follow_units(problem, paired_units(normals, Matrix(0, 0), Moments::drawn), {1, 7, 15}),
               layers = follow_layers(problem, noise, {1, 7, 15});
    for (std::size_t k = 0; k < 3; ++k) {
      CHECK(near::distance(units[k].train, layers[k].train) < 1e-12);
      CHECK(near::distance(units[k].tangent, layers[k].tangent) < 1e-12);
      CHECK(near::distance(units[k].test, units[k].train) < 1e-12);
    }
  }
}

TEST_CASE("two layers of tanh have the reference numbers") {
  // 6000 pairs there, seed to seed 0.003; 8000 here.
  const FeatureProblem problem = problem_of(two_points, two_labels, network::Tanh{}, 2, 2, {.step = 0.15});
  const LayerNoise noise = layer_noise(problem, 12, 8000, stream(3));
  const auto states = follow_layers(problem, noise, {0, 6, 12});
  CHECK(states[0].train.norm() < 1e-12);
  CHECK(near::largest_difference(states[1].train, (Vector(2) << 0.85983, 0.84677).finished()) < 3e-3);
  CHECK(near::largest_difference(states[2].train, (Vector(2) << 1.19332, 1.15482).finished()) < 3e-3);
  // At all times, by Stein's lemma too; without the equal-time term, and without responses, it is elsewhere.
  const std::vector<double> first = {0.463810, 0.859833, 1.087038, 1.193320},
                            second = {0.456041, 0.846769, 1.064225, 1.154824};
  const auto off = [&](Responses responses) {
    const auto found = follow_layers(problem, noise, {3, 6, 9, 12}, responses);
    double most = 0;
    for (std::size_t k = 0; k < 4; ++k)
      most = std::max({most, std::abs(found[k].train[0] - first[k]), std::abs(found[k].train[1] - second[k])});
    return most;
  };
  CHECK(off(Responses::by_correlations) < 3e-3);
  CHECK(off(Responses::without_equal_time) > 7e-3);
  CHECK(off(Responses::none) > 0.07);
}

TEST_CASE("responses from correlations with the noise are those of the units' Jacobians") {
  // Three layers with test points, momentum and decay; two of rectifiers, whose φ″ the Jacobians widen.
  for (const int depth : {2, 3}) {
    const network::ActivationChoice activation =
        depth == 2 ? network::ActivationChoice(network::Relu{}) : network::ActivationChoice(network::Tanh{});
    FeatureProblem problem = problem_of(two_points, two_labels, activation, depth, 1.5,
                                        {.step = 0.1, .momentum = 0.3, .pull = 0.01, .anchor = dynamics::Anchor::zero});
    const LayerNoise noise = layer_noise(problem, 8, 4000, stream(6));
    const FeatureState jacobians = follow_layers(problem, noise, {8}).back(),
                       correlations = follow_layers(problem, noise, {8}, Responses::by_correlations).back(),
                       none = follow_layers(problem, noise, {8}, Responses::none).back();
    CAPTURE(depth, jacobians.train[0], correlations.train[0], none.train[0]);
    CHECK(near::largest_difference(correlations.train, jacobians.train) < (depth == 2 ? 0.03 : 0.006));
    CHECK(near::largest_difference(correlations.test, correlations.train) < 5e-3);  // the same points
    CHECK(near::largest_difference(none.train, jacobians.train) > 0.06);
  }
}

TEST_CASE("decay towards zero has the reference numbers") {
  // One layer of tanh, γ₀ = 1, κ = 0.05, h = 0.1, by 2¹³ pairs of a Sobol set; their error some 5e-4.
  const auto table = [](Index rows, double phase) {
    Matrix out(rows, 3);
    for (Index i = 0; i < rows; ++i)
      for (Index j = 0; j < 3; ++j) {
        const double a = static_cast<double>(i + 1), b = static_cast<double>(j + 1);
        out(i, j) = std::sqrt(2.0) * std::cos(0.7 * a * b + phase * b * b + 0.37 * a * a);
      }
    return out;
  };
  data::Draw draw;
  draw.train.x = table(5, 1.3);
  draw.train.label = (Vector(5) << 1, -0.5, 0.8, 0.2, -1.1).finished();
  draw.test.x = table(2, 2.1);
  const FeatureProblem problem = feature_problem(
      {.activation = network::Tanh{}}, 1, {.step = 0.1, .pull = 0.1 * 0.05, .anchor = dynamics::Anchor::zero}, draw);
  Matrix normals(16384, 1 + problem.train_root.cols());
  stream(4).normals({normals.data(), static_cast<std::size_t>(normals.size())});
  const auto states = follow_units(problem, paired_units(normals, Matrix(0, 0), Moments::exact), {1, 10, 50});
  const Vector first = (Vector(5) << 0.133923, -0.161289, 0.186303, -0.131449, -0.206469).finished(),
               last = (Vector(5) << 1.018979, -0.572719, 0.529526, -0.069535, -1.045884).finished(),
               tests = (Vector(2) << 0.349282, 0.326149).finished();
  CHECK(near::largest_difference(states[0].train, first) < 3e-3);
  CHECK(near::largest_difference(states[2].train, last) < 3e-3);
  CHECK(near::largest_difference(states[2].test, tests) < 3e-3);
}

TEST_CASE("variances of one layer have the reference numbers") {
  // N Var f on the training set, which here is the test set; γ₀² N Var f(0) = ⟨φ²⟩.
  const FeatureProblem problem =
      problem_of(Matrix::Constant(1, 1, 0.8), Vector::Ones(1), network::Tanh{}, 1, 1, {.step = 0.2});
  const UnitFluctuations found = unit_fluctuations(problem, product_units_in_ball(1, 0.16, 8), {0, 5, 20}, 0.003);
  const std::vector<double> expected = {0.3540870681940804, 0.15833045515423738, 0.0067125472095662594};
  for (std::size_t k = 0; k < 3; ++k) {
    CAPTURE(k);
    CHECK(scaled_variance(found, k)[0] == Approx(expected[k]).epsilon(2e-4));
  }
}
