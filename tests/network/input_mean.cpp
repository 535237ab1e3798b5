#include "catch.hpp"
#include "fieldscan/network/empirical_kernel.hpp"
#include "near.hpp"
#include "nets.hpp"

using namespace fieldscan;
using namespace fieldscan::network;
using namespace fieldscan::network::testing;

namespace {

Spec centred_spec() {
  return {.width = 6,
          .activation = Quadratic{},
          .weight_variance = 1.7,
          .chi = 1.3,
          .output = OutputForm::centred_over_inputs};
}

/// f of the same weights with a plain output.
Vector plain(Spec spec, const Vector& theta, const Matrix& x, int outputs) {
  spec.output = OutputForm::plain;
  return Network(spec, static_cast<int>(x.cols()), outputs).evaluate(theta, x);
}

}  // namespace

TEST_CASE("centred over inputs: the output less its mean over inputs of covariance 1", "[network]") {
  constexpr int dimension = 4;
  for (const int outputs : {1, 3}) {
    const Spec spec = centred_spec();
    const Network network(spec, dimension, outputs);
    const Vector theta = network.initial(stream());
    const Matrix x = normal_matrix(7, dimension);
    // The points ±√d e_k have ⟨x xᵀ⟩ = 1: a quadratic form has its mean over all such inputs over them.
    const Matrix axes = std::sqrt(static_cast<double>(dimension)) * Matrix::Identity(dimension, dimension);
    const Matrix values = plain(spec, theta, axes, outputs).reshaped(outputs, dimension);
    const Vector mean = values.rowwise().mean();
    const Vector f = network.evaluate(theta, x), raw = plain(spec, theta, x, outputs);
    for (Index k = 0; k < 7; ++k)
      CHECK(near::distance(f.segment(k * outputs, outputs), raw.segment(k * outputs, outputs) - mean) <= 1e-13);
    CHECK(near::distance(f, raw) > 0.1);
    CHECK(network.evaluate(theta, axes).reshaped(outputs, dimension).rowwise().sum().norm() <= 1e-13);
    // What pins the norm is another function: of z² − 1 a factor of the weights does not cancel.
    Spec pinned = spec;
    pinned.output = OutputForm::plain;
    pinned.activation = Polynomial{.coefficients = {-1, 0, 1}};
    Vector longer = theta;
    longer.head(6 * dimension) *= 1.2;
    CHECK(near::distance(network.evaluate(longer, x), 1.44 * f) <= 1e-12);
    CHECK(near::distance(Network(pinned, dimension, outputs).evaluate(longer, x),
                         1.44 * Network(pinned, dimension, outputs).evaluate(theta, x)) > 0.1);
  }
}

TEST_CASE("centred over inputs: gradients, Jacobians and kernels contain the mean's", "[network]") {
  for (const int outputs : {1, 3})
    for (const auto parameterisation : {Parameterisation::ntk, Parameterisation::standard}) {
      Spec spec = centred_spec();
      spec.parameterisation = parameterisation;
      const Network network(spec, 3, outputs);
      const Vector theta = network.initial(stream());
      const Matrix x = normal_matrix(5, 3);
      const Matrix differences = difference_jacobian(network, theta, x), jacobian = network.jacobian(theta, x);
      CAPTURE(outputs);
      CHECK(near::largest_difference(jacobian, differences) <= 1e-8);
      auto work = network.workspace(5);
      Vector out(5 * outputs), gradient(theta.size()), tangent(5 * outputs);
      const Vector weight = normal_vector(5 * outputs), direction = normal_vector(theta.size(), 5);
      network.forward_for_gradient(theta, x, work, out);
      network.backward(theta, x, weight, work, gradient);
      CHECK(near::distance(gradient, jacobian.transpose() * weight) <= 1e-12);
      network.derivative_along(theta, x, direction, work, tangent);
      CHECK(near::distance(tangent, jacobian * direction) <= 1e-12);
      const Matrix features = normal_matrix(5, 6, 7);
      network.forward_for_gradient(theta, x, work, out);
      network.backward_features(theta, x, features, work, gradient);
      for (const Index k : {Index{0}, Index{7}, Index{17}}) {
        const auto energy = [&](double step) {
          network.forward(theta + step * Vector::Unit(theta.size(), k), x, work, out);
          return work.activation.back().cwiseProduct(features).sum();
        };
        CHECK(gradient[k] == Approx((energy(1e-6) - energy(-1e-6)) / 2e-6).epsilon(1e-6).margin(1e-8));
      }
      // Θ = χ J R Jᵀ, of several outputs the mean of their own.
      Vector rates(theta.size());
      for (const Tensor& tensor : network.tensors())
        rates.segment(tensor.offset, tensor.size()).setConstant(tensor.rate_factor);
      const Matrix all = spec.chi * jacobian * rates.asDiagonal() * jacobian.transpose();
      Matrix expected = Matrix::Zero(5, 5);
      for (Index c = 0; c < outputs; ++c)
        expected += all(Eigen::seqN(c, 5, outputs), Eigen::seqN(c, 5, outputs)) / outputs;
      CHECK(near::largest_difference(empirical_ntk(network, theta, x), expected) <= 1e-11 * (1 + expected.norm()));
    }
}

TEST_CASE("centred over inputs: only where the mean is known", "[network]") {
  CHECK_FALSE(centred_spec().problem());
  Spec spec = centred_spec();
  spec.activation = Erf{};
  CHECK(spec.problem());
  spec = centred_spec();
  spec.depth = 2;
  CHECK(spec.problem());
  spec = centred_spec();
  spec.bias_variance = 0.1;
  CHECK(spec.problem());
}
