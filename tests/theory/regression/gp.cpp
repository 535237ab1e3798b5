#include "fieldscan/theory/regression/gp.hpp"

#include <cmath>

#include "catch.hpp"
#include "fieldscan/core/error.hpp"
#include "fieldscan/theory/kernel/kernels.hpp"
#include "near.hpp"
#include "theory/random.hpp"
#include "theory/setup.hpp"

using namespace fieldscan;
using namespace fieldscan::theory;
using fieldscan::testing::stream;

namespace {

struct Example {
  KernelSpec spec{.depth = 2, .activation = network::Relu{}, .weight_variance = 1.5, .bias_variance = 0.1};
  Matrix x = testing::normals(stream("train"), 12, 3);
  Matrix test = testing::normals(stream("test"), 5, 3);
  Vector y = testing::normal_vector(stream("labels"), 12);
  Matrix kernel = kernels(spec, x).nngp;
  Matrix cross = kernels(spec, x, test).nngp;
  Vector diagonal = kernel_diagonal(spec, test).nngp;
};

/// Leave-one-out predictions: y_i − α_i/[A⁻¹]_ii with variance 1/[A⁻¹]_ii (which contains the noise κ).
struct LeaveOneOut {
  Vector mean;
  Vector variance;
};
LeaveOneOut leave_one_out(const Regression& regression, const Vector& labels) {
  const auto inverse_diagonal = regression.inverse_diagonal.array();
  return {.mean = labels.array() - regression.alpha.col(0).array() / inverse_diagonal,
          .variance = inverse_diagonal.inverse()};
}

/// The joint posterior of f at the points X*: K_** − K_*X A⁻¹ K_X* [P* × P*]. prior: K_** [P* × P*].
Matrix posterior_covariance(const Inverse& inverse, const Matrix& cross, const Matrix& prior) {
  const Matrix half = inverse.half_solve(cross);
  return prior - half.transpose() * half;
}

/// The mean predictor at fixed inputs, averaged over label noise of variance σ²: with H = K_*X A⁻¹ and the clean target
/// g, bias² = (H g(X) − g(X*))², variance = σ² diag(H Hᵀ). Source: C. Rasmussen, C. Williams (2006), chapter 7.
struct NoiseAverage {
  Vector bias2;     ///< [P*]
  Vector variance;  ///< [P*]
};
NoiseAverage average_over_noise(const Inverse& inverse, const Matrix& cross, const Vector& target,
                                const Vector& target_test, double noise_variance) {
  const Matrix response = inverse.solve(cross);  // Hᵀ
  return {.bias2 = (response.transpose() * target - target_test).cwiseAbs2(),
          .variance = noise_variance * response.colwise().squaredNorm().transpose()};
}

}  // namespace

TEST_CASE("regression agrees with the reference numbers") {
  for (const auto& entry : reference::entries("gpr/")) {
    CAPTURE(entry.name);
    // The entries divide the kernel by χ and leave κ: here κ is beside the kernel without 1/χ.
    const double chi = entry.number("chi"), ridge = chi * entry.number("kappa");
    const KernelSpec spec = reference::kernel(entry);
    const Matrix x = reference::matrix(entry.in.at("X"), 2), test = reference::matrix(entry.in.at("Xtest"), 2);
    const Vector y = reference::vector(entry.in.at("y"));
    const Regression r =
        regression(kernels(spec, x).nngp, ridge, y, kernels(spec, x, test).nngp, kernel_diagonal(spec, test).nngp);
    Vector mine;
    if (entry.name.ends_with("/mean")) mine = r.mean;
    if (entry.name.ends_with("/var")) mine = r.variance / chi;
    if (entry.name.ends_with("/loo_mean")) mine = leave_one_out(r, y).mean;
    if (entry.name.ends_with("/lml"))
      mine = Vector::Constant(1, *r.log_evidence + 0.5 * (1 - chi) * y.dot(r.alpha.col(0)) + 2.5 * std::log(chi));
    const Vector expected = reference::vector(entry.out.at("value"));
    REQUIRE(mine.size() == expected.size());
    for (Index i = 0; i < mine.size(); ++i) {
      CAPTURE(i, mine[i], expected[i]);
      CHECK(reference::agrees(entry, mine[i], expected[i]));
    }
  }
}

TEST_CASE("regression is what its formula says") {
  const Example e;
  for (double ridge : {1e-3, 0.1, 10.0}) {
    const Regression r = regression(e.kernel, ridge, e.y, e.cross, e.diagonal);
    const Matrix inverse = (e.kernel + ridge * Matrix::Identity(12, 12)).inverse();
    CHECK(near::distance(r.alpha, inverse * e.y) <= 1e-9 * r.alpha.norm());
    CHECK(near::distance(r.residual, ridge * r.alpha) <= 1e-14 * r.residual.norm());
    CHECK(near::distance(r.residual, e.y - e.kernel * r.alpha) <= 1e-10 * e.y.norm());
    CHECK(near::distance(r.mean, e.cross.transpose() * inverse * e.y) <= 1e-9);
    const Vector variance = e.diagonal - (e.cross.transpose() * inverse * e.cross).diagonal();
    CHECK(near::distance(r.variance, variance) <= 1e-9);
    CHECK(*r.kappa_eff == Approx(12 / inverse.trace()).epsilon(1e-9));
    CHECK(r.jitter == 0);
  }
}

TEST_CASE("leave-one-out is regression without the point") {
  const Example e;
  const double ridge = 0.05;
  const LeaveOneOut loo = leave_one_out(regression(e.kernel, ridge, e.y, e.cross, e.diagonal), e.y);
  for (Index out = 0; out < 12; ++out) {
    Matrix x(11, 3);
    Vector y(11);
    x << e.x.topRows(out), e.x.bottomRows(11 - out);
    y << e.y.head(out), e.y.tail(11 - out);
    const Matrix one = e.x.row(out);
    const Regression r =
        regression(kernels(e.spec, x).nngp, ridge, y, kernels(e.spec, x, one).nngp, kernel_diagonal(e.spec, one).nngp);
    CHECK(loo.mean[out] == Approx(r.mean(0)).epsilon(1e-9));
    CHECK(loo.variance[out] == Approx(r.variance[0] + ridge).epsilon(1e-9));
  }
}

TEST_CASE(
    "errors are estimated from the training set: leave-one-out by leaving out, the other with the mean diagonal") {
  const Example e;
  const Regression r = regression(e.kernel, 0.05, e.y, e.cross, e.diagonal);
  const LeaveOneOut loo = leave_one_out(r, e.y);
  CHECK(r.estimate->leave_one_out == Approx((loo.mean - e.y).squaredNorm() / 12));
  const Matrix inverse = (e.kernel + 0.05 * Matrix::Identity(12, 12)).inverse();
  CHECK(r.estimate->generalised == Approx((inverse * e.y).squaredNorm() / 12 / std::pow(inverse.trace() / 12, 2)));
  // In a kernel that treats all points alike the two agree.
  const Matrix alike = Matrix::Identity(12, 12) + Matrix::Constant(12, 12, 0.3);
  const Regression same = regression(alike, 0.1, e.y, e.cross, 10 * e.diagonal);
  CHECK(same.estimate->leave_one_out == Approx(same.estimate->generalised).epsilon(1e-12));
}

TEST_CASE("generalised cross-validation estimates the error on noisy labels", "[slow]") {
  // Labels from the prior plus noise; the error on 400 fresh points beside the estimate from 100, over 60 data sets.
  const KernelSpec spec{.depth = 1, .activation = network::Relu{}, .weight_variance = 1.5, .bias_variance = 0.1};
  const int sets = 60;
  double sum = 0, squares = 0, size = 0;
  for (int set = 0; set < sets; ++set) {
    const auto r = static_cast<std::uint64_t>(set);
    const Matrix x = testing::sphere(stream("gcv", r), 500, 5);
    const Factor prior = factor(nngp_kernel(spec, x), 1e-9);
    const Vector g = prior.lower * testing::normal_vector(stream("gcv function", r), 500);
    const Vector y = g + 0.3 * testing::normal_vector(stream("gcv noise", r), 500);
    const Matrix train = x.topRows(100), test = x.bottomRows(400);
    const Regression fit = regression(nngp_kernel(spec, train), 0.05, y.head(100), nngp_kernel(spec, train, test),
                                      kernel_diagonal(spec, test).nngp);
    const double error = (fit.mean - g.tail(400)).squaredNorm() / 400 + 0.09;
    const double difference = fit.estimate->generalised - error;
    sum += difference;
    squares += difference * difference;
    size += error;
  }
  const double mean = sum / sets, standard = std::sqrt((squares / sets - mean * mean) / (sets - 1));
  CAPTURE(mean, standard, size / sets);
  CHECK(std::abs(mean) <= 4 * standard);        // fails by chance once in 16000
  CHECK(std::abs(mean + 0.09) > 4 * standard);  // the error against the clean target is something else
}

TEST_CASE("the joint posterior has the variances on its diagonal, and conditions point by point") {
  const Example e;
  const Inverse inverse = invert(e.kernel, 0.1);
  const Matrix prior = nngp_kernel(e.spec, e.test);
  const Matrix covariance = posterior_covariance(inverse, e.cross, prior);
  const Regression r = regression(e.kernel, 0.1, e.y, e.cross, e.diagonal);
  CHECK(near::distance(covariance.diagonal(), r.variance) <= 1e-12);
  CHECK(near::distance(covariance, covariance.transpose()) <= 1e-14);
  CHECK(near::distance(covariance, prior - e.cross.transpose() * inverse.solve(e.cross)) <= 1e-12);
  CHECK(eigenpairs(covariance).values.minCoeff() >= -1e-12);
}

TEST_CASE("bias and variance over label noise") {
  const Example e;
  const Inverse inverse = invert(e.kernel, 0.1);
  const Vector target = e.y, target_test = testing::normal_vector(stream("clean"), 5);
  const NoiseAverage average = average_over_noise(inverse, e.cross, target, target_test, 0.25);
  const int count = 4000;
  Vector sum = Vector::Zero(5), squares = sum;
  for (int n = 0; n < count; ++n) {
    const Vector y = target + 0.5 * testing::normal_vector(stream("noise", static_cast<std::uint64_t>(n)), 12);
    const Vector error = (e.cross.transpose() * inverse.solve(y) - target_test).col(0).cwiseAbs2();
    sum += error;
    squares += error.cwiseAbs2();
  }
  for (Index i = 0; i < 5; ++i) {
    const double mean = sum[i] / count, standard = std::sqrt((squares[i] / count - mean * mean) / (count - 1));
    CAPTURE(i, mean, standard);
    CHECK(std::abs(mean - average.bias2[i] - average.variance[i]) <= 4 * standard);  // once in 3000 for the five
  }
  CHECK(std::abs(sum.mean() / count - average.bias2.mean()) > 1e-3);  // the variance is seen
}

TEST_CASE("regression needs what it says") {
  CHECK(regression_bytes(20000, 100, 0.1) == 8 * (4e8 + 4e6 + factor_room(20000)));
  CHECK(factor_room(20000) < 0.25 * 4e8);
  CHECK(regression_bytes(100, 0, 0) == 8 * 3e4);
}

TEST_CASE("the evidence is the product of the predictive densities") {
  const Example e;
  const double ridge = 0.1;
  double sum = 0;
  for (Index i = 0; i < 12; ++i) {
    double mean = 0, variance = e.kernel(i, i);
    if (i > 0) {
      const Regression r = regression(e.kernel.topLeftCorner(i, i), ridge, e.y.head(i), e.kernel.col(i).head(i),
                                      Vector::Constant(1, e.kernel(i, i)));
      mean = r.mean(0);
      variance = r.variance[0];
    }
    const double s2 = variance + ridge, d = e.y[i] - mean;
    sum += -0.5 * d * d / s2 - 0.5 * std::log(2 * std::acos(-1.0) * s2);
  }
  CHECK(*regression(e.kernel, ridge, e.y, e.cross, e.diagonal).log_evidence == Approx(sum).epsilon(1e-10));
}

TEST_CASE("without a ridge the labels are interpolated, and singular kernels have a pseudo-inverse") {
  const Example e;
  const Regression full = regression(e.kernel, 0, e.y, e.cross, e.diagonal);
  CHECK(full.residual.norm() == 0);
  const Regression small = regression(e.kernel, 1e-9, e.y, e.cross, e.diagonal);
  CHECK(near::distance(full.mean, small.mean) <= 1e-5);
  CHECK(full.kappa_eff.has_value());

  const KernelSpec linear{.depth = 1, .activation = network::Linear{}};
  const Matrix kernel = kernels(linear, e.x).nngp;
  const Regression flat =
      regression(kernel, 0, e.y, kernels(linear, e.x, e.test).nngp, kernel_diagonal(linear, e.test).nngp);
  const Vector weights = e.x.colPivHouseholderQr().solve(e.y);  // least squares
  CHECK(near::distance(flat.mean, e.test * weights) <= 1e-9);
  CHECK(near::distance(flat.residual, e.y - e.x * weights) <= 1e-9);
  CHECK(flat.variance.maxCoeff() <= 1e-6);
  CHECK_FALSE(flat.kappa_eff.has_value());
  CHECK_FALSE(flat.log_evidence.has_value());
}

TEST_CASE("one training point") {
  const Matrix kernel = Matrix::Constant(1, 1, 2.0);
  const Regression r =
      regression(kernel, 0.5, Vector::Constant(1, 3.0), Matrix::Constant(1, 1, 1.0), Vector::Constant(1, 2.0));
  CHECK(r.mean(0) == Approx(3.0 / 2.5));
  CHECK(r.variance[0] == Approx(2.0 - 1 / 2.5));
  CHECK(*r.kappa_eff == Approx(2.5));
}

TEST_CASE("a ridge that leaves no digit of the kernel leaves the variance on the training points, and the estimates") {
  const Example e;
  const double prior = e.kernel.trace() / 12;
  const auto at = [&](double ridge) { return regression(e.kernel, ridge, e.y, e.cross, e.diagonal); };
  for (const double ridge : {0.05, 1.0, 1e3}) {
    const Matrix inverse = (e.kernel + ridge * Matrix::Identity(12, 12)).inverse();
    CHECK(at(ridge).variance_train == Approx((e.kernel - e.kernel * inverse * e.kernel).trace() / 12).epsilon(1e-9));
  }
  // Where the one form begins the other still has six digits.
  CHECK(at(0.99e10 * prior).variance_train == Approx(at(1.01e10 * prior).variance_train).epsilon(1e-5));
  CHECK(at(1e7).variance_train == Approx(prior).epsilon(1e-4));
  for (const double ridge : {1e12, 1e16, 1e18, 1e150, 1e300}) {
    const Regression r = at(ridge);
    CHECK(r.variance_train == Approx(prior).epsilon(1e-9));
    // The difference, which this was before: a control that it is lost.
    if (ridge >= 1e18) CHECK(std::abs(ridge * (1 - ridge * r.inverse_diagonal.mean()) - prior) > 0.1 * prior);
    CHECK(r.estimate->leave_one_out == Approx(e.y.squaredNorm() / 12).epsilon(1e-9));
    CHECK(r.estimate->generalised == Approx(e.y.squaredNorm() / 12).epsilon(1e-9));
    CHECK(*r.kappa_eff == Approx(ridge));
    CHECK(std::isfinite(*r.log_evidence));
  }
}

TEST_CASE("the trace of a kernel is that of all points, where equal ones are taken together") {
  const Example e;
  Matrix x(15, 3);
  x << e.x, e.x.topRows(3);
  const Matrix kernel = kernels(e.spec, x).nngp;
  const EqualRows equal = equal_rows(x);
  REQUIRE(equal.any());
  CHECK(invert(kernel, 0.1, equal).mean_kernel == Approx(kernel.trace() / 15));
  CHECK(invert(kernel, 1e20, equal).mean_variance(1e-20) == Approx(kernel.trace() / 15));
  CHECK(invert(e.kernel, 0.1).mean_kernel == Approx(e.kernel.trace() / 12));
  CHECK(invert(e.kernel, 0.0).mean_variance(1) == 0);
}

TEST_CASE("what can not be a kernel is an error") {
  Matrix indefinite(2, 2);
  indefinite << 1, 2, 2, 1;
  CHECK_THROWS_AS(invert(indefinite, 0.1), NumericalError);
  CHECK_THROWS_AS(invert(Matrix::Constant(2, 2, std::nan("")), 0.1), NumericalError);
  CHECK_THROWS_AS(invert(Matrix::Constant(2, 2, std::nan("")), 0.0), NumericalError);
  CHECK_THROWS_AS(clip_variance(Vector::Constant(1, -1e-3), Vector::Ones(1), 1e-6), NumericalError);
  CHECK_THROWS_AS(clip_variance(Vector::Constant(1, std::nan("")), Vector::Ones(1), 1e-6), NumericalError);
  CHECK(clip_variance(Vector::Constant(1, -1e-9), Vector::Ones(1), 1e-6)[0] == 0);
}
