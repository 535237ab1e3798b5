#include <algorithm>
#include <cmath>

#include "catch.hpp"
#include "fieldscan/core/equal_rows.hpp"
#include "fieldscan/theory/descent/flow.hpp"
#include "fieldscan/theory/kernel/kernels.hpp"
#include "fieldscan/theory/regression/gp.hpp"
#include "theory/random.hpp"

using namespace fieldscan;
using namespace fieldscan::theory;
using fieldscan::testing::stream;

namespace {

constexpr Index outputs = 3;

/// Thirty points, of which two are equal, and three unlike outputs.
struct Example {
  KernelSpec spec{.depth = 2, .activation = network::Relu{}, .weight_variance = 1.5, .bias_variance = 0.1};
  Matrix x = testing::normals(stream("outputs train"), 30, 4);
  Matrix test = testing::normals(stream("outputs test"), 7, 4);
  Matrix y = testing::normals(stream("outputs labels"), 30, outputs);
  Example() { x.row(17) = x.row(3); }
};

double worst(const MatrixView& a, const MatrixView& b) {
  return (a - b).cwiseAbs().maxCoeff() / std::max(1.0, b.cwiseAbs().maxCoeff());
}

}  // namespace

TEST_CASE("regression on several outputs at once is that on each") {
  const Example e;
  const Matrix kernel = nngp_kernel(e.spec, e.x), cross = nngp_kernel(e.spec, e.x, e.test);
  const Vector diagonal = kernel_diagonal(e.spec, e.test).nngp;
  for (const double ridge : {0.3, 0.0}) {
    for (const EqualRows& equal : {EqualRows{}, equal_rows(e.x)}) {
      const Regression all = regression(kernel, ridge, e.y, cross, diagonal, equal);
      double evidence = 0, left_out = 0, generalised = 0, digits = 16;
      CAPTURE(ridge, equal.any());
      for (Index c = 0; c < outputs; ++c) {
        const Regression one = regression(kernel, ridge, e.y.col(c), cross, diagonal, equal);
        const double tolerance = ridge > 0 ? 1e-13 : 1e-9;
        CHECK(worst(all.alpha.col(c), one.alpha) <= tolerance);
        CHECK(worst(all.residual.col(c), one.residual) <= tolerance);
        CHECK(worst(all.mean.col(c), one.mean) <= tolerance);
        CHECK(worst(all.variance, one.variance) == 0);
        evidence += one.log_evidence.value_or(0);
        left_out += one.estimate ? one.estimate->leave_one_out : 0;
        generalised += one.estimate ? one.estimate->generalised : 0;
        digits = std::min(digits, one.digits);
      }
      CHECK(all.log_evidence.value_or(0) == Approx(evidence).epsilon(1e-11));
      CHECK((all.estimate ? all.estimate->leave_one_out : 0) == Approx(left_out).epsilon(1e-9));
      CHECK((all.estimate ? all.estimate->generalised : 0) == Approx(generalised).epsilon(1e-9));
      CHECK(all.digits == Approx(digits).epsilon(1e-6));
      CHECK(worst(all.mean.col(0), all.mean.col(1)) > 1e-2);  // the outputs are unlike
    }
  }
}

TEST_CASE("an output has the same bits beside how many others it stands, where nothing is solved") {
  const Matrix a = testing::normals(stream("outputs a"), 9, 5), b = testing::normals(stream("outputs b"), 9, outputs);
  const Matrix all = transposed_times(a, b);
  for (Index c = 0; c < outputs; ++c) CHECK((all.col(c).array() == transposed_times(a, b.col(c)).array()).all());
  CHECK(worst(all, a.transpose() * b) <= 1e-15);
}

TEST_CASE("the flow of several outputs at once has the bits of each") {
  const Example e;
  Kernels train = kernels(e.spec, e.x), cross = kernels(e.spec, e.x, e.test);
  const FlowKernels k{.tangent = tangent_of(network::Trained::all, train),
                      .nngp = train.nngp,
                      .tangent_cross = tangent_of(network::Trained::all, cross),
                      .nngp_cross = cross.nngp,
                      .nngp_diagonal = kernel_diagonal(e.spec, e.test).nngp};
  const FlowState all = Flow(k, e.y, 0.1).at(0.7);
  for (Index c = 0; c < outputs; ++c) {
    const FlowState one = Flow(k, e.y.col(c), 0.1).at(0.7);
    CHECK((all.mean.col(c).array() == one.mean.array()).all());
    CHECK((all.residual.col(c).array() == one.residual.array()).all());
    CHECK(all.variance_train == one.variance_train);
  }
  CHECK(all.mean.cols() == outputs);
  CHECK(worst(all.mean.col(0), all.mean.col(1)) > 1e-2);
}
