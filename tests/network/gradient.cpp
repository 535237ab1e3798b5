#include <vector>

#include "catch.hpp"
#include "nets.hpp"

using namespace fieldscan;
using namespace fieldscan::network;
using namespace fieldscan::network::testing;

namespace {

/// Depths 1 to 3, all parameterisations, with and without bias, unequal widths and variances.
std::vector<Spec> variety(const ActivationChoice& activation) {
  std::vector<Spec> specs;
  for (const int depth : {1, 2, 3})
    for (const auto parameterisation : {Parameterisation::ntk, Parameterisation::standard, Parameterisation::mup})
      for (const double bias : {0.0, 0.3}) {
        Spec spec{.depth = depth, .activation = activation, .bias_variance = bias, .readout_variance = 1.3};
        spec.width = std::vector<int>{5, 4, 6};
        spec.width.values.resize(static_cast<std::size_t>(depth));
        spec.weight_variance = std::vector<double>{1.5, 0.7, 1.1};
        spec.weight_variance.values.resize(static_cast<std::size_t>(depth));
        spec.chi = 2.5;
        spec.parameterisation = parameterisation;
        specs.push_back(spec);
      }
  return specs;
}

double largest(const Matrix& m) { return m.cwiseAbs().maxCoeff(); }

}  // namespace

TEMPLATE_LIST_TEST_CASE("gradients equal finite differences", "[network]", ActivationChoice) {
  for (const Spec& spec : variety(TestType{})) {
    CAPTURE(spec.depth, word(spec.parameterisation), spec.bias_variance.at(0));
    const Network network(spec, 3);
    const Vector theta = network.initial(stream());
    const Matrix x = normal_matrix(6, 3);
    const Vector weight = normal_vector(6);
    auto work = network.workspace(6);
    Vector out(6), gradient(theta.size());
    network.forward_for_gradient(theta, x, work, out);
    network.backward(theta, x, weight, work, gradient);
    const Matrix differences = difference_jacobian(network, theta, x);
    CHECK(largest(gradient - differences.transpose() * weight) <= 1e-8 * (1 + largest(gradient)));
    CHECK(largest(network.jacobian(theta, x) - differences) <= 1e-8 * (1 + largest(differences)));
  }
}

TEMPLATE_LIST_TEST_CASE("forward mode equals the Jacobian", "[network]", ActivationChoice) {
  for (const Spec& spec : variety(TestType{})) {
    const Network network(spec, 3);
    const Vector theta = network.initial(stream()), direction = normal_vector(theta.size(), 5);
    const Matrix x = normal_matrix(6, 3);
    auto work = network.workspace(6);
    Vector out(6);
    network.forward_for_gradient(theta, x, work, out);
    network.derivative_along(theta, x, direction, work, out);
    const Vector expected = network.jacobian(theta, x) * direction;
    CHECK(largest(out - expected) <= 1e-13 * (1 + largest(expected)));
  }
}

TEMPLATE_LIST_TEST_CASE("gradients of features equal finite differences", "[network]", ActivationChoice) {
  for (const Spec& spec : variety(TestType{})) {
    const Network network(spec, 3);
    const Vector theta = network.initial(stream());
    const Matrix x = normal_matrix(6, 3), weight = normal_matrix(6, last_width(spec), 7);
    auto work = network.workspace(6);
    Vector out(6), gradient(theta.size()), expected(theta.size());
    const auto energy = [&](const Vector& at) {
      network.forward(at, x, work, out);
      return (work.activation.back().array() * weight.array()).sum();
    };
    for (Index k = 0; k < theta.size(); ++k) {
      Vector up = theta, down = theta;
      up[k] += 1e-6;
      down[k] -= 1e-6;
      expected[k] = (energy(up) - energy(down)) / 2e-6;
    }
    network.forward_for_gradient(theta, x, work, out);
    network.backward_features(theta, x, weight, work, gradient);
    CHECK(largest(gradient - expected) <= 1e-7 * (1 + largest(expected)));
  }
}

TEST_CASE("the Jacobian is one backward pass per point", "[network]") {
  const Network network(Spec{.depth = 2, .width = 9, .activation = Tanh{}, .bias_variance = 0.1}, 4);
  const Vector theta = network.initial(stream());
  const Matrix x = normal_matrix(7, 4), jacobian = network.jacobian(theta, x);
  auto work = network.workspace(7);
  Vector out(7), gradient(theta.size());
  for (Index point = 0; point < 7; ++point) {
    network.forward_for_gradient(theta, x, work, out);
    network.backward(theta, x, Vector::Unit(7, point), work, gradient);
    CHECK(largest(gradient.transpose() - jacobian.row(point)) <= 1e-14);
  }
}

TEST_CASE("a pass over fewer points than the workspace holds", "[network]") {
  for (const ActivationChoice& activation : {ActivationChoice{Erf{}}, ActivationChoice{Sin{}}}) {
    const Network network(Spec{.depth = 3, .width = 11, .activation = activation, .bias_variance = 0.2}, 4);
    const Vector theta = network.initial(stream());
    const Matrix all = normal_matrix(20, 4), x = all.middleRows(5, 6);
    const Vector weight = normal_vector(6), direction = normal_vector(theta.size(), 5);
    auto large = network.workspace(20), exact = network.workspace(6);
    Vector out(20), gradient(theta.size()), expected(theta.size()), part(6), tangent(6), expected_tangent(6);
    network.forward_for_gradient(theta, all, large, out);
    network.forward_for_gradient(theta, all.middleRows(5, 6), large, part);
    CHECK(largest(part - out.segment(5, 6)) <= 1e-14);
    network.backward(theta, x, weight, large, gradient);
    network.derivative_along(theta, x, direction, large, tangent);
    network.forward_for_gradient(theta, x, exact, part);
    network.backward(theta, x, weight, exact, expected);
    network.derivative_along(theta, x, direction, exact, expected_tangent);
    CHECK(largest(gradient - expected) <= 1e-13);
    CHECK(largest(tangent - expected_tangent) <= 1e-12);
  }
}

TEST_CASE("evaluation in blocks equals one pass", "[network]") {
  const Network network(Spec{.depth = 2, .width = 10, .activation = Gelu{}, .bias_variance = 0.2}, 3);
  const Vector theta = network.initial(stream());
  for (const Index points : {1, 255, 256, 257, 700}) {
    const Matrix x = normal_matrix(points, 3);
    CHECK(largest(network.evaluate(theta, x) - outputs(network, theta, x)) <= 1e-14);
  }
}

TEST_CASE("a network by hand", "[network]") {
  // f = √(σ_a²/(N χ)) Σ_i a_i φ(√(σ_w²/d) Σ_j W_ij x_j + σ_b b_i), written out for N = 2, d = 2.
  Spec spec{.width = 2, .activation = Quadratic{}, .weight_variance = 3, .bias_variance = 0.25};
  spec.readout_variance = 2;
  spec.chi = 5;
  const Network network(spec, 2);
  CHECK(network.parameter_count() == 8);
  Vector theta(8);
  theta << 1, 2, 3, 4, 5, 6, 7, 8;  // W column by column, b, a
  Matrix x(1, 2);
  x << 0.5, -1;
  const double first = std::sqrt(1.5) * (1 * 0.5 - 3 * 1) + 0.5 * 5;
  const double second = std::sqrt(1.5) * (2 * 0.5 - 4 * 1) + 0.5 * 6;
  const double f = std::sqrt(2.0 / (2 * 5)) * (7 * first * first + 8 * second * second);
  CHECK(network.evaluate(theta, x)[0] == Approx(f).epsilon(1e-14));
}
