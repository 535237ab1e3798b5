#include <cmath>
#include <limits>

#include "catch.hpp"
#include "fieldscan/core/error.hpp"
#include "nets.hpp"

using namespace fieldscan;
using namespace fieldscan::network;
using namespace fieldscan::network::testing;

namespace {

double dense_top(const Network& network, const Vector& theta, const Matrix& x) {
  Matrix weighted = network.jacobian(theta, x);
  for (const Tensor& t : network.tensors())
    weighted.middleCols(t.offset, t.size()) *= std::sqrt(t.rate_factor * network.spec().chi);
  return Eigen::SelfAdjointEigenSolver<Matrix>(weighted * weighted.transpose()).eigenvalues().maxCoeff();
}

/// Mean and standard error of numbers that are added one at a time.
struct Mean {
  double sum = 0, squares = 0;
  int count = 0;
  void add(double value) { sum += value, squares += value * value, ++count; }
  double value() const { return sum / count; }
  double error() const { return std::sqrt((squares / count - value() * value()) / (count - 1)); }
  bool agrees(double expected) const { return std::abs(value() - expected) <= 4 * error(); }
};

double top_at_start(Parameterisation parameterisation, int width, double chi) {
  Spec spec{.depth = 2, .width = width, .activation = Tanh{}, .chi = chi};
  spec.parameterisation = parameterisation;
  const Network network(spec, 6);
  return ntk_top(network, network.initial(stream()), normal_matrix(10, 6), 1e-6) / chi;
}

}  // namespace

TEST_CASE("the largest NTK eigenvalue equals the dense one", "[network]") {
  for (const auto parameterisation : {Parameterisation::ntk, Parameterisation::standard, Parameterisation::mup})
    for (const auto train : {Trained::all, Trained::readout, Trained::hidden})
      for (const Index points : {1, 2, 17, 90}) {
        Spec spec{.depth = 2, .width = std::vector<int>{30, 20}, .activation = Relu{}, .bias_variance = 0.1, .chi = 4};
        spec.parameterisation = parameterisation;
        spec.train = train;
        const Network network(spec, 5);
        const Vector theta = network.initial(stream());
        const Matrix x = normal_matrix(points, 5);
        const double expected = dense_top(network, theta, x);
        CHECK(ntk_top(network, theta, x) == Approx(expected).epsilon(1e-3));
        CHECK(ntk_top(network, theta, x, 1e-10) == Approx(expected).epsilon(1e-10));
      }
}

TEST_CASE("an NTK that is not finite is a numerical error", "[network]") {
  const Network network(Spec{.width = 4}, 2);
  Vector theta = network.initial(stream());
  theta[0] = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(ntk_top(network, theta, normal_matrix(3, 2)), NumericalError);
}

TEST_CASE("one hidden layer: the variance of f at initialisation is exact at every width", "[network]") {
  const Matrix x = normal_matrix(1, 6);
  for (const int width : {1, 40}) {
    Spec spec{.width = width, .activation = Gelu{}, .weight_variance = 1.7, .bias_variance = 0.2};
    spec.readout_variance = 1.4;
    spec.chi = 3;
    const Network network(spec, 6);
    Mean square;
    for (std::uint64_t i = 0; i < 4000; ++i)
      square.add(std::pow(network.evaluate(network.initial(stream(i)), x)[0], 2));
    const double hidden = 1.7 * x.squaredNorm() / 6 + 0.2;
    const double expected = 1.4 / 3 * average_equal(spec.activation, hidden).value;
    CHECK(square.agrees(expected));
    CHECK_FALSE(square.agrees(expected * 1.5));
  }
}

TEST_CASE("two hidden layers at width 1024: variance of f", "[network][slow]") {
  Spec spec{.depth = 2, .width = 1024, .activation = Erf{}, .weight_variance = std::vector<double>{1.2, 2.0}};
  const Network network(spec, 6);
  const Matrix x = normal_matrix(2, 6);
  Mean square, product;
  for (std::uint64_t i = 0; i < 150; ++i) {
    const Vector f = network.evaluate(network.initial(stream(i)), x);
    square.add(f[0] * f[0]);
    product.add(f[0] * f[1]);
  }
  const Matrix first = 1.2 / 6 * x * x.transpose();
  const double a = 2 * average_equal(Erf{}, first(0, 0)).value, b = 2 * average_equal(Erf{}, first(1, 1)).value;
  const double c = 2 * average(Erf{}, first(0, 0), first(1, 1), first(0, 1)).value;
  CHECK(square.agrees(average_equal(Erf{}, a).value));
  CHECK(product.agrees(average(Erf{}, a, b, c).value));
  CHECK_FALSE(square.agrees(2 * average_equal(Erf{}, a).value));
}

TEMPLATE_LIST_TEST_CASE("the features of a wide layer average to the Gaussian average", "[network]",
                        VariantOf<ActivationChoice>) {
  const Network network(Spec{.width = 20000, .activation = TestType{}, .weight_variance = 1.3}, 3);
  const Matrix x = normal_matrix(2, 3);
  auto work = network.workspace(2);
  Vector out(2);
  network.forward_for_gradient(network.initial(stream(8)), x, work, out);
  Mean value, slope;
  for (Index i = 0; i < 20000; ++i) {
    value.add(work.activation[0](0, i) * work.activation[0](1, i));
    slope.add(work.derivative[0](0, i) * work.derivative[0](1, i));
  }
  const Matrix kernel = 1.3 / 3 * x * x.transpose();
  const GaussianAverage expected = average(TestType{}, kernel(0, 0), kernel(1, 1), kernel(0, 1));
  CHECK(value.agrees(expected.value));
  CHECK(std::abs(slope.value() - expected.derivative) <= 4 * slope.error() + 1e-12);
  const Matrix wrong = 2 * kernel;
  CHECK_FALSE(value.agrees(average(TestType{}, wrong(0, 0), wrong(1, 1), wrong(0, 1)).value));
}

TEST_CASE("the NTK of wide networks is that of the recursion", "[network]") {
  // Θ = σ_a² (⟨φφ⟩ + ⟨φ′φ′⟩ Θ¹), Θ¹ = K¹ = σ_w² x·x′/d + σ_b², for one hidden layer.
  Spec spec{.width = 256, .activation = Erf{}, .weight_variance = 1.5, .bias_variance = 0.3, .chi = 7};
  const Network network(spec, 4);
  const Matrix x = normal_matrix(2, 4);
  Mean entry;
  for (std::uint64_t i = 0; i < 100; ++i) {
    const Matrix jacobian = network.jacobian(network.initial(stream(i)), x);
    entry.add(7 * jacobian.row(0).dot(jacobian.row(1)));
  }
  const Matrix kernel = (1.5 / 4 * x * x.transpose()).array() + 0.3;
  const GaussianAverage at = average(Erf{}, kernel(0, 0), kernel(1, 1), kernel(0, 1));
  CHECK(entry.agrees(at.value + at.derivative * kernel(0, 1)));
  CHECK_FALSE(entry.agrees(at.value + at.derivative * (kernel(0, 1) - 0.3)));  // without the bias
}

TEST_CASE("how the speed of the function scales with width", "[network]") {
  // d log(speed)/d log N at a fixed learning rate: ntk 0 at χ = 1; ntk at χ = N: −1; mup at χ = N: 0; standard at χ =
  // 1: +1 for the tensors with a width in their fan-in, so between 0 and 1 while the input tensor still counts, and 1
  // in the end.
  const auto slope = [](Parameterisation parameterisation, bool mean_field, int from, int to) {
    const double low = top_at_start(parameterisation, from, mean_field ? from : 1);
    const double high = top_at_start(parameterisation, to, mean_field ? to : 1);
    return std::log(high / low) / std::log(static_cast<double>(to) / from);
  };
  CHECK(std::abs(slope(Parameterisation::ntk, false, 128, 512)) < 0.1);
  CHECK(std::abs(slope(Parameterisation::ntk, true, 128, 512) + 1) < 0.1);
  CHECK(std::abs(slope(Parameterisation::mup, true, 128, 512)) < 0.1);
  CHECK(std::abs(slope(Parameterisation::standard, false, 256, 1024) - 1) < 0.15);
}

TEST_CASE("the largest Hessian eigenvalue equals that of the matrix of second differences", "[network]") {
  for (const auto train : {Trained::all, Trained::readout}) {
    Spec spec{.depth = 2, .width = std::vector<int>{5, 4}, .activation = Tanh{}, .bias_variance = 0.1, .chi = 2};
    spec.parameterisation = Parameterisation::mup;
    spec.train = train;
    const Network network(spec, 3);
    const Matrix x = normal_matrix(6, 3);
    const Vector theta = network.initial(stream()), label = 3 * normal_vector(6);
    const auto gradient = [&](const Vector& at) {
      return Vector(network.jacobian(at, x).transpose() * (outputs(network, at, x) - label));
    };
    Matrix hessian(theta.size(), theta.size());
    for (Index k = 0; k < theta.size(); ++k) {
      const Vector shift = 1e-5 * Vector::Unit(theta.size(), k);
      hessian.col(k) = (gradient(theta + shift) - gradient(theta - shift)) / 2e-5;
    }
    Vector root(theta.size());
    for (const Tensor& t : network.tensors()) root.segment(t.offset, t.size()).setConstant(std::sqrt(t.rate_factor));
    const Matrix weighted = root.asDiagonal() * (0.5 * (hessian + hessian.transpose())) * root.asDiagonal();
    const double expected = Eigen::SelfAdjointEigenSolver<Matrix>(weighted).eigenvalues().maxCoeff();
    CHECK(hessian_top(network, theta, x, label, 1e-8) == Approx(expected).epsilon(1e-6));
    // Where the outputs are linear in what is trained, it is the tangent kernel's; otherwise the labels bend it.
    const double tangent = ntk_top(network, theta, x, 1e-8) / spec.chi;
    if (train == Trained::readout)
      CHECK(expected == Approx(tangent).epsilon(1e-6));
    else
      CHECK(std::abs(expected / tangent - 1) > 0.01);
  }
}
