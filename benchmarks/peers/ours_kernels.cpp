#include <memory>

#include "fieldscan/network/empirical_kernel.hpp"
#include "fieldscan/theory/kernel/convolutional_kernels.hpp"
#include "fieldscan/theory/kernel/kernels.hpp"
#include "fieldscan/theory/regression/gp.hpp"
#include "ours.hpp"

using namespace fieldscan;

namespace peers {

namespace {

/// So many columns of a kernel are compared: some hundred megabytes less to write and to read.
Matrix compared(const Matrix& kernel) { return kernel.leftCols(std::min<Index>(32, kernel.cols())); }

/// A regression's inputs, beside which it holds what it needs.
struct Given {
  Matrix kernel, cross;
  Vector label, diagonal;
};

}  // namespace

Work kernels(const Row& row) {
  const theory::KernelSpec spec{.depth = row.number("depth"), .activation = row.activation(), .weight_variance = 2};
  const Matrix x = row.read("x", row.number("points"), row.number("dimension"));
  const theory::Kernels found = theory::kernels(spec, x);
  row.write("nngp", compared(found.nngp));
  row.write("tangent", compared(found.tangent));
  return [spec, x] { theory::kernels(spec, x); };
}

Work convolutional_kernel(const Row& row) {
  const int side = row.number("side");
  const theory::ConvolutionalSpec spec = theory::resolved(
      {.height = side,
       .width = side,
       .depth = row.number("depth"),
       .padding = theory::Padding::zero,
       .readout = row.word("head") == "pooling" ? theory::ImageReadout::pooling : theory::ImageReadout::flatten},
      side * side);
  const Matrix x = row.read("x", row.number("points"), side * side);
  row.write("tangent", compared(theory::convolutional_kernel(spec, theory::KernelKind::tangent, x)));
  return [spec, x] { theory::convolutional_kernel(spec, theory::KernelKind::tangent, x); };
}

Work regression(const Row& row) {
  const Index points = row.number("points"), tests = row.number("tests");
  const auto given = std::make_shared<const Given>(Given{.kernel = row.read("kernel", points, points),
                                                         .cross = row.read("cross", points, tests),
                                                         .label = row.read("label", points, 1),
                                                         .diagonal = row.read("diagonal", tests, 1)});
  const auto estimates = row.word("estimates") == "all" ? theory::Estimates::all : theory::Estimates::none;
  const auto solve = [given, estimates] {
    return theory::regression(theory::invert(given->kernel, 0.1), given->label, given->cross, given->diagonal,
                              estimates);
  };
  const theory::Regression found = solve();
  row.write("mean", found.mean);
  row.write("variance", found.variance);
  if (found.estimate) row.write("leave_one_out", Matrix::Constant(1, 1, found.estimate->leave_one_out));
  return solve;
}

Work empirical_ntk(const Row& row) {
  const int dimension = row.number("dimension");
  const network::Network network({.depth = 2, .width = row.number("width"), .activation = row.activation()}, dimension);
  const Matrix x = row.read("x", row.number("points"), dimension);
  const Vector theta = row.read("theta", network.parameter_count(), 1);
  row.write("tangent", compared(network::empirical_ntk(network, theta, x)));
  return [network, x, theta] { network::empirical_ntk(network, theta, x); };
}

}  // namespace peers
