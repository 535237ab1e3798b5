#include <cmath>

#include "catch.hpp"
#include "theory/setup.hpp"

using namespace fieldscan;

TEST_CASE("Gaussian averages agree with the reference numbers") {
  for (const auto& entry : reference::entries("dual/")) {
    CAPTURE(entry.name);
    const auto at = network::average(reference::activation(entry.words.at("activation")), entry.number("a"),
                                     entry.number("b"), entry.number("c"));
    CHECK(reference::agrees(entry, at.value, entry.out.at("T").at(0)));
    CHECK(reference::agrees(entry, at.derivative, entry.out.at("Tdot").at(0)));
  }
}

TEST_CASE("nearly equal inputs of a rectifier agree with the reference numbers") {
  for (const auto& entry : reference::entries("dual_stability/")) {
    CAPTURE(entry.name);
    // What is known of the pair is 1 − c rounded: 1e-12 has four digits left in c, and the angle its root.
    const auto at = network::average(network::Relu{}, 1, 1, 1 - entry.number("one_minus_c"));
    const double rounding = 1.1e-16 / entry.number("one_minus_c");
    const double expected = entry.out.at("one_half_minus_Tdot").at(0);
    CHECK(reference::agrees(entry, at.value, entry.out.at("T").at(0)));
    CHECK(std::abs(0.5 - at.derivative - expected) <= (entry.tolerance + rounding) * expected);
  }
}
