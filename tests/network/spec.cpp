#include "fieldscan/network/spec.hpp"

#include "catch.hpp"

using namespace fieldscan;
using namespace fieldscan::network;

TEST_CASE("one number or one per layer", "[network]") {
  CHECK_FALSE(Spec{}.problem());
  CHECK_FALSE(Spec{.depth = 3, .width = 7}.problem());
  const Spec taper{.depth = 2, .width = std::vector<int>{64, 32}};
  CHECK_FALSE(taper.problem());
  CHECK(width_of(taper, 0) == 64);
  CHECK(last_width(taper) == 32);
  CHECK(last_width(Spec{.depth = 3, .width = 7}) == 7);
}

TEST_CASE("a list of another length is a problem that says which", "[network]") {
  CHECK(Spec{.depth = 3, .width = std::vector<int>{64, 32}}.problem()->find("width lists 2") == 0);
  const Spec weight{.depth = 2, .weight_variance = std::vector<double>{1, 2, 3}};
  CHECK(weight.problem()->find("weight_variance lists 3 values, but the depth is 2") == 0);
  const Spec bias{.depth = 3, .bias_variance = std::vector<double>{1, 2}};
  CHECK(bias.problem()->find("bias_variance") == 0);
}
