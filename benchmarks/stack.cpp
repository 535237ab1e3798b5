// Whether networks of one point would gain by being stacked: the products of the first layer, which share the inputs,
// of sixteen networks one after the other, and as one product with all their units: benchmark_stack [runs]. Only these
// products can share anything: every other factor is the network's own. What a step takes in all: benchmark_step.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string_view>

#include "fieldscan/core/product.hpp"
#include "fieldscan/core/random.hpp"
#include "timing.hpp"

using namespace fieldscan;

namespace {

constexpr Index networks = 16, dimension = 32;

/// Both products of the first layer: activities X Wᵀ [P × N], and the gradient δᵀ X [N × d].
template <class Scalar>
struct FirstLayer {
  using Matrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>;
  FirstLayer(Index points, Index units)
      : x(points, dimension),
        weights(units, dimension),
        delta(points, units),
        h(points, units),
        slope(units, dimension) {
    const Stream stream(1, Purpose::test, "stack", 0, 0);
    fieldscan::Matrix normal(points, dimension);
    stream.normals({normal.data(), static_cast<std::size_t>(normal.size())});
    x = normal.cast<Scalar>();
    weights.setConstant(Scalar(0.1));
    delta.setConstant(Scalar(0.01));
  }
  void step() {
    multiply_transposed<Scalar>(1, x, weights, h, Put::alone);
    transposed_multiply<Scalar>(1, delta, x, slope, Put::alone);
  }
  Matrix x, weights, delta, h, slope;
};

/// Microseconds per network: one after the other, and together.
template <class Scalar>
void print(std::string_view precision, Index units, Index points, int runs) {
  const double flops = 4.0 * static_cast<double>(units * points * dimension);
  const int repeat = std::max(1, static_cast<int>(std::ceil(2e7 / (flops * networks))));
  FirstLayer<Scalar> together(points, networks * units);
  std::vector<FirstLayer<Scalar>> alone(networks, FirstLayer<Scalar>(points, units));
  const auto per_network = [&](auto&& work) {
    return 1e6 / static_cast<double>(networks * repeat) * benchmark::shortest(runs, [&] {
             for (int k = 0; k < repeat; ++k) work();
           });
  };
  const double apart = per_network([&] {
    for (auto& layer : alone) layer.step();
  });
  const double stacked = per_network([&] { together.step(); });
  fmt::print("{:>5} {:>5}  {:<7} {:>10.2f} {:>10.2f} {:>10.2f}\n", units, points, precision, apart, stacked,
             apart - stacked);
}

}  // namespace

int main(int argc, char** argv) {
  const int runs = argc > 1 ? std::atoi(argv[1]) : 100;
  fmt::print("{:>5} {:>5}  {:<7} {:>10} {:>10} {:>10}\n", "N", "P", "", "apart", "stacked", "gained");
  for (const Index units : {8, 16, 32})
    for (const Index points : {32, 256}) {
      print<double>("double", units, points, runs);
      print<float>("single", units, points, runs);
    }
}
