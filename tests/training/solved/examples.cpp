#include "../examples.hpp"

namespace fieldscan::training::testing {

template <>
std::vector<Example<ExactReadout>> examples() {
  return {{{}, law_case(network::Trained::readout), curve_plan(TimeUnit::time, {})}};
}
template <>
std::vector<Example<ExactReadout>> diverging() {
  return {};  // a finite solution, or NumericalError
}

template <>
std::vector<Example<StepsThenReadout>> examples() {
  Case ones = law_case();
  ones.network.initial.readout = {.law = network::ReadoutLaw::ones, .scale = 0.5};
  return {{{.learning_rate = 0.3, .steps = 5}, law_case(), curve_plan(TimeUnit::time, {})},
          {{.learning_rate = 0.5, .steps = 4, .points = 3}, ones, curve_plan(TimeUnit::time, {})}};
}
template <>
std::vector<Example<StepsThenReadout>> diverging() {
  Case relu = law_case();
  relu.network.activation = network::Relu{};
  return {{{.learning_rate = 1e200, .steps = 3}, relu, curve_plan(TimeUnit::time, {})}};
}

template <>
std::vector<Example<None>> examples() {
  return {{{}, law_case(), curve_plan(TimeUnit::time, {0.5, 1})}};
}
template <>
std::vector<Example<None>> diverging() {
  return {};
}

}  // namespace fieldscan::training::testing
