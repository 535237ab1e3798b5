#include "fieldscan/data/components.hpp"

#include <cmath>

#include "catch.hpp"
#include "fieldscan/core/canonical.hpp"

using namespace fieldscan;
using namespace fieldscan::data;

namespace {

Spec single_index(std::vector<double> coefficients, int test_points) {
  Spec spec;
  spec.input = Gaussian{.dim = 20};
  spec.target = Hermite{.coefficients = std::move(coefficients)};
  spec.train_size = 1;
  spec.test_size = test_points;
  return spec;
}

double share_of(const std::vector<ComponentShare>& shares, double component) {
  for (const auto& [number, share] : shares)
    if (number == component) return share;
  FAIL("no component " << component);
  return 0;
}

struct Spread {
  double sum = 0, square = 0;
  int count = 0;
  void add(double x) { sum += x, square += x * x, ++count; }
  double mean() const { return sum / count; }
  double deviation() const { return std::sqrt((square / count - mean() * mean()) * count / (count - 1)); }
};

}  // namespace

TEST_CASE("a function made of the components is taken apart exactly") {
  const Draw draw = make_draw(single_index({0, 0.3, 0.2, -0.1}, 12), 3, 0);
  REQUIRE(draw.test.modes.cols() == 3);
  const Vector f = 0.7 * draw.test.modes.col(0) + 0.2 * draw.test.modes.col(1) - 2 * draw.test.modes.col(2);
  const auto shares = component_shares(draw, f);
  CHECK(share_of(shares, 1) == Approx(0.7).epsilon(1e-12));
  CHECK(share_of(shares, 2) == Approx(0.2).epsilon(1e-12));
  CHECK(share_of(shares, 3) == Approx(-2).epsilon(1e-12));
  const Vector by_weights = component_weights(draw).transpose() * f;
  for (Index k = 0; k < 3; ++k) CHECK(by_weights[k] == Approx(shares[static_cast<std::size_t>(k)].share).epsilon(1e-9));
}

TEST_CASE("of one component the share is the ratio, to the bit; a component that vanishes has none") {
  Draw draw = make_draw(single_index({0, 1}, 50), 3, 0);
  const Vector g = draw.test.modes.col(0), f = g.array().tanh() + 0.3;
  CHECK(component_shares(draw, f).at(0).share == g.dot(f) / g.squaredNorm());
  draw.test.modes.conservativeResize(50, 2);
  draw.test.modes.col(1).setZero();
  draw.mode_numbers.push_back(5);
  REQUIRE(component_shares(draw, f).size() == 1);
  CHECK(component_shares(draw, f)[0].share == g.dot(f) / g.squaredNorm());
}

TEST_CASE("a target without components has no shares") {
  for (const TargetChoice& target : {TargetChoice(TeacherNetwork{}), TargetChoice(Random{})}) {
    Spec spec = single_index({0, 1}, 40);
    spec.target = target;
    const Draw draw = make_draw(spec, 3, 0);
    CHECK(component_shares(draw, draw.test.target).empty());
    CHECK(component_weights(draw).cols() == 0);
  }
}

TEST_CASE("where the components depend on one another there are no shares") {
  // Two points carry two components at most.
  const Draw few = make_draw(single_index({0, 0.3, 0.2, -0.1}, 2), 3, 0);
  CHECK(component_shares(few, few.test.target).empty());
  // u = ±1: he_3 is a multiple of he_1.
  Spec signs = single_index({0, 0.3, 0, -0.1}, 30);
  signs.input = Hypercube{.dim = 1};
  const Draw equal = make_draw(signs, 3, 0);
  CHECK(component_shares(equal, equal.test.target).empty());
}

TEST_CASE("a weak component beside a strong one is not the test sample's noise") {
  // What a network has of c = (.3, −.1) at P = 150 in d = 50, and as much besides.
  Spread joint, ratio;
  const Stream noise(4, Purpose::test, "components", 0, 0);
  for (int r = 0; r < 60; ++r) {
    const Draw draw = make_draw(single_index({0, 0.3, 0, -0.1}, 1000), 11, r);
    const Vector weak = draw.test.modes.col(1);
    Vector f = 0.758 * draw.test.modes.col(0) + 0.102 * weak;
    for (Index n = 0; n < f.size(); ++n) f[n] += 0.05 * noise.normal(static_cast<std::uint64_t>(1000 * r + n));
    joint.add(share_of(component_shares(draw, f), 3));
    ratio.add(weak.dot(f) / weak.squaredNorm());
  }
  CAPTURE(joint.mean(), joint.deviation(), ratio.mean(), ratio.deviation());
  CHECK(std::abs(joint.mean() - 0.102) < 3.5 * joint.deviation() / std::sqrt(60));
  CHECK(joint.deviation() == Approx(0.05 / (0.1 * std::sqrt(1000))).epsilon(0.35));  // χ of 59 degrees: 9%
  CHECK(ratio.deviation() > 6 * joint.deviation());
}

TEST_CASE("how shares are formed is part of an identity where there are several") {
  const Spec one = single_index({0, 1}, 50), two = single_index({0, 1, 0, 0.5}, 50);
  CHECK(identity_lines(one) == canonical_text("data", one));
  CHECK(identity_lines(two) == canonical_text("data", two) + "data.shares=joint@2\n");
  Spec linear = one;
  linear.target = Linear{};
  CHECK(identity_lines(linear) == canonical_text("data", linear));
}
