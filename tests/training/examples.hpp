#pragma once
#include "support.hpp"

/// What the laws over all trainers are run with: every trainer's room says it of its trainers in `ROOM/examples.cpp`,
/// as `template <> std::vector<Example<Sgd>> examples() {…}`. One that is missing does not link.
namespace fieldscan::training::testing {

template <class T>
struct Example {
  T trainer;
  Case c;
  ObservePlan plan = {};
};

/// Short trainings of some steps each, with the options that matter; times in `plan` where it records them.
template <class T>
std::vector<Example<T>> examples();
/// Trainings that end in the outcome diverged; none where a trainer can not diverge.
template <class T>
std::vector<Example<T>> diverging();

/// A small network on seven points.
inline Case law_case(network::Trained train = network::Trained::all) {
  Case c = make_case(7, 4, 3, {.depth = 2, .width = 5, .activation = network::Erf{}, .train = train});
  c.ridge = 0.05;
  c.spec.validation_size = 3;
  return c;
}

/// Errors and predictors on a grid of times, in the given unit.
inline ObservePlan curve_plan(TimeUnit unit, std::vector<double> values) {
  using enum Observable;
  ObservePlan plan = plan_of({error_train, error_test, norm_excess, predictor, steps_done});
  plan.times = {.unit = unit, .values = std::move(values)};
  plan.predictor_on_grid = true;
  return plan;
}

}  // namespace fieldscan::training::testing
