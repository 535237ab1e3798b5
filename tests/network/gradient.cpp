#include <vector>

#include "catch.hpp"
#include "nets.hpp"

using namespace fieldscan;
using namespace fieldscan::network;
using namespace fieldscan::network::testing;

namespace {

struct Shape {
  Spec spec;
  int outputs;
};

/// Depths 1 to 3, all parameterisations, with and without bias, unequal widths and variances; one output and three.
std::vector<Shape> variety(const ActivationChoice& activation) {
  std::vector<Shape> specs;
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
        specs.push_back({spec, specs.size() % 2 == static_cast<std::size_t>(depth) % 2 ? 1 : 3});
      }
  return specs;
}

double largest(const Matrix& m) { return m.cwiseAbs().maxCoeff(); }

}  // namespace

TEMPLATE_LIST_TEST_CASE("gradients equal finite differences", "[network]", VariantOf<ActivationChoice>) {
  for (const auto& [spec, outputs] : variety(TestType{})) {
    CAPTURE(spec.depth, word(spec.parameterisation), spec.bias_variance.at(0), outputs);
    const Network network(spec, 3, outputs);
    const Vector theta = network.initial(stream());
    const Matrix x = normal_matrix(6, 3);
    const Vector weight = normal_vector(6 * outputs);
    auto work = network.workspace(6);
    Vector out(6 * outputs), gradient(theta.size());
    network.forward_for_gradient(theta, x, work, out);
    network.backward(theta, x, weight, work, gradient);
    const Matrix differences = difference_jacobian(network, theta, x);
    CHECK(largest(gradient - differences.transpose() * weight) <= 1e-8 * (1 + largest(gradient)));
    CHECK(largest(network.jacobian(theta, x) - differences) <= 1e-8 * (1 + largest(differences)));
  }
}

TEMPLATE_LIST_TEST_CASE("forward mode equals the Jacobian", "[network]", VariantOf<ActivationChoice>) {
  for (const auto& [spec, outputs] : variety(TestType{})) {
    const Network network(spec, 3, outputs);
    const Vector theta = network.initial(stream()), direction = normal_vector(theta.size(), 5);
    const Matrix x = normal_matrix(6, 3);
    auto work = network.workspace(6);
    Vector out(6 * outputs);
    network.forward_for_gradient(theta, x, work, out);
    network.derivative_along(theta, x, direction, work, out);
    const Vector expected = network.jacobian(theta, x) * direction;
    CHECK(largest(out - expected) <= 1e-13 * (1 + largest(expected)));
  }
}

TEMPLATE_LIST_TEST_CASE("gradients of features equal finite differences", "[network]", VariantOf<ActivationChoice>) {
  for (const auto& [spec, outputs] : variety(TestType{})) {
    const Network network(spec, 3, outputs);
    const Vector theta = network.initial(stream());
    const Matrix x = normal_matrix(6, 3), weight = normal_matrix(6, last_width(spec), 7);
    auto work = network.workspace(6);
    Vector out(6 * outputs), gradient(theta.size()), expected(theta.size());
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

TEST_CASE("an output of several is that of a network with one, in values, start and curvature", "[network]") {
  const Spec spec{.depth = 2, .width = 9, .activation = Tanh{}, .bias_variance = 0.1, .chi = 1.7};
  const Network one(spec, 4), network(spec, 4, 3);
  const Vector theta = network.initial(stream()), first = one.initial(stream());
  const Index hidden = one.parameter_count() - 9;
  const Matrix x = normal_matrix(300, 4), all = network.evaluate(theta, x).reshaped(3, 300).transpose();
  CHECK(largest(theta.head(hidden) - first.head(hidden)) == 0);
  for (Index c = 0; c < 3; ++c) {
    Vector own = first;
    own.tail(9) = theta.tail(27).reshaped(3, 9).row(c).transpose();
    CHECK(largest(all.col(c) - one.evaluate(own, x)) <= 1e-14);
    if (c == 0) CHECK(largest(own - first) == 0);  // a wider readout begins with the narrower one
  }
  CHECK(largest(all.col(0) - all.col(1)) > 0.1);
  // Over all outputs: the largest eigenvalues of χ J Jᵀ, and of the Hessian from the gradients' own differences.
  const Matrix few = x.topRows(5), jacobian = network.jacobian(theta, few);
  const auto top = [](const Matrix& m) { return Eigen::SelfAdjointEigenSolver<Matrix>(m).eigenvalues().maxCoeff(); };
  CHECK(ntk_top(network, theta, few, 1e-9) == Approx(1.7 * top(jacobian * jacobian.transpose())).epsilon(1e-6));
  const Vector label = normal_vector(15, 8);
  const auto gradient = [&](const Vector& at) {
    return Vector(network.jacobian(at, few).transpose() * (network.evaluate(at, few) - label));
  };
  Matrix hessian(theta.size(), theta.size());
  for (Index k = 0; k < theta.size(); ++k)
    hessian.col(k) = (gradient(theta + 1e-5 * Vector::Unit(theta.size(), k)) -
                      gradient(theta - 1e-5 * Vector::Unit(theta.size(), k))) /
                     2e-5;
  CHECK(hessian_top(network, theta, few, label, 1e-7) ==
        Approx(top((hessian + hessian.transpose()) / 2)).epsilon(1e-5));
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
