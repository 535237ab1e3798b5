#include <cmath>

#include "catch.hpp"
#include "fieldscan/core/error.hpp"
#include "fieldscan/network/kernel_scale.hpp"
#include "near.hpp"
#include "nets.hpp"

using namespace fieldscan;
using namespace fieldscan::network;
using namespace fieldscan::network::testing;

namespace start_tests {
namespace {

Matrix tensor(const Network& network, const Vector& theta, std::size_t k) {
  const Tensor& t = network.tensors()[k];
  return Eigen::Map<const Matrix>(theta.data() + t.offset, t.rows, t.cols);
}
Vector readout(const Spec& spec, std::uint64_t seed = 3) {
  const Network network(spec, 3);
  return tensor(network, network.initial(stream(seed)), network.tensors().size() - 1).transpose();
}
Spec linear(int depth, double strength, StartDirection direction = StartDirection::random) {
  return {.depth = depth,
          .width = 7,
          .activation = Linear{},
          .weight_variance = 1.7,
          .readout_variance = 0.6,
          .chi = 3,
          .initial = {.hidden = {.law = HiddenLaw::balanced, .strength = strength, .direction = direction}}};
}

}  // namespace

TEST_CASE("the readout starts as its law says, and nothing else does", "[network]") {
  const Spec prior{.depth = 2, .width = 6, .bias_variance = 0.1};
  const Vector normal = readout(prior);
  const Network network(prior, 3);
  for (const ReadoutLaw law :
       {ReadoutLaw::normal, ReadoutLaw::rademacher, ReadoutLaw::ones, ReadoutLaw::power_law, ReadoutLaw::values}) {
    CAPTURE(word(law));
    Spec spec = prior;
    spec.initial.readout = {.law = law, .scale = 0.5};
    if (law == ReadoutLaw::values) spec.initial.readout.values = {1, -2, 3, 0, 5, 6};
    if (law == ReadoutLaw::power_law) spec.initial.readout.exponent = 1.5;
    REQUIRE_FALSE(spec.problem());
    const Vector a = readout(spec);
    for (Index i = 0; i < 6; ++i) {
      const double falling = std::pow(static_cast<double>(i + 1), -1.5);
      const double expected = law == ReadoutLaw::normal       ? normal[i]
                              : law == ReadoutLaw::rademacher ? std::copysign(1.0, normal[i])
                              : law == ReadoutLaw::ones       ? 1.0
                              : law == ReadoutLaw::power_law  ? falling * 2 * a[0]
                                                             : spec.initial.readout.values[static_cast<std::size_t>(i)];
      CHECK(a[i] == Approx(0.5 * expected));
    }
    if (law != ReadoutLaw::normal) CHECK(a.squaredNorm() / 6 == Approx(mean_square(spec.initial.readout)));
    const Vector theta = Network(spec, 3).initial(stream(3)), drawn = network.initial(stream(3));
    CHECK(near::equal(theta.head(theta.size() - 6), drawn.head(theta.size() - 6)));
    const bool as_drawn = near::equal(theta.tail(6), 0.5 * drawn.tail(6));
    CHECK(as_drawn == (law == ReadoutLaw::normal));
  }
  // Hidden weights of another size; the biases and the readout are as they were.
  Spec small = prior;
  small.initial.hidden.scale = 0.1;
  const Vector theta = Network(small, 3).initial(stream(3)), drawn = network.initial(stream(3));
  for (std::size_t k = 0; k < network.tensors().size(); ++k) {
    const double factor = network.tensors()[k].role == Role::weight ? 0.1 : 1;
    CHECK(near::equal(tensor(network, theta, k), factor * tensor(network, drawn, k)));
  }
}

TEST_CASE("a balanced start is balanced, and is a linear function of its strength", "[network]") {
  const Matrix x = normal_matrix(5, 4);
  const Vector along = normal_vector(4, 9);
  for (const int depth : {1, 2, 4})
    for (const auto direction : {StartDirection::random, StartDirection::labels}) {
      CAPTURE(depth, word(direction));
      const Network network(linear(depth, 0.3, direction), 4);
      const Vector theta = network.initial(stream(5), along);
      const auto imbalance = [&](const Vector& t) {
        double most = 0;
        for (std::size_t k = 0; k < static_cast<std::size_t>(depth); ++k) {
          const Matrix below = tensor(network, t, k), above = tensor(network, t, k + 1);
          most = std::max(most, near::distance(above.transpose() * above, below * below.transpose()));
        }
        return most;
      };
      const Vector f = outputs(network, theta, x);
      CHECK(imbalance(theta) < 1e-12);
      CHECK(imbalance(Network(Spec{.depth = depth, .width = 7, .activation = Linear{}}, 4).initial(stream(5))) > 1);
      const double off = near::distance(f, 0.3 * x * along.normalized());
      CHECK((off < 1e-12) == (direction == StartDirection::labels));
      const Network twice(linear(depth, 0.6, direction), 4);
      CHECK(near::distance(outputs(twice, twice.initial(stream(5), along), x), 2 * f) < 1e-12);
    }
  const Network network(linear(2, 1, StartDirection::labels), 4);
  CHECK_THROWS_AS(network.initial(stream(5), Vector::Zero(4)), NumericalError);
}

TEST_CASE("a start that does not fit says why", "[network]") {
  const auto said = [](auto change) {
    Spec spec{.depth = 1, .width = 3, .activation = Linear{}};
    change(spec);
    return spec.problem().value_or("");
  };
  const auto balanced = [](Spec& s) { s.initial.hidden.law = HiddenLaw::balanced; };
  const struct {
    std::string text, part;
  } rows[] = {
      {said([](Spec& s) { s.initial.readout.exponent = 2; }), "power_law"},
      {said([](Spec& s) { s.initial.readout.values = {1}; }), "law: values"},
      {said([](Spec& s) {
         s.initial.readout = {.law = ReadoutLaw::values, .values = {1, 2}};
       }),
       "2 numbers, but the last hidden layer has 3"},
      {said([](Spec& s) { s.initial.hidden.strength = 2; }), "law: balanced"},
      {said([&](Spec& s) { balanced(s), s.initial.hidden.scale = 2; }), "strength"},
      {said([&](Spec& s) { balanced(s), s.initial.readout.scale = 2; }), "initial.readout"},
      {said([&](Spec& s) { balanced(s), s.activation = Erf{}; }), "linear units"},
      {said([&](Spec& s) { balanced(s), s.bias_variance = 0.1; }), "bias_variance"},
      {said(balanced), ""},
  };
  for (const auto& [text, part] : rows) {
    CAPTURE(text, part);
    CHECK(text.empty() == part.empty());
    CHECK(text.find(part) != std::string::npos);
  }
}

// Kernels of 2000 units at one point, of four networks: within 10%; those of a draw of the prior are 2 to 4 times as
// large.
TEST_CASE("the estimated kernels are those of the start", "[network]") {
  const Spec prior{.depth = 2, .width = 400, .activation = Erf{}, .weight_variance = 1.5, .readout_variance = 0.8};
  Spec spec = prior;
  spec.initial = {.readout = {.law = ReadoutLaw::rademacher, .scale = 0.5}, .hidden = {.scale = 0.6}};
  Matrix x = normal_matrix(1, 30);
  x *= std::sqrt(30) / x.norm();
  double tangent = 0;
  for (std::uint64_t i = 0; i < 4; ++i) {
    const Network network(spec, 30);
    tangent += network.jacobian(network.initial(stream(i)), x).squaredNorm() / 4;
  }
  const auto estimate = [&](const Spec& s) {
    const Network network(s, 30);
    return kernel_scale(network, rate_factors(network)).itself();
  };
  CHECK(estimate(spec) == Approx(tangent).epsilon(0.1));
  CHECK(estimate(prior) > 1.5 * tangent);
  const Network balanced(linear(3, 0.4), 30);
  const Vector theta = balanced.initial(stream(1));
  const double along = outputs(balanced, theta, x)[0] / 0.4;  // v·x
  const double top = 3 * balanced.jacobian(theta, x).squaredNorm();
  CHECK(kernel_scale(balanced, rate_factors(balanced)).itself() * (1 + 3 * along * along / 30) == Approx(top));
}

}  // namespace start_tests
