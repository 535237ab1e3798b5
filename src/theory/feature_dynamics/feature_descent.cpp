#include "feature_descent.hpp"

#include <algorithm>
#include <cmath>

#include "../applicability.hpp"

namespace fieldscan::theory {

namespace {

Applicability needs_rate(const Setting& setting, const std::optional<double>& rate,
                         const std::optional<double>& momentum) {
  if (is_alone(setting.dynamics)) {
    if (!rate) return {false, "without training it has to be given its learning_rate"};
  } else if (rate || momentum) {
    return {false, "its own learning_rate and momentum are for `training: none`; here they are the trainer's"};
  } else if (is_any<dynamics::Flow>(setting.dynamics)) {
    return {false,
            "it takes the trainer's own steps, and with `learning_rate: auto` every replica has others: give a "
            "rate, as a multiple of χ"};
  } else if (!is_any<dynamics::Descent>(setting.dynamics)) {
    return {false, "it describes gradient descent over the whole training set, and the trainer is " + setting.trainer};
  }
  return {};
}

}  // namespace

Applicability needs_feature_descent(const Setting& setting, const std::optional<double>& rate,
                                    const std::optional<double>& momentum) {
  if (Applicability rates = needs_rate(setting, rate, momentum); !rates.applies) return rates;
  const network::Spec& network = setting.network;
  if (network.parameterisation == network::Parameterisation::standard)
    return {false,
            "in the standard parameterisation the rates of the layers differ by powers of the width; it takes "
            "ntk or mup, with χ ∝ N"};
  if (network.train != network::Trained::all) return {false, "it describes networks all of whose tensors move"};
  const auto& width = network.width.values;
  if (std::ranges::any_of(width, [&](int n) { return n != width.front(); }))
    return {false, "its layers have one width, which γ₀ = √(χ/N) refers to"};
  if (std::ranges::none_of(setting.asked.times, [](double t) { return std::isfinite(t); }))
    return {false, "it goes step by step and no finite time is asked for"};
  return needs_draw(setting);
}

FeatureDescent feature_descent(const Setting& setting, const std::optional<double>& rate,
                               const std::optional<double>& momentum) {
  const auto& network = setting.network;
  const auto* descent = std::get_if<dynamics::Descent>(&setting.dynamics);
  const double width = network::last_width(network);
  // In mup all tensors have the factor N/N₀.
  const double factor = network.parameterisation == network::Parameterisation::mup ? width / network.base_width : 1;
  const double step = rate.value_or(descent ? descent->rate : 0) / network.chi;
  FeatureDescent out{.richness = std::sqrt(network.chi / width),
                     .step = step * factor,
                     .momentum = momentum.value_or(descent ? descent->momentum : 0),
                     .anchor = setting.ridge > 0 ? anchor_of(setting.dynamics) : dynamics::Anchor::initial,
                     .time_per_step = 1,
                     .times = {}};
  out.time_per_step = step / (1 - out.momentum);
  for (const double time : setting.asked.times) {
    if (!std::isfinite(time)) continue;
    const double kept = is_alone(setting.dynamics) ? std::round(time / out.time_per_step) * out.time_per_step : time;
    if (out.times.empty() || kept > out.times.back()) out.times.push_back(kept);
  }
  return out;
}

std::vector<std::int64_t> steps_of_times(const std::vector<double>& times, double time_per_step) {
  std::vector<std::int64_t> out;
  for (const double time : times) out.push_back(std::llround(time / time_per_step));
  return out;
}

double input_rank(const Setting& setting) {
  const double inputs = data::input_dimension(setting.data) + (setting.network.bias_variance.at(0) > 0 ? 1 : 0);
  return std::min(inputs, static_cast<double>(data::train_points(setting.data)));
}

}  // namespace fieldscan::theory
