// Factors of large matrices beside LAPACK's, seconds on one core: benchmark_factor [points] [runs]. OPENBLAS_CORETYPE
// says which kernels OpenBLAS runs.
#include <fmt/format.h>
#include <lapacke.h>

#include <algorithm>
#include <cstdlib>

#include "fieldscan/core/freed_memory.hpp"
#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/core/linear_algebra_library.hpp"
#include "fieldscan/core/random.hpp"
#include "timing.hpp"

using namespace fieldscan;

namespace {

/// Own and other in turn, so that the machine's other work meets both.
template <class Own, class Other>
void print(const char* what, int runs, Own&& own, Other&& other) {
  double mine = 1e300, theirs = 1e300;
  for (int run = 0; run < runs; ++run) {
    mine = std::min(mine, benchmark::shortest(1, own));
    theirs = std::min(theirs, benchmark::shortest(1, other));
  }
  fmt::print("{:<40} {:>8.3f} {:>8.3f} {:>8.2f}\n", what, mine, theirs, mine / theirs);
}

}  // namespace

int main(int argc, char** argv) {
  const Index points = argc > 1 ? std::atol(argv[1]) : 2000, columns = 1000;
  const int runs = argc > 2 ? std::atoi(argv[2]) : 3, n = static_cast<int>(points);
  set_linear_algebra_threads(1);
  keep_freed_memory();  // as the program does
  Matrix f(points, 64), right(points, columns);
  const Stream stream(1, Purpose::test, "benchmark", 0, 0);
  stream.normals({f.data(), static_cast<std::size_t>(f.size())});
  stream.at(1, 0).normals({right.data(), static_cast<std::size_t>(right.size())});
  Matrix kernel = f * f.transpose() / 64;
  kernel.diagonal().array() += 0.5;
  fmt::print("P = {}, {}\n{:<40} {:>8} {:>8} {:>8}\n", points, linear_algebra_library(), "seconds", "own", "LAPACK",
             "ratio");
  Factor own;
  Matrix other, x, y;
  print(
      "factor; dpotrf", runs, [&] { own = factor(kernel, 0); },
      [&] {
        other = kernel;
        LAPACKE_dpotrf_work(LAPACK_COL_MAJOR, 'L', n, other.data(), n);
      });
  print(
      fmt::format("solution of {}; dpotrs", columns).c_str(), runs, [&] { x = own.solve(right); },
      [&] {
        y = right;
        LAPACKE_dpotrs_work(LAPACK_COL_MAJOR, 'L', n, static_cast<int>(columns), other.data(), n, y.data(), n);
      });
  print(
      "diagonal of the inverse; dtrtri", runs, [&] { x = own.inverse_diagonal(); },
      [&] {
        y = other;
        LAPACKE_dtrtri_work(LAPACK_COL_MAJOR, 'L', 'N', n, y.data(), n);
      });
  print(
      "inverse; dpotri", runs, [&] { x = own.inverse(); },
      [&] {
        y = other;
        LAPACKE_dpotri_work(LAPACK_COL_MAJOR, 'L', n, y.data(), n);
      });
}
