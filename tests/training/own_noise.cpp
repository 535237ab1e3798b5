#include "fieldscan/training/own_noise.hpp"

#include "catch.hpp"

using namespace fieldscan;
using namespace fieldscan::training;

TEST_CASE("chains and batches have noise of their own, descents over all points have none") {
  CHECK(has_own_noise(Hmc{}, 20));
  CHECK(has_own_noise(Langevin{}, 20));
  CHECK(has_own_noise(Sgd{.batch = 19}, 20));
  CHECK(has_own_noise(Sgd{.batch = 20, .sampling = Sampling::with_replacement}, 20));
  CHECK(has_own_noise(Sgd{.batch = 20}, 0));  // fresh examples
  CHECK(has_own_noise(Adam{.batch = 5}, 20));
  CHECK(has_own_noise(StepsThenReadout{.points = 5}, 20));
  CHECK_FALSE(has_own_noise(Sgd{.batch = 20}, 20));
  CHECK_FALSE(has_own_noise(Adam{}, 20));
  CHECK_FALSE(has_own_noise(StepsThenReadout{}, 20));
  CHECK_FALSE(has_own_noise(GradientDescent{}, 20));
  CHECK_FALSE(has_own_noise(ExactReadout{}, 20));
}
