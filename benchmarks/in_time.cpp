// Seconds of the theories in time, processor time of one core, beside what they announce: benchmark_in_time [runs].
#include <fmt/format.h>

#include <cstdlib>

#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/theory/descent/sgd_fluctuations.hpp"
#include "fieldscan/theory/list.hpp"
#include "fieldscan/theory/online/online_ode.hpp"
#include "fieldscan/theory/predict.hpp"
#include "fieldscan/theory/trajectory/balanced_descent.hpp"
#include "fieldscan/theory/trajectory/deep_linear_dynamics.hpp"
#include "fieldscan/theory/trajectory/langevin_dynamics.hpp"
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

/// Two units learn two others from fresh examples in a thousand dimensions, to time 400.
Setting committee(const network::ActivationChoice& activation) {
  Setting s;
  s.data.input = data::Gaussian{.dim = 1000};
  s.data.target = data::TeacherNetwork{
      .width = 2, .activation = activation, .readout = data::Readout::ones, .normalise = false, .orthogonal = true};
  s.data.train_size = data::TrainSizeWord::online;
  s.data.test_size = 10;
  s.network = {.width = 2, .activation = activation, .chi = 0.5, .train = network::Trained::hidden};
  s.network.initial.readout.law = network::ReadoutLaw::ones;
  s.dynamics = dynamics::Online{.rate = 0.5};
  s.asked.times = {0, 1, 10, 100, 400};
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

}  // namespace

int main(int argc, char** argv) {
  const int runs = argc > 1 ? std::atoi(argv[1]) : 3;
  set_linear_algebra_threads(1);
  fmt::print("{:<60} {:>8} {:>10}\n", "", "seconds", "announced");
  print_draw("langevin_dynamics, P = 20, 50 test points, 1000 steps", LangevinDynamics{}, langevin(20, 1000), runs);
  print_draw("the same, 8000 steps", LangevinDynamics{}, langevin(20, 8000), 1);
  print_draw("the same, P = 80, 1000 steps", LangevinDynamics{}, langevin(80, 1000), 1);
  print_draw("deep_linear_dynamics, two layers, P = 20, 400 steps", DeepLinearDynamics{}, deep_linear(20, 400), runs);
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
  print_any("online_ode, K = M = 2, time 400, erf", OnlineOde{}, committee(network::Erf{.scale = 0.7071067811865476}),
            runs);
  print_any("the same, relu", OnlineOde{}, committee(network::Relu{}), runs);
  Setting batches = langevin(50, 1);
  batches.network.centred = true;
  batches.ridge = 0;
  batches.dynamics = dynamics::Batches{.rate = 0.01, .batch = 5, .sampling = dynamics::Sampling::with_replacement};
  batches.asked.times = {0, 1, 5};
  print_any("sgd_fluctuations, P = 50, 500 steps", SgdFluctuations{}, batches, runs);
  Setting balanced = deep_linear(50, 1);
  balanced.network.initial.hidden = {.law = network::HiddenLaw::balanced, .strength = 0.1};
  balanced.dynamics = dynamics::Alone{};
  balanced.asked.times = {0, 10, 100};
  print_any("balanced_descent, P = 50, flow to time 100", BalancedDescent{}, balanced, runs);
  balanced.asked.times = {0, 1e6};
  print_any("the same, to time 10⁶", BalancedDescent{}, balanced, runs);
}
