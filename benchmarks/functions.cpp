// Activations with their derivatives, and normals, in nanoseconds per number on one core: benchmark_functions [runs].
#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <random>
#include <vector>

#include "fieldscan/core/random.hpp"
#include "fieldscan/network/activation/list.hpp"
#include "timing.hpp"

using namespace fieldscan;

namespace {

constexpr std::size_t count = 4096;  ///< numbers that stay in the first-level cache

template <class Work>
double nanoseconds(int runs, Work&& work) {
  constexpr int repeat = 20;
  const auto several = [&] {
    for (int k = 0; k < repeat; ++k) work();
  };
  return 1e9 * benchmark::shortest(runs, several) / (repeat * static_cast<double>(count));
}

template <class A>
void print_activation(const A& activation, int runs) {
  std::vector<double> z(count), out(count), slope(count);
  Stream(1, Purpose::test, "benchmark", 0, 0).normals(z);
  const double value = nanoseconds(runs, [&] { activation.value(z, out); });
  const double both = nanoseconds(runs, [&] { activation.value_and_derivative(z, out, slope); });
  std::vector<float> single(z.begin(), z.end()), single_out(count), single_slope(count);
  const double in_single =
      nanoseconds(runs, [&] { activation.value_and_derivative(single, single_out, single_slope); });
  fmt::print("{:<14} {:>8.2f} {:>8.2f} {:>8.2f}\n", A::kind, value, both, in_single);
}

void print_normals(int runs) {
  std::vector<double> out(count);
  const Stream stream(1, Purpose::test, "benchmark", 0, 0);
  std::mt19937_64 engine(1);
  std::normal_distribution<double> distribution;
  std::vector<float> single(count);
  const double own = nanoseconds(runs, [&] { stream.normals(out); });
  const double in_single = nanoseconds(runs, [&] { stream.normals(single); });
  const double standard = nanoseconds(runs, [&] {
    for (double& x : out) x = distribution(engine);
  });
  fmt::print("normals: {:.2f} ns, single {:.2f} ns; std::normal_distribution with std::mt19937_64: {:.2f} ns\n", own,
             in_single, standard);
}

}  // namespace

int main(int argc, char** argv) {
  const int runs = argc > 1 ? std::atoi(argv[1]) : 200;
  fmt::print("{:<14} {:>8} {:>8} {:>8}  (ns per number)\n", "activation", "value", "both", "single");
  [&]<class... A>(std::type_identity<std::variant<A...>>) {
    (print_activation(A{}, runs), ...);
  }(std::type_identity<VariantOf<network::ActivationChoice>>{});
  print_normals(runs);
}
