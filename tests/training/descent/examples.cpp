#include "../examples.hpp"

namespace fieldscan::training::testing {

template <>
std::vector<Example<GradientDescent>> examples() {
  return {{{.learning_rate = 0.1, .momentum = 0.4, .steps = 20}, law_case(), curve_plan(TimeUnit::steps, {3, 8})},
          {{.time = 1.0}, law_case(), curve_plan(TimeUnit::time, {0.2, 0.45})},
          {{.learning_rate = 0.1, .steps = 16, .schedule = RateSchedule::cosine, .warmup = 3, .patience = 20},
           law_case(),
           curve_plan(TimeUnit::time, {0.2, 0.45})},
          {{.learning_rate = 0.1, .steps = 16, .patience = 20, .loss = LossFunction::cross_entropy},
           law_case(),
           curve_plan(TimeUnit::steps, {3, 8})}};
}

template <>
std::vector<Example<GradientDescent>> diverging() {
  return {{{.learning_rate = 10.0, .steps = 200}, law_case(), curve_plan(TimeUnit::steps, {3, 8})}};
}

template <>
std::vector<Example<Sgd>> examples() {
  return {{{.learning_rate = 0.05, .batch = 3, .momentum = 0.4, .epochs = 6},
           law_case(),
           curve_plan(TimeUnit::epochs, {1, 2})},
          {{.learning_rate = 0.05, .batch = 3, .steps = 14, .sampling = Sampling::with_replacement},
           law_case(),
           curve_plan(TimeUnit::steps, {2, 7})}};
}
template <>
std::vector<Example<Sgd>> diverging() {
  return {{{.learning_rate = 10.0, .batch = 3, .steps = 200}, law_case(), curve_plan(TimeUnit::steps, {3, 8})}};
}

template <>
std::vector<Example<Adam>> examples() {
  return {{{.learning_rate = 0.02, .batch = 3, .steps = 16}, law_case(), curve_plan(TimeUnit::steps, {3, 7})},
          {{.learning_rate = 0.02, .weight_decay = 0.1, .epochs = 12}, law_case(), curve_plan(TimeUnit::epochs, {3})}};
}
template <>
std::vector<Example<Adam>> diverging() {
  return {{{.learning_rate = 1e3, .steps = 50}, law_case(), curve_plan(TimeUnit::steps, {3, 8})}};
}

}  // namespace fieldscan::training::testing
