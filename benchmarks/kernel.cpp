// Kernel matrix and Cholesky on one core: benchmark_kernel [P] [runs].
// The map: the kernel K of erf networks with four hidden layers, against the same recursion in plain Eigen arrays.
#include <cblas.h>
#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <numbers>

#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/core/random.hpp"
#include "fieldscan/theory/kernel/kernels.hpp"
#include "timing.hpp"

using namespace fieldscan;

namespace {

Matrix inputs(Index points, Index dimension) {
  Matrix x(points, dimension);
  Stream(1, Purpose::test, "benchmark", 0, 0).normals({x.data(), static_cast<std::size_t>(x.size())});
  return x;
}

/// The recursion as one writes it with Eigen: whole arrays, the formula of the error function, no symmetry used.
Matrix plain_kernel(const Matrix& x, int depth) {
  Matrix k = x * x.transpose() / static_cast<double>(x.cols());
  for (int l = 0; l < depth; ++l) {
    const Eigen::ArrayXd root = (1 + 2 * k.diagonal().array()).sqrt();
    k = (2 / std::numbers::pi) * (2 * k.array() / (root.matrix() * root.matrix().transpose()).array()).asin();
  }
  return k;
}

/// GFLOP/s of the product of two matrices of this size, by the BLAS that the program uses: the peak of this core.
double peak(Index size, int runs) {
  const Matrix a = inputs(size, size), b = inputs(size, size);
  Matrix c(size, size);
  const int n = static_cast<int>(size);
  const auto multiply = [&] {
    cblas_dgemm(CblasColMajor, CblasNoTrans, CblasNoTrans, n, n, n, 1, a.data(), n, b.data(), n, 0, c.data(), n);
  };
  return 2 * std::pow(static_cast<double>(size), 3) * 1e-9 / benchmark::shortest(runs, multiply);
}

}  // namespace

int main(int argc, char** argv) {
  const Index points = argc > 1 ? std::atol(argv[1]) : 4000;
  const int runs = argc > 2 ? std::atoi(argv[2]) : 3;
  const int depth = 4;
  set_linear_algebra_threads(1);
  const double top = peak(2048, runs);
  fmt::print("dgemm 2048: {:.1f} GFLOP/s, taken as the peak of this core\n", top);

  const Matrix x = inputs(points, 20);
  const theory::KernelSpec spec{.depth = depth, .activation = network::Erf{}};
  Matrix kernel;
  const double map = benchmark::shortest(runs, [&] { kernel = theory::nngp_kernel(spec, x); });
  const double both = benchmark::shortest(runs, [&] { theory::kernels(spec, x); });
  fmt::print("kernel K erf L = {} P = {}: {:.4f} s; K and Theta: {:.4f} s\n", depth, points, map, both);
  if (points <= 8000) {
    const double plain = benchmark::shortest(runs, [&] { plain_kernel(x, depth); });
    fmt::print("the same in Eigen arrays: {:.4f} s, ratio {:.1f}\n", plain, plain / map);
  }

  double cholesky = 1e300;
  for (int run = 0; run < runs; ++run) {
    Matrix a = kernel;
    cholesky = std::min(cholesky, benchmark::shortest(1, [&] { factor(std::move(a), 0.1); }));
  }
  const double rate = std::pow(static_cast<double>(points), 3) / 3 * 1e-9 / cholesky;
  fmt::print("factor (Cholesky and condition number) P = {}: {:.3f} s, {:.1f} GFLOP/s, {:.0f}% of the peak\n", points,
             cholesky, rate, 100 * rate / top);
}
