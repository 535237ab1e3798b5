// Seconds of the theories of feature learning in time, processor time of one core: benchmark_feature_dynamics [runs].
#include <fmt/format.h>

#include <cmath>
#include <cstdlib>

#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/core/observable_list.hpp"
#include "fieldscan/theory/feature_dynamics/width_fluctuations.hpp"
#include "timing.hpp"

using namespace fieldscan;
using namespace fieldscan::theory;

namespace {

/// γ₀ = 1, h = 0.05, tanh; 100 test points at the end.
Setting setting_of(int points, int depth, int steps) {
  Setting s;
  s.data.input = data::Sphere{.dim = 10};
  s.data.target = data::Gegenbauer{.levels = {{1, 0.8}, {2, 0.2}}};
  s.data.train_size = points;
  s.data.test_size = 100;
  s.network = {.depth = depth, .width = 100, .activation = network::Tanh{}, .chi = 100};
  s.dynamics = dynamics::Descent{.rate = 5};
  s.asked.times = {0.05 * steps};
  return s;
}

template <class T>
void print(const char* name, const T& theory, const Setting& setting, int runs) {
  const data::Draw draw = data::make_draw(setting.data, 1, 0);
  const auto inputs = theory.inputs(setting);
  Result result;
  const double seconds = benchmark::shortest(
      runs, [&] { result = theory.predict(inputs, draw, Stream(1, Purpose::theory, "benchmark", 0, 0)); });
  double error = 0;
  for (const Row& row : result.rows)
    if (row.observable == listed("predictor_error")) error = row.value;
  fmt::print("{:<52} {:>8.2f} {:>10.2f} {:>10.4f}\n", name, seconds, theory.cost(setting).seconds, error);
}

}  // namespace

int main(int argc, char** argv) {
  const int runs = argc > 1 ? std::atoi(argv[1]) : 1;
  set_linear_algebra_threads(1);
  fmt::print("{:<52} {:>8} {:>10} {:>10}\n", "", "seconds", "announced", "error of f");
  print("dmft, one layer, P = 20, 200 steps, 10000 pairs", Dmft{.samples = 10000}, setting_of(20, 1, 200), runs);
  print("dmft, two layers, P = 4, 25 steps, 8000 pairs", Dmft{.samples = 8000}, setting_of(4, 2, 25), runs);
  const Dmft correlations{.responses = Dmft::Form::correlations, .samples = 8000};
  print("the same, responses from correlations", correlations, setting_of(4, 2, 25), runs);
  print("width_fluctuations, P = 10, 30 steps, 8192 pairs", WidthFluctuations{}, setting_of(10, 1, 30), runs);
  print("dmft, one layer, P = 50, 60 steps, 16384 pairs", Dmft{}, setting_of(50, 1, 60), runs);
  print("dmft, two layers, P = 2, 20 steps, 8000 pairs", Dmft{.samples = 8000}, setting_of(2, 2, 20), runs);
  print("correlations, P = 10, 40 steps, 8000 pairs", correlations, setting_of(10, 2, 40), runs);
  print("width_fluctuations, P = 20, 20 steps, 8192 pairs", WidthFluctuations{}, setting_of(20, 1, 20), runs);
}
