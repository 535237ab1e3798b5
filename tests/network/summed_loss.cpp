#include "fieldscan/network/summed_loss.hpp"

#include <limits>

#include "catch.hpp"
#include "fieldscan/network/half_square.hpp"
#include "near.hpp"
#include "nets.hpp"

using namespace fieldscan;
using namespace fieldscan::network;
using namespace fieldscan::network::testing;

namespace {

/// Classes of points [points·C]: of one output signs in turn, of several the classes in turn.
Vector classes(Index points, Index outputs) {
  Vector out = Vector::Zero(points * outputs);
  for (Index k = 0; k < points; ++k)
    (outputs == 1 ? out[k] : out[k * outputs + k % outputs]) = outputs == 1 && k % 2 ? -1 : 1;
  return out;
}

Vector labels(LossFunction loss, Index points, Index outputs) {
  return loss == LossFunction::square ? normal_vector(points * outputs, 3) : classes(points, outputs);
}

/// −log p of the class by its definition, in long double; for outputs that do not overflow there.
double by_definition(const Vector& f, const Vector& own) {
  long double sum = 0, right = 0;
  for (Index c = 0; c < f.size(); ++c) sum += std::exp(static_cast<long double>(f[c]));
  for (Index c = 0; c < f.size(); ++c) right += static_cast<long double>(own[c] * f[c]);
  return static_cast<double>(std::log(sum) - right);
}

}  // namespace

TEST_CASE("the cross-entropy is −log of the softmax, and its slope p − δ", "[network]") {
  const Vector f = 20 * normal_vector(12), own = classes(4, 3);
  Vector slope(12);
  double sum = 0;
  for (Index k = 0; k < 4; ++k) sum += by_definition(f.segment(3 * k, 3), own.segment(3 * k, 3));
  CHECK(cross_entropy(f, own, 3, slope) == Approx(sum).epsilon(1e-13));
  for (Index k = 0; k < 4; ++k) {
    CHECK(near::distance(slope.segment(3 * k, 3), class_probabilities(f.segment(3 * k, 3)) - own.segment(3 * k, 3)) <=
          1e-15);
    CHECK(std::abs(slope.segment(3 * k, 3).sum()) <= 1e-15);
  }
  // One output f is two of ±f/2.
  const Vector one = 5 * normal_vector(6), sign = classes(6, 1);
  Vector pairs(12), of_pairs = Vector::Zero(12), one_slope(6), pair_slope(12);
  for (Index k = 0; k < 6; ++k) {
    pairs.segment(2 * k, 2) << -one[k] / 2, one[k] / 2;
    of_pairs[2 * k + (sign[k] > 0 ? 1 : 0)] = 1;
  }
  CHECK(cross_entropy(one, sign, 1, one_slope) == Approx(cross_entropy(pairs, of_pairs, 2, pair_slope)).epsilon(1e-13));
  for (Index k = 0; k < 6; ++k) CHECK(one_slope[k] == Approx(pair_slope[2 * k + 1]).epsilon(1e-12));
}

TEST_CASE("outputs of any size have a cross-entropy, and what is not a number stays so", "[network]") {
  Vector slope(3);
  CHECK(cross_entropy(Vector{{1e308, 0, -1e308}}, Vector{{1, 0, 0}}, 3, slope) == 0);
  CHECK(cross_entropy(Vector{{1e5, 0, 0}}, Vector{{0, 1, 0}}, 3, slope) == 1e5);
  CHECK(near::distance(slope, Vector{{1, -1, 0}}) == 0);
  Vector one(1);
  CHECK(cross_entropy(Vector{{1e300}}, Vector{{-1}}, 1, one) == 1e300);
  CHECK(one[0] == 1);
  CHECK(cross_entropy(Vector{{40}}, Vector{{1}}, 1, one) == Approx(std::exp(-40.0)).epsilon(1e-12));
  CHECK(one[0] == Approx(-std::exp(-40.0)).epsilon(1e-12));
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(std::isnan(cross_entropy(Vector{{0, nan, 0}}, Vector{{1, 0, 0}}, 3, slope)));
  CHECK(std::isnan(cross_entropy(Vector{{nan}}, Vector{{1}}, 1, one)));
}

TEMPLATE_LIST_TEST_CASE("gradients of both losses equal finite differences, for one output and several", "[network]",
                        VariantOf<ActivationChoice>) {
  for (const LossFunction loss : {LossFunction::square, LossFunction::cross_entropy})
    for (const int outputs : {1, 2, 3})
      for (const bool shifted : {false, true}) {
        const Spec spec{.depth = 2, .width = 4, .activation = TestType{}, .bias_variance = 0.3, .chi = 0.7};
        const Network network(spec, 3, outputs);
        const Vector theta = network.initial(stream()), label = labels(loss, 6, outputs);
        const Vector offset = shifted ? normal_vector(6 * outputs, 9) : Vector();
        const Matrix x = normal_matrix(6, 3);
        auto work = network.workspace(6);
        Vector slope(6 * outputs), gradient(theta.size()), ignored(theta.size()), differences(theta.size());
        const Comparison with{loss, label, offset};
        const double value = summed_loss(network, theta, x, with, work, slope, gradient);
        CAPTURE(word(loss), outputs, shifted);
        CHECK(value == Approx(summed_loss(with, network.evaluate(theta, x), outputs, slope)).epsilon(1e-13));
        for (Index k = 0; k < theta.size(); ++k) {
          const Vector step = 1e-6 * Vector::Unit(theta.size(), k);
          differences[k] = (summed_loss(network, theta + step, x, with, work, slope, ignored) -
                            summed_loss(network, theta - step, x, with, work, slope, ignored)) /
                           2e-6;
        }
        CHECK(near::distance(gradient, differences) <= 1e-7 * (1 + gradient.norm()));
      }
}

TEST_CASE("both losses in blocks of points and in single precision", "[network]") {
  for (const LossFunction loss : {LossFunction::square, LossFunction::cross_entropy})
    for (const int outputs : {1, 3}) {
      const Network network({.depth = 2, .width = 20, .bias_variance = 0.2}, 3, outputs);
      const Vector theta = network.initial(stream()), label = labels(loss, 1500, outputs);
      const Vector offset = normal_vector(1500 * outputs, 9), none;
      const Matrix x = normal_matrix(1500, 3);
      auto work = network.workspace(block_points(network, sizeof(double)));
      Vector slope(1500 * outputs), gradient(theta.size()), expected(theta.size());
      summed_loss(network, theta, x, {loss, label, offset}, work, slope, gradient);
      auto large = network.workspace(1500);
      Vector f(1500 * outputs), all(1500 * outputs);
      network.forward_for_gradient(theta, x, large, f);
      summed_loss({loss, label, offset}, f, outputs, all);
      network.backward(theta, x, all, large, expected);
      CAPTURE(word(loss), outputs);
      CHECK(near::distance(slope, all) <= 1e-12 * all.norm());
      CHECK(near::distance(gradient, expected) <= 1e-12 * expected.norm());
      auto single = network.single_workspace(block_points(network, sizeof(float)));
      Eigen::VectorXf rounded(theta.size());
      summed_loss(network, theta.cast<float>().eval(), x.cast<float>().eval(), {loss, label, offset}, single, slope,
                  rounded);
      CHECK(near::distance(rounded.cast<double>(), expected) <= 1e-5 * expected.norm());
      CHECK(near::distance(rounded.cast<double>(), expected) > 1e-10 * expected.norm());
      if (loss == LossFunction::cross_entropy) continue;
      // The square without an offset has the bits of `half_square`.
      const double here = summed_loss(network, theta, x, {loss, label, none}, work, slope, gradient);
      CHECK(here == half_square(network, theta, x, label, 1, work, all, expected));
      CHECK(near::distance(gradient, expected) == 0);
    }
}

TEST_CASE("the top of the Hessian of either loss, and of its curvature by outputs", "[network]") {
  for (const LossFunction loss : {LossFunction::square, LossFunction::cross_entropy})
    for (const int outputs : {1, 3}) {
      const Network network({.depth = 2, .width = 5, .activation = Tanh{}, .bias_variance = 0.1}, 3, outputs);
      const Vector theta = network.initial(stream()), label = labels(loss, 5, outputs),
                   offset = normal_vector(5 * outputs, 9);
      const Matrix x = normal_matrix(5, 3);
      const Comparison with{loss, label, offset};
      auto work = network.workspace(5);
      Vector slope(5 * outputs);
      const auto gradient = [&](const Vector& at) {
        Vector out(theta.size());
        summed_loss(network, at, x, with, work, slope, out);
        return out;
      };
      Matrix hessian(theta.size(), theta.size());
      for (Index k = 0; k < theta.size(); ++k) {
        const Vector step = 1e-5 * Vector::Unit(theta.size(), k);
        hessian.col(k) = (gradient(theta + step) - gradient(theta - step)) / 2e-5;
      }
      const double expected =
          Eigen::SelfAdjointEigenSolver<Matrix>((hessian + hessian.transpose()) / 2).eigenvalues().maxCoeff();
      CAPTURE(word(loss), outputs);
      CHECK(hessian_top(network, theta, x, with, 1e-7) == Approx(expected).epsilon(1e-5));
    }
  // ∂²/∂f∂f of the cross-entropy, diag(p) − p pᵀ or p(1 − p), never exceeds what steps are measured by; at equal
  // outputs of two classes it is as large.
  double most = 0;
  for (std::uint64_t k = 0; k < 200; ++k) {
    const Vector p = class_probabilities(3 * normal_vector(4, k));
    const Matrix curvature = Matrix(p.asDiagonal()) - p * p.transpose();
    most = std::max(most, Eigen::SelfAdjointEigenSolver<Matrix>(curvature).eigenvalues().maxCoeff());
  }
  CHECK((most <= largest_curvature(LossFunction::cross_entropy, 4) && most > 0.45));
  const Vector even = class_probabilities(Vector::Zero(1));
  CHECK(even[0] * even[1] == largest_curvature(LossFunction::cross_entropy, 1));
  CHECK(largest_curvature(LossFunction::square, 3) == 1);
}
