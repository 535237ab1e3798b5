// Seconds of the theories in time, processor time of one core, beside what they announce: benchmark_in_time [runs].
#include <fmt/format.h>

#include <cstdlib>

#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/theory/descent/ntk_descent.hpp"
#include "fieldscan/theory/descent/sgd_fluctuations.hpp"
#include "fieldscan/theory/list.hpp"
#include "fieldscan/theory/online/online_ode.hpp"
#include "fieldscan/theory/predict.hpp"
#include "fieldscan/theory/trajectory/balanced_descent.hpp"
#include "fieldscan/theory/trajectory/deep_linear_dynamics.hpp"
#include "fieldscan/theory/trajectory/langevin_dynamics.hpp"
#include "fieldscan/theory/trajectory/one_step.hpp"
#include "fieldscan/theory/trajectory/scaling_dynamics.hpp"
#include "timing.hpp"

using namespace fieldscan;
using namespace fieldscan::theory;

namespace {

void print_row(const char* name, double seconds, double announced) {
  fmt::print("{:<60} {:>8.3f} {:>10.3f}\n", name, seconds, announced);
}

template <class T>
void print_draw(const char* name, const T& theory, const Setting& setting, int runs) {
  const data::Draw draw = data::make_draw(setting.data, 1, 0);
  const auto inputs = theory.inputs(setting);
  print_row(name, benchmark::shortest(runs, [&] { theory.predict(inputs, draw); }), theory.cost(setting).seconds);
}

template <class T>
void print_any(const char* name, const T& theory, const Setting& setting, int runs) {
  print_row(name, benchmark::shortest(runs, [&] { predict(AnyTheory(theory), setting, 0); }),
            cost_of(AnyTheory(theory), setting).seconds);
}

/// Units learn as many others from fresh examples in a thousand dimensions.
Setting committee(int units, const network::ActivationChoice& activation, std::vector<double> times) {
  Setting s;
  s.data.input = data::Gaussian{.dim = 1000};
  s.data.target = data::TeacherNetwork{
      .width = units, .activation = activation, .readout = data::Readout::ones, .normalise = false, .orthogonal = true};
  s.data.train_size = data::TrainSizeWord::online;
  s.data.test_size = 10;
  s.network = {.width = units, .activation = activation, .chi = 1.0 / units, .train = network::Trained::hidden};
  s.network.initial.readout.law = network::ReadoutLaw::ones;
  s.dynamics = dynamics::Online{.rate = 0.5};
  s.asked.times = std::move(times);
  return s;
}

/// P points in ten dimensions, to the time of so many steps.
Setting langevin(int points, int steps) {
  Setting s;
  s.data.input = data::Sphere{.dim = 10};
  s.data.target = data::Gegenbauer{.levels = {{1, 0.8}, {3, 0.2}}};
  s.data.train_size = points;
  s.data.test_size = 50;
  s.network.activation = network::Erf{};
  s.ridge = 1;
  s.dynamics = dynamics::Langevin{.step = 0.005};
  s.asked.times = {0.005 * steps};
  return s;
}

Setting deep_linear(int points, int steps) {
  Setting s = langevin(points, steps);
  s.data.target = data::Linear{};
  s.network = {.depth = 2, .width = 100, .activation = network::Linear{}, .chi = 100};
  s.dynamics = dynamics::Descent{.rate = 0.5};
  return s;
}

Setting features(int modes, int steps) {
  Setting s;
  s.data.input = data::Gaussian{.dim = modes, .spectrum = data::PowerLawSpectrum{.exponent = 1.5}};
  s.data.target = data::Linear{.spectrum = data::PowerLawSpectrum{.exponent = 2}};
  s.data.train_size = 300;
  s.network = {.width = 100, .activation = network::Linear{}, .train = network::Trained::readout, .centred = true};
  s.dynamics = dynamics::Descent{.rate = 0.5 / 300};
  s.asked.times = {0.5 / 300 * steps};
  return s;
}

/// P points in batches of five.
Setting batches(int points, int steps) {
  Setting s = langevin(points, 1);
  s.network.centred = true;
  s.ridge = 0;
  s.dynamics = dynamics::Batches{.rate = 0.01, .batch = 5, .sampling = dynamics::Sampling::with_replacement};
  s.asked.times = {0, 0.01 * steps / 5, 0.01 * steps};
  return s;
}

/// A step of η = 3 on 20 d points, then d fresh ones.
Setting giant_step(int d, const network::ActivationChoice& activation) {
  Setting s;
  s.data.input = data::Gaussian{.dim = d};
  s.data.target = data::Linear{};
  s.data.train_size = 21 * d;
  s.network = {.width = d, .activation = activation, .chi = static_cast<double>(d)};
  s.network.initial.readout.law = network::ReadoutLaw::ones;
  s.ridge = 0.1;
  s.dynamics = dynamics::StepsThenSolved{.rate = 0.15 * d, .steps = 1, .points = 20 * d};
  return s;
}

/// Averaged over data, to so many steps.
Setting averaged(const network::ActivationChoice& activation, int steps) {
  Setting s = langevin(100, 1);
  s.network.activation = activation;
  s.dynamics = dynamics::Descent{.rate = 0.002};
  s.asked.times = {0.002 * steps / 4, 0.002 * steps};
  return s;
}

}  // namespace

int main(int argc, char** argv) {
  const int runs = argc > 1 ? std::atoi(argv[1]) : 3;
  set_linear_algebra_threads(1);
  fmt::print("{:<60} {:>8} {:>10}\n", "", "seconds", "announced");
  print_draw("langevin_dynamics, P = 20, 50 test points, 1000 steps", LangevinDynamics{}, langevin(20, 1000), runs);
  print_draw("the same, 8000 steps", LangevinDynamics{}, langevin(20, 8000), 1);
  print_draw("the same, P = 80, 1000 steps", LangevinDynamics{}, langevin(80, 1000), 1);
  print_draw("deep_linear_dynamics, two layers, P = 20, 400 steps", DeepLinearDynamics{}, deep_linear(20, 400), runs);
  print_draw("the same, P = 50, 1000 steps", DeepLinearDynamics{}, deep_linear(50, 1000), 1);
  for (const int modes : {200, 2000}) {
    const Setting s = features(modes, 1000);
    const auto inputs = ScalingDynamics{}.inputs(s);
    print_row(modes == 200 ? "scaling_dynamics, 200 modes, 1000 steps" : "the same, 2000 modes",
              benchmark::shortest(runs, [&] { ScalingDynamics{}.predict(inputs); }), ScalingDynamics{}.cost(s).seconds);
  }
  Setting fresh = features(200, 1000);
  fresh.data.train_size = data::TrainSizeWord::online;
  fresh.dynamics = dynamics::Online{.rate = 0.05, .batch = 10};
  fresh.asked.times = {5};
  print_any("the same, one pass in batches of 10", ScalingDynamics{}, fresh, runs);
  print_any("the same without fresh examples, 4000 steps", ScalingDynamics{}, features(200, 4000), 1);
  const std::vector<double> few = {0, 1, 10, 100, 400};
  const network::Erf erf{.scale = 0.7071067811865476};
  print_any("online_ode, K = M = 2, time 400, erf", OnlineOde{}, committee(2, erf, few), runs);
  print_any("the same, K = M = 4", OnlineOde{}, committee(4, erf, few), runs);
  print_any("the same, K = M = 2, relu", OnlineOde{}, committee(2, network::Relu{}, few), runs);
  print_any("the same, K = M = 3, relu", OnlineOde{}, committee(3, network::Relu{}, few), runs);
  std::vector<double> many;
  for (int t = 0; t <= 120; ++t) many.push_back(t);
  print_any("the same, K = M = 2, erf, 120 times", OnlineOde{}, committee(2, erf, many), runs);
  print_any("sgd_fluctuations, P = 50, 500 steps", SgdFluctuations{}, batches(50, 500), runs);
  print_any("the same, P = 200, 1000 steps", SgdFluctuations{}, batches(200, 1000), runs);
  print_any("one_step, tanh, d = 100", OneStep{}, giant_step(100, network::Tanh{}), runs);
  print_any("the same, erf, d = 1000", OneStep{}, giant_step(1000, network::Erf{}), runs);
  print_any("ntk_descent averaged, erf, 100 steps", NtkDescent{.averaged = true}, averaged(network::Erf{}, 100), runs);
  print_any("the same, relu, 1000 steps", NtkDescent{.averaged = true}, averaged(network::Relu{}, 1000), 1);
  Setting balanced = deep_linear(50, 1);
  balanced.network.initial.hidden = {.law = network::HiddenLaw::balanced, .strength = 0.1};
  balanced.dynamics = dynamics::Alone{};
  balanced.asked.times = {0, 10, 100};
  print_any("balanced_descent, P = 50, flow to time 100", BalancedDescent{}, balanced, runs);
  balanced.asked.times = {0, 1e6};
  print_any("the same, to time 10⁶", BalancedDescent{}, balanced, runs);
}
