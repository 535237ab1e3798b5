#include "support.hpp"

using namespace fieldscan;
using namespace fieldscan::training;
using namespace fieldscan::training::testing;

namespace {

Case small_case() {
  Case c = make_case(12, 9, 3, {.depth = 2, .width = 20, .chi = 2});
  c.ridge = 0.2;
  return c;
}

/// The predictor of one replica in a precision.
Vector predictor_in(Precision precision, const TrainerChoice& trainer, Case c = small_case()) {
  Problem problem = c.problem();
  problem.precision = precision;
  const Result result = train(problem, trainer, plan_of({Observable::predictor}));
  REQUIRE((result.outcome == Outcome::done || result.outcome == Outcome::not_equilibrated));  // short chains
  return predictor_of(result);
}

double relative_difference(const TrainerChoice& trainer, const Case& c = small_case()) {
  const Vector one = predictor_in(Precision::double_, trainer, c), other = predictor_in(Precision::single, trainer, c);
  return (one - other).norm() / one.norm();
}

}  // namespace

TEST_CASE("descents in single precision follow those in double", "[single]") {
  // Contracting dynamics: the roundings of the steps, 1e-7 each, do not add up.
  const std::vector<TrainerChoice> trainers{
      GradientDescent{.learning_rate = 0.05, .momentum = 0.5, .steps = 400}, GradientDescent{.time = 20},
      Sgd{.learning_rate = 0.02, .batch = 5, .steps = 400}, Adam{.learning_rate = 1e-3, .batch = 4, .steps = 300}};
  for (const TrainerChoice& trainer : trainers) {
    CAPTURE(trainer.index());
    const double difference = relative_difference(trainer);
    CHECK(difference <= 2e-5);
    CHECK(difference > 0);  // the passes are in single precision
  }
}

TEST_CASE("in single precision the output at the start is subtracted as in double", "[single]") {
  Case c = small_case();
  c.network.centred = true;
  CHECK(relative_difference(GradientDescent{.learning_rate = 0.05, .steps = 100}, c) <= 2e-5);
}

TEST_CASE("an update below the last place of single precision is not lost", "[single]") {
  // 20000 steps that each move a parameter by about 1e-9 of itself.
  Case c = small_case();
  const GradientDescent slow{.learning_rate = 1e-9, .steps = 20000};
  const Vector start = predictor_in(Precision::double_, GradientDescent{.learning_rate = 1e-30, .steps = 1}, c);
  const Vector moved = predictor_in(Precision::double_, slow, c) - start;
  const Vector single = predictor_in(Precision::single, slow, c) - start;
  REQUIRE(moved.norm() > 0);
  CHECK((single - moved).norm() <= 1e-4 * moved.norm());
}

TEST_CASE("Langevin dynamics in single precision has the noise of that in double", "[single]") {
  const Langevin few{.step = 1e-3, .steps = 40, .burn_in = 20, .thin = 5};
  CHECK(relative_difference(few) <= 1e-5);
  CHECK(relative_difference(few) > 0);
}

TEST_CASE("what needs double precision refuses single", "[single]") {
  const auto refused = [](const TrainerChoice& trainer) {
    return precision_problem(trainer, Precision::single).has_value();
  };
  CHECK((refused(Hmc{}) && refused(Mala{}) && refused(ExactReadout{})));
  CHECK_FALSE((refused(GradientDescent{}) || refused(Sgd{}) || refused(Adam{}) || refused(Langevin{})));
  CHECK_FALSE(precision_problem(Hmc{}, Precision::double_));
}
