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
std::vector<Example<None>> examples() {
  return {{{}, law_case(), curve_plan(TimeUnit::time, {0.5, 1})}};
}
template <>
std::vector<Example<None>> diverging() {
  return {};
}

}  // namespace fieldscan::training::testing
