#include "../../../src/training/sampling/length.hpp"

#include "../support.hpp"

using namespace fieldscan;
using namespace fieldscan::training;
using namespace fieldscan::training::testing;

TEST_CASE("the gradients of a chain are announced within a factor of two, of easy posteriors and of stiff ones") {
  const Hmc trainer{.samples = 100};
  const double trajectories = static_cast<double>(trainer.samples + trainer.burn_in_trajectories());
  std::vector<double> ratios;
  for (const double ridge : {1.0, 1e-4}) {
    Case c = make_case(20, 3, 4, {.width = 4});
    c.ridge = ridge;
    const Result result = train(c.problem(), trainer, plan_of({Observable::steps_done}));
    ratios.push_back(value_of(result, Observable::steps_done) / trajectories / gradients_expected(trainer.leapfrog));
    CAPTURE(ridge, ratios.back());
    CHECK(ratios.back() > 0.5);
    CHECK(ratios.back() < 2);
  }
  CHECK(ratios[1] > 1.5 * ratios[0]);  // the two are unlike
  CHECK(gradients_expected(1) == 1);
}
