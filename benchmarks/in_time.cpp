// Seconds of the theories in time, processor time of one core, beside what they announce: benchmark_in_time [runs].
#include <fmt/format.h>

#include <cstdlib>

#include "fieldscan/core/linear_algebra.hpp"
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
}
