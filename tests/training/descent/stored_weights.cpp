// Descents of the weights that other programs store, W √(σ_w²/fan-in), with one learning rate for all of them.
#include <array>

#include "../support.hpp"
#include "fieldscan/network/network.hpp"
#include "near.hpp"

using namespace fieldscan;
using namespace fieldscan::training;
using namespace fieldscan::training::testing;
using enum fieldscan::Observable;

namespace stored_weights {

namespace {

/// f = W₃ tanh(W₂ tanh(W₁ x + b₁) + b₂), as a stack of linear layers stores it, by hand.
struct Stack {
  std::array<Matrix, 3> w;
  std::array<Vector, 2> b;
};

/// The parameters of a network, as they are stored elsewhere.
Stack stored(const network::Network& network, const Vector& theta) {
  Stack stack;
  for (const network::Tensor& t : network.tensors()) {
    const Matrix values = t.scale * Eigen::Map<const Matrix>(theta.data() + t.offset, t.rows, t.cols);
    const auto layer = static_cast<std::size_t>(t.layer);
    if (t.role == network::Role::bias)
      stack.b[layer] = values.col(0);
    else
      stack.w[layer] = values;
  }
  return stack;
}

/// The gradient of ½ Σ (f − y)², and the outputs.
Stack gradient_of(const Stack& s, const Matrix& x, const Vector& y, Vector& f) {
  const Matrix z1 = ((x * s.w[0].transpose()).rowwise() + s.b[0].transpose()).array().tanh();
  const Matrix z2 = ((z1 * s.w[1].transpose()).rowwise() + s.b[1].transpose()).array().tanh();
  f = z2 * s.w[2].transpose();
  const Matrix d2 = ((f - y) * s.w[2]).array() * (1 - z2.array().square());
  const Matrix d1 = (d2 * s.w[1]).array() * (1 - z1.array().square());
  return {{d1.transpose() * x, d2.transpose() * z1, (f - y).transpose() * z2},
          {d1.colwise().sum().transpose(), d2.colwise().sum().transpose()}};
}

/// Calls use(parameter, gradient) for every tensor.
template <class Use>
void for_each_tensor(Stack& s, const Stack& g, Use use) {
  for (std::size_t l = 0; l < 3; ++l) use(s.w[l], g.w[l], l);
  for (std::size_t l = 0; l < 2; ++l) use(s.b[l], g.b[l], l + 3);
}

Case in_standard_parameterisation() {
  Case c = make_case(6, 2, 3, {.depth = 2, .width = std::vector<int>{7, 5}, .activation = network::Tanh{}});
  c.network.weight_variance = std::vector<double>{1.7, 0.6};
  c.network.bias_variance = 0.3;
  c.network.readout_variance = 2.5;
  c.network.parameterisation = network::Parameterisation::standard;
  c.network.base_width = 1;
  c.data.test = c.data.train;
  return c;
}

/// d/σ_w², 1/σ_w² …, 1/σ_b², χ/σ_a²: to a power, 1 of descent and ½ of Adam.
RateFactors rates(double power) {
  return {.weights = std::vector<double>{std::pow(3 / 1.7, power), std::pow(1 / 0.6, power)},
          .biases = std::pow(1 / 0.3, power),
          .readout = std::pow(1 / 2.5, power)};
}

}  // namespace

TEST_CASE("the standard parameterisation with base_width 1 and rates over variances is one rate of a stored stack") {
  const Case c = in_standard_parameterisation();
  const network::Network network(c.network, 3);
  Stack stack = stored(network, initial_of(c));
  Vector f;
  for (int step = 0; step < 12; ++step)
    for_each_tensor(stack, gradient_of(stack, c.data.train.x, c.data.train.label, f),
                    [](auto& p, const auto& g, std::size_t) { p -= 0.02 * g; });
  gradient_of(stack, c.data.train.x, c.data.train.label, f);
  GradientDescent trainer{.learning_rate = 0.02, .steps = 12, .rates = rates(1)};
  const ObservePlan plan = plan_of({predictor});
  CHECK(near::distance(predictor_of(train(c.problem(), trainer, plan)), f) < 1e-13);
  trainer.rates = {};  // a control
  CHECK(near::distance(predictor_of(train(c.problem(), trainer, plan)), f) > 1e-3);
}

TEST_CASE("and of Adam with their square roots") {
  const Case c = in_standard_parameterisation();
  const network::Network network(c.network, 3);
  Stack stack = stored(network, initial_of(c));
  std::array<Matrix, 5> mean, square;
  Vector f;
  for (int step = 1; step <= 6; ++step)
    for_each_tensor(stack, gradient_of(stack, c.data.train.x, c.data.train.label, f),
                    [&](auto& p, const auto& g, std::size_t k) {
                      if (step == 1) mean[k] = square[k] = Matrix::Zero(g.rows(), g.cols());
                      mean[k] = 0.9 * mean[k] + 0.1 * g;
                      square[k] = 0.999 * square[k] + 0.001 * g.cwiseAbs2();
                      p -= 0.01 * (mean[k] / (1 - std::pow(0.9, step)))
                                      .cwiseQuotient((square[k] / (1 - std::pow(0.999, step))).cwiseSqrt());
                    });
  gradient_of(stack, c.data.train.x, c.data.train.label, f);
  const Adam trainer{.learning_rate = 0.01, .epsilon = 1e-30, .steps = 6, .rates = rates(0.5)};
  CHECK(near::distance(predictor_of(train(c.problem(), trainer, plan_of({predictor}))), f) < 1e-12);
}

}  // namespace stored_weights
