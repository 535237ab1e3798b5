#include "given_steps.hpp"

#include <algorithm>
#include <cmath>

namespace fieldscan::theory {

Applicability needs_given_steps(const Setting& setting, const OwnSteps& own, std::string_view of_flow) {
  if (is_alone(setting.dynamics)) {
    if (!own.rate) return {false, "without training it has to be given its learning_rate"};
  } else if (own.rate || own.momentum) {
    return {false, "its own learning_rate and momentum are for `training: none`; here they are the trainer's"};
  } else if (is_any<dynamics::Flow>(setting.dynamics)) {
    return {false, std::string(of_flow)};
  } else if (!is_any<dynamics::Descent>(setting.dynamics)) {
    return {false, "it describes steps over the whole training set, and the trainer is " + setting.trainer};
  }
  return {};
}

Applicability needs_finite_time(const Setting& setting) {
  if (std::ranges::none_of(setting.asked.times, [](double time) { return std::isfinite(time); }))
    return {false, "no time is asked for that is not the end of all times"};
  return {};
}

GivenSteps given_steps(const Setting& setting, const OwnSteps& own) {
  const auto* descent = std::get_if<dynamics::Descent>(&setting.dynamics);
  return {.size = own.rate.value_or(descent ? descent->rate : 0) / setting.network.chi,
          .momentum = own.momentum.value_or(descent ? descent->momentum : 0)};
}

std::vector<double> finite_times(const Setting& setting, const GivenSteps& steps) {
  std::vector<double> times;
  const double unit = steps.time_per_step();
  const bool snapped = is_alone(setting.dynamics) && unit > 0;
  for (const double time : setting.asked.times) {
    if (!std::isfinite(time)) continue;
    const double whole = snapped ? std::round(time / unit) * unit : time;
    if (times.empty() || whole > times.back()) times.push_back(whole);
  }
  return times;
}

std::vector<std::int64_t> steps_at(const std::vector<double>& times, double time_per_step) {
  std::vector<std::int64_t> steps;
  for (const double time : times) steps.push_back(std::llround(time / time_per_step));
  return steps;
}

}  // namespace fieldscan::theory
