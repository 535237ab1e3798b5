// Seconds of the theories of finite width on one draw, processor time of one core: benchmark_finite_width [P] [runs].
#include <fmt/format.h>

#include <cmath>
#include <cstdlib>

#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/core/observable_list.hpp"
#include "fieldscan/core/solve/solved.hpp"
#include "fieldscan/theory/droplet/droplet.hpp"
#include "fieldscan/theory/finite_width/deep_adaptation.hpp"
#include "fieldscan/theory/finite_width/deep_linear.hpp"
#include "fieldscan/theory/finite_width/deep_linear_decay.hpp"
#include "fieldscan/theory/finite_width/kernel_adaptation.hpp"
#include "fieldscan/theory/finite_width/kernel_renormalisation.hpp"
#include "timing.hpp"

using namespace fieldscan;
using namespace fieldscan::theory;

namespace {

constexpr int dimension = 50, test_points = 1000;

Setting setting_of(int points, int depth, const network::ActivationChoice& activation) {
  Setting s;
  s.data.input = data::Gaussian{.dim = dimension};
  s.data.target = data::Linear{};
  s.data.noise = 0.1;
  s.data.train_size = points;
  s.data.test_size = test_points;
  s.network = {.depth = depth, .width = 200, .activation = activation};
  s.ridge = 0.1;
  return s;
}

template <class Do>
void print_row(const char* name, double announced, int runs, Do&& what) {
  fmt::print("{:<34} {:>8.2f} {:>10.2f}\n", name, benchmark::shortest(runs, what), announced);
}

template <class T>
void print(const char* name, const T& theory, const Setting& setting, const data::Draw& draw, int runs) {
  const auto inputs = theory.inputs(setting);
  print_row(name, theory.cost(setting).seconds, runs, [&] { theory.predict(inputs, draw); });
}

/// One direction, u − 0.3 he₃(u), at χ = N = 100 and κ = 1.
Setting single_index(int points, int d) {
  Setting s = setting_of(points, 1, network::Erf{});
  s.data.input = data::Gaussian{.dim = d};
  s.data.target = data::Hermite{.coefficients = {0, 1, 0, -0.3}};
  s.ridge = 1;
  s.network.width = 100;
  s.network.chi = 100;
  return s;
}

void print_adaptation(const char* name, int points, int d, int runs) {
  const Setting s = single_index(points, d);
  const data::Draw draw = data::make_draw(s.data, 1, 0);
  const KernelAdaptation theory;
  const auto inputs = theory.inputs(s);
  Result result;
  print_row(name, theory.cost(s).seconds, runs,
            [&] { result = theory.predict(inputs, draw, Stream(1, Purpose::theory, "benchmark", 0, 0)); });
  double square = 0, error = 0;
  for (const double f : result.arrays.front().data) square += f * f / test_points;
  for (const Row& row : result.rows)
    if (row.observable == listed("predictor_error")) error = row.value;
  fmt::print("{:<34} {:>8.2f}%\n", "  error of its predictor", 100 * error / std::sqrt(square));
}

/// Two layers by sampled units.
void print_sampled(int points, int runs) {
  Setting s = single_index(points, 5);
  s.network.depth = 2;
  const data::Draw draw = data::make_draw(s.data, 1, 0);
  const DeepAdaptation theory{.closure = DeepClosure::sampled};
  const auto inputs = theory.inputs(s);
  print_row(fmt::format("deep_adaptation, sampled, P = {}", points).c_str(), theory.cost(s).seconds, runs,
            [&] { theory.predict(inputs, draw, Stream(1, Purpose::theory, "benchmark", 0, 0)); });
}

}  // namespace

int main(int argc, char** argv) try {
  const int points = argc > 1 ? std::atoi(argv[1]) : 2000, runs = argc > 2 ? std::atoi(argv[2]) : 1;
  set_linear_algebra_threads(1);
  const Setting linear = setting_of(points, 2, network::Linear{}), erf = setting_of(points, 1, network::Erf{}),
                deep = setting_of(points, 2, network::Erf{}), relu = setting_of(points, 1, network::Relu{});
  const data::Draw draw = data::make_draw(linear.data, 1, 0);
  fmt::print("P = {}, d = {}, {} test points{:>12} {:>10}\n", points, dimension, test_points, "seconds", "announced");
  print("deep_linear", DeepLinear{}, linear, draw, runs);
  print("deep_linear, hidden kernels", DeepLinear{.hidden_kernel = HiddenKernel::with}, linear, draw, runs);
  print("deep_linear_decay", DeepLinearDecay{}, linear, draw, runs);
  print("kernel_renormalisation, erf", KernelRenormalisation{}, erf, draw, runs);
  print("the same, student_t", KernelRenormalisation{.method = Renormalisation::student_t}, erf, draw, runs);
  print("the same, relu", KernelRenormalisation{}, relu, draw, runs);
  print("the same, two layers, nested", KernelRenormalisation{.closure = Closure::nested}, deep, draw, runs);
  print("the same, two layers, wishart", KernelRenormalisation{.closure = Closure::wishart}, deep, draw, runs);
  print_adaptation("kernel_adaptation, P = 200, d = 5", 200, 5, runs);
  print_adaptation("the same in d = 50", 200, 50, 1);
  for (const int few : {4, 8, 20, 32}) print_sampled(few, runs);
  const Setting droplets = single_index(400, 50);
  print_row("droplet, P = 400, d = 50", Droplet{}.cost(droplets).seconds, runs,
            [&] { Droplet{}.predict(Droplet{}.inputs(droplets)); });
} catch (const solve::NotConverged& reason) {
  fmt::print("not converged: {}\n", reason.what());
  return 1;
}
