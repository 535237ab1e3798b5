#include "../examples.hpp"
#include "fieldscan/core/observable_list.hpp"

namespace fieldscan::training::testing {

template <>
std::vector<Example<Langevin>> examples() {
  ObservePlan of_two_times =
      plan_of({Observable::error_train, listed("two_time_correlation"), listed("displacement"), listed("response")});
  of_two_times.times = {.unit = TimeUnit::steps, .values = {4, 9, 20}};
  return {{{.step = 1e-3, .steps = 30, .burn_in = 10, .thin = 2}, law_case(), curve_plan(TimeUnit::steps, {4, 9})},
          {{.step = 1e-3, .steps = 30, .burn_in = 10, .thin = 2, .waiting = 0.12}, law_case(), of_two_times}};
}
template <>
std::vector<Example<Langevin>> diverging() {
  return {{{.step = 1.5, .steps = 200, .burn_in = 10, .thin = 2}, law_case(), curve_plan(TimeUnit::steps, {4, 9})}};
}

template <>
std::vector<Example<Hmc>> examples() {
  return {{{.samples = 6, .burn_in = 4, .leapfrog = 3}, law_case(), curve_plan(TimeUnit::time, {})},
          {{.samples = 4, .burn_in = 2, .thin = 2, .leapfrog = 3, .readout = Readout::sampled, .until = {.batches = 2}},
           law_case(),
           curve_plan(TimeUnit::time, {})}};
}
template <>
std::vector<Example<Hmc>> diverging() {
  return {};  // what does not end well is not accepted
}

template <>
std::vector<Example<Mala>> examples() {
  return {{{.samples = 5, .burn_in = 2, .thin = 3}, law_case(), curve_plan(TimeUnit::time, {})}};
}
template <>
std::vector<Example<Mala>> diverging() {
  return {};
}

}  // namespace fieldscan::training::testing
