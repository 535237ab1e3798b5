// Training steps of convolutional networks on one core: images 28 × 28, filters 3 × 3, two layers, batches of 64, zeros
// around: benchmark_convolution [runs].
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "fieldscan/network/half_square.hpp"
#include "peak.hpp"

using namespace fieldscan;

namespace {

constexpr int side = 28, filter = 3, depth = 2, batch = 64;
constexpr double rate = 1e-5;

/// Operations of the matrix products of a step: six a multiplication, four in the first layer.
double flops(int channels) {
  const double n = channels, positions = side * side, size = filter * filter;
  return batch * positions * (4 * n * size + 6 * n * n * size * (depth - 1) + 6 * n);
}

/// Seconds of a step: the loss, its gradient, and the update of the parameters, which stay in double precision.
template <class Scalar>
double seconds(int channels, int runs) {
  const network::Architecture images{.layers = network::Layers::convolution,
                                     .rows = side,
                                     .columns = side,
                                     .filter = filter,
                                     .padding = network::Padding::zero};
  const network::Network network(
      {.architecture = images, .depth = depth, .width = channels, .activation = network::Relu{}, .weight_variance = 2},
      side * side);
  const Stream stream(1, Purpose::test, "benchmark", 0, 0);
  Matrix x(batch, side * side);
  stream.normals({x.data(), static_cast<std::size_t>(x.size())});
  Vector theta = network.initial(stream);
  const MatrixOf<Scalar> images_in = x.cast<Scalar>();
  const Vector label = x.col(0);
  Vector residual(batch);
  VectorOf<Scalar> gradient(theta.size());
  const Index together = std::min<Index>(batch, network::block_points(network, sizeof(Scalar)));
  auto work = [&] {
    if constexpr (std::is_same_v<Scalar, double>)
      return network.workspace(together);
    else
      return network.single_workspace(together);
  }();
  return benchmark::shortest(runs, [&] {
    const VectorOf<Scalar> rounded = theta.cast<Scalar>();
    network::half_square(network, rounded, images_in, label, 1, work, residual, gradient);
    theta -= rate * gradient.template cast<double>();
  });
}

}  // namespace

int main(int argc, char** argv) {
  const int runs = argc > 1 ? std::atoi(argv[1]) : 20;
  const double peak_double = benchmark::peak<double>(runs), peak_single = benchmark::peak<float>(runs);
  fmt::print("peak of this core: {:.1f} GFLOP/s in double, {:.1f} in single precision\n", peak_double, peak_single);
  fmt::print("{:>8} {:<7} {:>13} {:>8} {:>10}\n", "channels", "", "milliseconds", "GFLOP/s", "% of peak");
  for (const int channels : {16, 64}) {
    const auto print = [&](const char* precision, double time, double peak) {
      const double rate_of_products = 1e-9 * flops(channels) / time;
      fmt::print("{:>8} {:<7} {:>13.1f} {:>8.1f} {:>10.0f}\n", channels, precision, 1e3 * time, rate_of_products,
                 100 * rate_of_products / peak);
    };
    print("double", seconds<double>(channels, runs), peak_double);
    print("single", seconds<float>(channels, runs), peak_single);
  }
}
