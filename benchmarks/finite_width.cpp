// Seconds of the theories of finite width on one draw, processor time of one core: benchmark_finite_width [P] [runs].
#include <fmt/format.h>

#include <cmath>
#include <cstdlib>

#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/theory/finite_width/deep_linear.hpp"
#include "fieldscan/theory/finite_width/deep_linear_decay.hpp"
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

template <class T>
void print(const char* name, const T& theory, const Setting& setting, const data::Draw& draw, int runs) {
  const auto inputs = theory.inputs(setting);
  const double seconds = benchmark::shortest(runs, [&] { theory.predict(inputs, draw); });
  fmt::print("{:<34} {:>8.2f} {:>10.2f}\n", name, seconds, theory.cost(setting).seconds);
}

}  // namespace

int main(int argc, char** argv) {
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
}
