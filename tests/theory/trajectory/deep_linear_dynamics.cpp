#include "fieldscan/theory/trajectory/deep_linear_dynamics.hpp"

#include "theory/examples.hpp"

namespace fieldscan::theory::laws {

namespace {

/// Five points, two layers, some forty steps.
Setting linear_descent(const Dynamics& dynamics) {
  Setting s = small(dynamics);
  s.data.train_size = 5;
  s.data.test_size = 8;
  s.network.activation = network::Linear{};
  s.network.depth = 2;
  s.network.width = 16;
  s.network.chi = 16;
  s.asked.times = {0, 0.5, 1, equilibrium};
  return s;
}
Setting linear_steps() { return linear_descent(dynamics::Descent{.rate = 0.4, .momentum = 0.2}); }

}  // namespace

template <>
std::vector<Example> examples<DeepLinearDynamics>() {
  return {{DeepLinearDynamics{}, linear_steps()},
          {DeepLinearDynamics{.learning_rate = 0.5}, linear_descent(dynamics::Alone{})}};
}

template <>
std::vector<Counterexample> counterexamples<DeepLinearDynamics>() {
  using network::Trained;
  return {
      {DeepLinearDynamics{}, with(linear_steps(), [](Setting& s) { s.network.activation = network::Erf{}; }),
       "not linear"},
      {DeepLinearDynamics{}, with(linear_steps(), [](Setting& s) { s.network.train = Trained::readout; }), "frozen"},
      {DeepLinearDynamics{}, with(linear_steps(), [](Setting& s) { s.network.bias_variance = 0.1; }), "biases"},
      {DeepLinearDynamics{},
       with(linear_steps(),
            [](Setting& s) {
              s.network.width = std::vector{16, 8};
            }),
       "one width"},
      {DeepLinearDynamics{}, linear_descent(dynamics::Equilibrium{}), "describes gradient descent"},
      {DeepLinearDynamics{}, linear_descent(dynamics::Alone{}), "given its learning_rate"},
      {DeepLinearDynamics{.momentum = 0.1}, linear_steps(), "training: none"},
      {DeepLinearDynamics{}, linear_descent(dynamics::Flow{}), "gradient flow"},
      {DeepLinearDynamics{}, linear_descent(dynamics::Batches{.rate = 0.1, .batch = 2}), "whole training set"},
      {DeepLinearDynamics{}, with(linear_steps(), [](Setting& s) { s.asked.times = {equilibrium}; }),
       "end of all times"},
      {DeepLinearDynamics{}, online(linear_steps()), "fresh examples"}};
}

}  // namespace fieldscan::theory::laws
