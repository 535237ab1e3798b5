#include "fieldscan/theory/descent/flow.hpp"

#include <cmath>
#include <limits>

#include "catch.hpp"
#include "fieldscan/theory/kernel/kernels.hpp"
#include "fieldscan/theory/regression/gp.hpp"
#include "near.hpp"
#include "theory/random.hpp"
#include "theory/setup.hpp"

using namespace fieldscan;
using namespace fieldscan::theory;
using fieldscan::testing::stream;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

FlowKernels flow_kernels(const KernelSpec& spec, const Matrix& x, const Matrix& test) {
  const Kernels train = kernels(spec, x), cross = kernels(spec, x, test);
  return {train.tangent, train.nngp, cross.tangent, cross.nngp, kernel_diagonal(spec, test).nngp};
}

struct Example {
  KernelSpec spec{.depth = 1, .activation = network::Erf{}, .weight_variance = 1.5, .bias_variance = 0.2};
  Matrix x = testing::normals(stream("train"), 7, 3);
  Matrix test = testing::normals(stream("test"), 4, 3);
  Vector y = testing::normal_vector(stream("labels"), 7);
  FlowKernels kernels = flow_kernels(spec, x, test);
};

/// Mean and covariance of f at training and test points together, by Runge–Kutta steps of
/// dm/dt = −G (m − y) − κ m and dC/dt = −(G C + C Gᵀ) − κ (2C − C₀-terms), here as the response R of f − f₀ to f₀ and
/// y: f = f₀ + R (y − f₀(X)), dR/dt = Θ(·, X) (1 − R_X) − κ R.
Matrix integrate(const Matrix& tangent_all, double ridge, double time, int steps) {
  const Index points = tangent_all.cols();
  const auto rate = [&](const Matrix& r) -> Matrix {
    return tangent_all * (Matrix::Identity(points, points) - r.topRows(points)) - ridge * r;
  };
  Matrix r = Matrix::Zero(tangent_all.rows(), points);
  const double h = time / steps;
  for (int k = 0; k < steps; ++k) {
    const Matrix a = rate(r), b = rate(r + 0.5 * h * a), c = rate(r + 0.5 * h * b), d = rate(r + h * c);
    r += h / 6 * (a + 2 * b + 2 * c + d);
  }
  return r;
}

}  // namespace

TEST_CASE("the flow agrees with the reference numbers") {
  for (const auto& entry : reference::entries("ntk_flow/")) {
    CAPTURE(entry.name);
    const Matrix x = reference::matrix(entry.in.at("X"), 2), test = reference::matrix(entry.in.at("Xtest"), 2);
    const Flow flow(flow_kernels(reference::kernel(entry), x, test), reference::vector(entry.in.at("y")), 0);
    const FlowState state = flow.at(entry.number("eta_t"));
    const auto& expected = entry.out.at("value");
    for (Index i = 0; i < 2; ++i) {
      const bool mean = entry.name.ends_with("/mean");
      const double mine = mean ? state.mean(i) : state.variance[i];
      const double theirs = mean ? expected[static_cast<std::size_t>(i)] : expected[static_cast<std::size_t>(3 * i)];
      CAPTURE(i, mine, theirs);
      CHECK(reference::agrees(entry, mine, theirs));
    }
  }
}

TEST_CASE("the flow is the solution of its differential equation") {
  const Example e;
  Matrix tangent_all(11, 7);
  tangent_all << e.kernels.tangent, e.kernels.tangent_cross.transpose();
  for (double ridge : {0.0, 0.3})
    for (double time : {0.3, 2.0}) {
      CAPTURE(ridge, time);
      const FlowState state = Flow(e.kernels, e.y, ridge).at(time);
      const Matrix r = integrate(tangent_all, ridge, time, 2000);
      const Matrix test = r.bottomRows(4), train = r.topRows(7);
      CHECK(near::distance(state.mean, test * e.y) <= 1e-9);
      CHECK(near::distance(state.residual, e.y - train * e.y) <= 1e-9);
      const Vector variance = e.kernels.nngp_diagonal +
                              (test * e.kernels.nngp * test.transpose() - 2 * test * e.kernels.nngp_cross).diagonal();
      CHECK(near::distance(state.variance, variance) <= 1e-9);
      const Matrix left = Matrix::Identity(7, 7) - train;
      CHECK(state.variance_train == Approx((left * e.kernels.nngp * left.transpose()).trace() / 7).epsilon(1e-8));
    }
}

TEST_CASE("the flow starts at the prior and ends at the regression") {
  const Example e;
  for (double ridge : {0.0, 0.05, 2.0}) {
    CAPTURE(ridge);
    const Flow flow(e.kernels, e.y, ridge);
    const FlowState start = flow.at(0), end = flow.at(infinity), late = flow.at(1e9);
    CHECK(start.mean.norm() == 0);
    CHECK(near::distance(start.variance, e.kernels.nngp_diagonal) <= 1e-14);
    CHECK(near::distance(start.residual, e.y) <= 1e-13);
    CHECK(start.variance_train == Approx(e.kernels.nngp.trace() / 7).epsilon(1e-12));
    const Inverse inverse = invert(e.kernels.tangent, ridge);
    CHECK(near::distance(end.mean, e.kernels.tangent_cross.transpose() * inverse.solve(e.y)) <= 1e-8);
    CHECK(near::distance(end.residual, inverse.residual(e.y)) <= 1e-9);
    CHECK(near::distance(end.mean, late.mean) <= 1e-10);
    CHECK(near::distance(end.variance, late.variance) <= 1e-10);
  }
}

TEST_CASE("where only the readout learns, the end of the flow is the posterior") {
  const Example e;
  FlowKernels readout = e.kernels;
  readout.tangent = readout.nngp;
  readout.tangent_cross = readout.nngp_cross;
  const FlowState end = Flow(readout, e.y, 0).at(infinity);
  const Regression posterior = regression(e.kernels.nngp, 0, e.y, e.kernels.nngp_cross, e.kernels.nngp_diagonal);
  CHECK(near::distance(end.mean, posterior.mean) <= 1e-6);
  CHECK(near::largest_difference(end.variance, posterior.variance) <= 1e-6);
  CHECK(end.variance_train <= 1e-10);
}

TEST_CASE("directions that no parameter reaches stay where they are") {
  // A linear network of dimension 3 on 7 points: four directions of label space do not move, and nothing overflows.
  Example e;
  e.spec.activation = network::Linear{};
  e.spec.bias_variance = 0;
  const Flow flow(flow_kernels(e.spec, e.x, e.test), e.y, 0);
  const FlowState end = flow.at(infinity);
  CHECK((flow.eigenvalues().array() > 0).count() == 3);
  const Vector weights = e.x.colPivHouseholderQr().solve(e.y);
  CHECK(near::distance(end.mean, e.test * weights) <= 1e-9);
  CHECK(near::distance(end.residual, e.y - e.x * weights) <= 1e-9);
}
