#include "fieldscan/theory/online/online_ode.hpp"

#include <cmath>

#include "theory/examples.hpp"

namespace fieldscan::theory::laws {

namespace {

Setting committee() {
  Setting s;
  s.data.input = data::Gaussian{.dim = 50};
  s.data.target = data::TeacherNetwork{.width = 2, .draw = data::Redraw::each};
  s.data.train_size = data::TrainSizeWord::online;
  s.data.test_size = 10;
  s.network.width = 3;
  s.network.chi = 50;
  s.seed = 5;
  s.dynamics = dynamics::Online{.rate = 0.5};
  s.trainer = "sgd";
  s.asked.times = {0, 1, 4};
  return s;
}

}  // namespace

template <>
std::vector<Example> examples<OnlineOde>() {
  const auto hidden = [](Setting& s) { s.network.train = network::Trained::hidden; };
  const auto alone = [](Setting& s) { s.dynamics = dynamics::Alone{}; };
  const auto to_the_end = [](Setting& s) {
    s.data.target = data::TeacherNetwork{.width = 1, .draw = data::Redraw::each};
    s.network.width = 1;
    s.asked.times = {0, 1, 200};
  };
  return {{OnlineOde{}, committee()},
          {OnlineOde{.noise_term = NoiseTerm::dropped}, with(committee(), hidden)},
          {OnlineOde{.learning_rate = 0.3, .batch = 2}, with(committee(), alone)},
          {OnlineOde{}, with(committee(), to_the_end)}};
}

template <>
std::vector<Counterexample> counterexamples<OnlineOde>() {
  const auto but = [](auto change) { return with(committee(), change); };
  return {{OnlineOde{}, but([](Setting& s) { s.data.train_size = 20; }), "fresh examples"},
          {OnlineOde{}, but([](Setting& s) { s.dynamics = dynamics::Alone{}; }), "be given its learning_rate"},
          {OnlineOde{.learning_rate = 1}, committee(), "for `training: none`"},
          {OnlineOde{}, but([](Setting& s) { s.dynamics = dynamics::Unlike{}; }), "the trainer is"},
          {OnlineOde{}, but([](Setting& s) { s.network.parameterisation = network::Parameterisation::mup; }), "ntk"},
          {OnlineOde{}, but([](Setting& s) { s.data.target = data::Linear{}; }), "teacher_network"},
          {OnlineOde{}, but([](Setting& s) { s.network.depth = 2; }), "one hidden layer"},
          {OnlineOde{}, but([](Setting& s) { s.network.bias_variance = 1; }), "biases"},
          {OnlineOde{}, but([](Setting& s) { s.network.centred = true; }), "subtracted"},
          {OnlineOde{}, but([](Setting& s) { s.network.activation = network::Tanh{}; }), "erf, relu and linear"},
          {OnlineOde{}, but([](Setting& s) { s.network.activation = network::Relu{}; }), "different units"},
          {OnlineOde{}, but([](Setting& s) { s.data.input = data::Hypercube{.dim = 50}; }), "covariance I"},
          {OnlineOde{}, but([](Setting& s) { s.asked.times = {equilibrium}; }), "no time"}};
}

}  // namespace fieldscan::theory::laws
