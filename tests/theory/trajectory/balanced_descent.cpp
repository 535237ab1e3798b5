#include "fieldscan/theory/trajectory/balanced_descent.hpp"

#include <cmath>

#include "catch.hpp"
#include "fieldscan/theory/trajectory/balanced_chain.hpp"
#include "near.hpp"
#include "theory/examples.hpp"
#include "theory/random.hpp"

namespace fieldscan::theory::laws {

namespace {

Setting from_balanced(const Dynamics& dynamics) {
  Setting s = small(dynamics);
  s.data.train_size = 8;
  s.data.test_size = 9;
  s.network.activation = network::Linear{};
  s.network.depth = 2;
  s.network.width = 5;
  s.network.initial.hidden = {.law = network::HiddenLaw::balanced, .strength = 0.3};
  s.asked.times = {0, 0.1, 0.4, equilibrium};
  return s;
}
Setting balanced_steps() {
  return from_balanced(dynamics::Descent{.rate = 0.02, .momentum = 0.3, .anchor = dynamics::Anchor::zero});
}

}  // namespace

template <>
std::vector<Example> examples<BalancedDescent>() {
  return {{BalancedDescent{}, balanced_steps()},
          {BalancedDescent{}, from_balanced(dynamics::Alone{})},
          {BalancedDescent{.learning_rate = 0.02}, with(from_balanced(dynamics::Alone{}), [](Setting& s) {
             s.network.initial.hidden.direction = network::StartDirection::labels;
           })}};
}

template <>
std::vector<Counterexample> counterexamples<BalancedDescent>() {
  return {{BalancedDescent{}, with(balanced_steps(), [](Setting& s) { s.network.initial = {}; }), "start balanced"},
          {BalancedDescent{.momentum = 0.1}, from_balanced(dynamics::Alone{}), "needs a learning_rate"},
          {BalancedDescent{.momentum = 0.1}, balanced_steps(), "training: none"},
          {BalancedDescent{}, from_balanced(dynamics::Flow{}), "learning_rate: auto"},
          {BalancedDescent{}, from_balanced(dynamics::Batches{.rate = 0.1, .batch = 2}), "whole training set"},
          {BalancedDescent{}, with(balanced_steps(), [](Setting& s) { s.asked.times = {equilibrium}; }),
           "end of all times"},
          {BalancedDescent{}, online(balanced_steps()), "fresh examples"}};
}

TEST_CASE("balanced_descent tells of a rate beyond stability") {
  const Setting s = with(from_balanced(dynamics::Descent{.rate = 3}), [](Setting& t) { t.asked.times = {0, 300}; });
  CHECK(predict(AnyTheory(BalancedDescent{}), s, 0).outcome == Outcome::diverged);
}

}  // namespace fieldscan::theory::laws

namespace fieldscan::theory::balanced_tests {

namespace {

/// White inputs XᵀX = 1 in three dimensions, labels with Xᵀy = s v: the chain of a balanced start u₀ v.
struct Mode {
  BalancedProblem problem;
  BalancedChain start;
  Vector direction = Vector::Unit(3, 1);
};
Mode mode(int matrices, double strength, double start, double scale = 1) {
  const double size = std::pow(start / scale, 1.0 / matrices);
  const Matrix all = testing::normals(testing::stream("white"), 6, 3);
  const Matrix x = Matrix(Eigen::HouseholderQR<Matrix>(all).householderQ()).leftCols(3);
  Mode out;
  out.problem = {.x = x, .label = strength * x * out.direction, .scale = scale, .rates = Vector::Ones(matrices)};
  out.start = {.first = size * out.direction, .sizes = Vector::Constant(matrices - 1, size)};
  return out;
}

}  // namespace

// Strengths u(t) of modes s = 3, 2, 1 from u₀ = 0.01 at t = 0.5, 1, 2, 4 under du/dt = D u^{2 − 2/D} (s − u), by an
// independent integration, of two matrices in closed form.
TEST_CASE("the flow of a balanced chain along white inputs is Saxe's mode") {
  const std::vector<double> times{0.5, 1, 2, 4}, from_zero{0, 0.5, 1, 2, 4};
  const struct {
    int matrices;
    double strength;
    std::array<double, 4> value;
  } rows[] = {
      {2, 3, {0.18884156063791877, 1.7230022340915365, 2.9944987479763965, 2.9999999661370436}},
      {2, 1, {0.026723630989395224, 0.06945315965638048, 0.35546098713664687, 0.9678567044042413}},
      {3, 3, {0.03197254633130157, 0.2058523505413991, 2.999151267390924, 2.9999999999999947}},
      {3, 2, {0.020584665845430106, 0.05280211817963597, 1.0679686050916664, 1.9999993863134065}},
      {4, 2, {0.015576356778688634, 0.027473138469334427, 0.20906711066921568, 1.9999999599353886}},
      {4, 1, {0.012315288384117775, 0.015528080409597647, 0.027176289000406167, 0.18056186247048528}},
  };
  for (const auto& [matrices, strength, value] : rows) {
    CAPTURE(matrices, strength);
    const Mode m = mode(matrices, strength, 0.01);
    const auto [flow, error] = flow_of_chain(m.problem, m.start, 1, times);
    CHECK((error > 0 && error < 1e-8));  // of steps of 1e-11
    const Matrix again = flow_of_chain(m.problem, m.start, 1, from_zero).weights;
    CHECK(near::distance(flow, again.rightCols(4)) < 1e-8);
    for (Index k = 0; k < 4; ++k) {
      CHECK(m.direction.dot(flow.col(k)) == Approx(value[static_cast<std::size_t>(k)]).epsilon(1e-7));
      CHECK((flow.col(k) - m.direction * m.direction.dot(flow.col(k))).norm() < 1e-9);
    }
    // Long after it has come to rest.
    CHECK(m.direction.dot(flow_of_chain(m.problem, m.start, 1, {1, 1e6}).weights.col(1)) ==
          Approx(strength).epsilon(1e-8));
    // The scales of the layers: time runs S^{2/D} times as fast. And steps of a thousandth are the flow nearly.
    const Mode faster = mode(matrices, strength, 0.01, 4);
    const double speed = std::pow(4.0, 2.0 / matrices);
    CHECK(near::distance(flow_of_chain(faster.problem, faster.start, 1 / speed, times).weights, flow) < 1e-7);
    CHECK(near::distance(descend_chain(m.problem, m.start, 1e-4, 0, {5000, 10000, 20000, 40000}, 1e9), flow) < 1e-2);
    CHECK(near::distance(descend_chain(m.problem, m.start, 1e-4, 0.5, {2500, 5000, 10000, 20000}, 1e9), flow) < 1e-2);
    CHECK(near::distance(descend_chain(m.problem, m.start, 1e-4, 0.5, {5000, 10000, 20000, 40000}, 1e9), flow) > 1e-2);
  }
}

TEST_CASE("a chain is read off its network, whatever the widths") {
  network::Spec spec{.depth = 3, .width = std::vector{4, 7, 2}, .activation = network::Linear{}, .chi = 2};
  spec.initial.hidden = {.law = network::HiddenLaw::balanced, .strength = 0.7};
  const network::Network network(spec, 5);
  const Vector theta = network.initial(testing::stream("chain"));
  const BalancedChain chain = chain_of(network, theta);
  BalancedProblem problem{.x = testing::normals(testing::stream("points"), 6, 5)};
  for (const auto& tensor : network.tensors()) problem.scale *= tensor.scale;
  CHECK(near::distance(problem.x * weights_of(problem, chain), network.evaluate(theta, problem.x)) < 1e-12);
  CHECK(weights_of(problem, chain).norm() == Approx(0.7));
  CHECK(chain.sizes.minCoeff() == Approx(chain.first.norm()));
}

}  // namespace fieldscan::theory::balanced_tests
