// Training steps of erf networks with two hidden layers on one core: benchmark_step [runs].
// A step is what the trainers do: the loss, its gradient, and the update of gradient descent or of Langevin dynamics.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "descent/descent.hpp"
#include "descent/loss.hpp"
#include "fieldscan/network/initial.hpp"
#include "peak.hpp"
#include "replica.hpp"
#include "sampling/langevin_step.hpp"
#include "sampling/posterior.hpp"

using namespace fieldscan;

namespace {

struct Size {
  int width, dimension, points, outputs = 1;
};
constexpr int depth = 2;

/// Operations of the matrix products of one step.
double flops(const Size& size) {
  const double n = size.width, p = size.points;
  return 4 * n * size.dimension * p + 6 * (depth - 1) * n * n * p + 6 * n * p * size.outputs;
}

/// A problem of this size with normal inputs.
struct Case {
  explicit Case(const Size& size) {
    network.depth = depth;
    network.width = size.width;
    network.weight_variance = 1;
    draw.train.x.resize(size.points, size.dimension);
    const Stream stream(1, Purpose::test, "benchmark", 0, 0);
    stream.normals({draw.train.x.data(), static_cast<std::size_t>(draw.train.x.size())});
    draw.train.label = draw.train.target = draw.train.x.leftCols(size.outputs);
  }
  network::Spec network;
  data::Spec data_spec;
  data::Draw draw;
  training::Problem problem(training::Precision precision) const {
    return {network, data_spec, draw, 0.1, 1, 0, 0, precision};
  }
};

/// Seconds per step: the shortest of several runs of about a millisecond each, shorter than the system's time slices.
template <class Step>
double seconds(const Size& size, int runs, Step&& step) {
  const int repeat = std::max(1, static_cast<int>(3e7 / flops(size)));
  const auto several = [&] {
    for (int k = 0; k < repeat; ++k) step();
  };
  return benchmark::shortest(runs, several) / repeat;
}

double descent_seconds(const Case& at, training::Precision precision, const Size& size, int runs) {
  const training::Problem problem = at.problem(precision);
  const network::Network network(at.network, size.dimension, size.outputs);
  Vector theta = network.initial(network::initial_stream(problem.seed, problem.initialisation)), gradient(theta.size());
  training::Loss loss(problem, network, theta, size.points);
  training::HeavyBall ball(network, 0, 0, {});
  return seconds(size, runs, [&] {
    loss.all(theta, gradient);
    ball.step(1e-5, gradient, theta);
  });
}

double langevin_seconds(const Case& at, training::Precision precision, const Size& size, int runs) {
  const training::Problem problem = at.problem(precision);
  const network::Network network(at.network, size.dimension, size.outputs);
  training::Posterior posterior(problem, network, training::Readout::sampled, training::Start::prior);
  const Stream noise = training::replica_stream(problem, Purpose::langevin_noise);
  Vector z = posterior.start(), slope(z.size());
  std::uint64_t first = 0;
  return seconds(size, runs, [&] {
    posterior.potential(z, slope);
    training::langevin_step(1e-6, slope, noise, first, precision, z);
    first += static_cast<std::uint64_t>(z.size());
  });
}

}  // namespace

int main(int argc, char** argv) {
  const int runs = argc > 1 ? std::atoi(argv[1]) : 100;
  const double peak_double = benchmark::peak<double>(runs), peak_single = benchmark::peak<float>(runs);
  fmt::print("peak of this core: {:.1f} GFLOP/s in double, {:.1f} in single precision\n", peak_double, peak_single);
  fmt::print("{:>5} {:>4} {:>5} {:>3}  {:<9} {:<7} {:>12} {:>10}\n", "N", "d", "P", "C", "step", "", "microseconds",
             "% of peak");
  for (const Size& size : {Size{16, 32, 32}, Size{16, 32, 256}, Size{64, 64, 32}, Size{64, 64, 256}, Size{64, 64, 1024},
                           Size{256, 128, 32}, Size{256, 128, 256}, Size{256, 128, 256, 10}, Size{256, 128, 1024},
                           Size{256, 128, 1024, 10}, Size{1024, 128, 256}}) {
    const Case at(size);
    for (const auto precision : {training::Precision::double_, training::Precision::single}) {
      const double peak = precision == training::Precision::double_ ? peak_double : peak_single;
      const auto print = [&](const char* step, double time) {
        fmt::print("{:>5} {:>4} {:>5} {:>3}  {:<9} {:<7} {:>12.1f} {:>10.0f}\n", size.width, size.dimension,
                   size.points, size.outputs, step, word(precision), 1e6 * time,
                   100 * 1e-9 * flops(size) / time / peak);
      };
      print("descent", descent_seconds(at, precision, size, runs));
      print("langevin", langevin_seconds(at, precision, size, runs));
    }
  }
}
