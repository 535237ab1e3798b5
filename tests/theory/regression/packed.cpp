#include "catch.hpp"
#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/theory/kernel/packed_kernel.hpp"
#include "fieldscan/theory/regression/gp.hpp"
#include "near.hpp"
#include "theory/random.hpp"

using namespace fieldscan;
using namespace fieldscan::theory;
using fieldscan::testing::stream;

namespace {

KernelSpec spec_of_packed() {
  return {.depth = 2, .activation = network::Relu{}, .weight_variance = 1.5, .bias_variance = 0.1};
}

/// 300 points, some of them close to one another.
Matrix points_with_neighbours() {
  Matrix x = testing::normals(stream("packed"), 300, 4);
  x.row(270) = x.row(12) * (1 + 1e-9);
  x.row(299) = x.row(298).array() + 1e-10;
  return x;
}

Matrix unpacked(const PackedLower& packed) {
  Matrix out = Matrix::Zero(packed.rows(), packed.rows());
  for (Index j = 0; j < out.cols(); ++j)
    for (Index i = j; i < out.rows(); ++i) out(i, j) = packed(i, j);
  return out;
}

}  // namespace

TEST_CASE("packed kernels have the bits of whole ones, and both on any number of threads") {
  const KernelSpec spec = spec_of_packed();
  const Matrix x = points_with_neighbours();
  for (const auto train : {network::Trained::readout, network::Trained::all, network::Trained::hidden}) {
    const Matrix whole = tangent_kernel(spec, train, x), cross = tangent_kernel(spec, train, x, x.topRows(100));
    for (const int threads : {1, 2, 3}) {
      set_linear_algebra_threads(threads);
      CAPTURE(threads);
      CHECK(near::equal(tangent_kernel(spec, train, x), whole));
      CHECK(near::equal(unpacked(packed_kernel(spec, train, x)), Matrix(whole.triangularView<Eigen::Lower>())));
      CHECK(near::equal(tangent_kernel(spec, train, x, x.topRows(100)), cross));
    }
    set_linear_algebra_threads(1);
  }
  CHECK(near::equal(nngp_kernel(spec, x), tangent_kernel(spec, network::Trained::readout, x)));
}

TEST_CASE("regression with a packed kernel is regression, with equal points too") {
  const KernelSpec spec = spec_of_packed();
  Matrix x = points_with_neighbours();
  const Matrix test = testing::normals(stream("packed test"), 20, 4);
  const Vector y = testing::normal_vector(stream("packed labels"), 300), diagonal = kernel_diagonal(spec, test).nngp;
  for (const bool repeated : {false, true}) {
    CAPTURE(repeated);
    if (repeated) x.row(5) = x.row(280) = x.row(100);
    const EqualRows equal = equal_rows(x);
    REQUIRE(equal.any() == repeated);
    const Matrix unequal = x(equal_points(equal).first, Eigen::all), cross = nngp_kernel(spec, x, test);
    const Inverse whole = invert(nngp_kernel(spec, x), 0.1, equal);
    const Inverse packed = invert([&] { return packed_kernel(spec, network::Trained::readout, unequal); }, 0.1, equal);
    CHECK(packed.rank == 300);
    CHECK(packed.mean_diagonal == Approx(whole.mean_diagonal));
    const Regression a = regression(packed, y, cross, diagonal, Estimates::all);
    const Regression b = regression(whole, y, cross, diagonal, Estimates::all);
    CHECK(near::distance(a.alpha, b.alpha) <= 1e-10 * b.alpha.norm());
    CHECK(near::distance(a.residual, b.residual) <= 1e-10 * b.residual.norm());
    CHECK(near::distance(a.mean, b.mean) <= 1e-10 * b.mean.norm());
    CHECK(near::distance(a.variance, b.variance) <= 1e-10 * b.variance.norm());
    CHECK(near::distance(a.inverse_diagonal, b.inverse_diagonal) <= 1e-10 * b.inverse_diagonal.norm());
    CHECK(*a.log_evidence == Approx(*b.log_evidence).epsilon(1e-10));
    CHECK(a.condition == Approx(b.condition).epsilon(1e-6));
    CHECK(a.estimate->leave_one_out == Approx(b.estimate->leave_one_out).epsilon(1e-9));
    CHECK(near::distance(a.residual, y - nngp_kernel(spec, x) * a.alpha) <= 1e-8 * y.norm());
  }
}

TEST_CASE("without estimates a regression gives the same numbers, and none of them") {
  const KernelSpec spec = spec_of_packed();
  const Matrix x = points_with_neighbours(), test = testing::normals(stream("packed test"), 20, 4);
  const Vector y = testing::normal_vector(stream("packed labels"), 300), diagonal = kernel_diagonal(spec, test).nngp;
  const Inverse inverse = invert(nngp_kernel(spec, x), 0.1);
  const Matrix cross = nngp_kernel(spec, x, test);
  const Regression all = regression(inverse, y, cross, diagonal, Estimates::all);
  const Regression none = regression(inverse, y, cross, diagonal, Estimates::none);
  CHECK(near::equal(none.mean, all.mean));
  CHECK(near::equal(none.variance, all.variance));
  CHECK(none.log_evidence == all.log_evidence);
  CHECK(none.inverse_diagonal.size() == 0);
  CHECK_FALSE(none.estimate.has_value());
  CHECK_FALSE(none.kappa_eff.has_value());
}

TEST_CASE("large kernels are announced at half of a matrix") {
  CHECK(packed_regression_bytes(20000, 100, 0.1) < 0.51 * 8 * 4e8 + 8 * (4e6 + factor_room(20000)));
  CHECK(packed_regression_bytes(20000, 100, 0) == regression_bytes(20000, 100, 0));
  CHECK(packed_regression_bytes(1000, 100, 0.1) == regression_bytes(1000, 100, 0.1));
}
