#include "feature_descent.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "../applicability.hpp"

namespace fieldscan::theory {

namespace {

constexpr std::string_view of_flow =
    "it takes the trainer's own steps, and with `learning_rate: auto` every replica has others: give a rate, as a "
    "multiple of χ";

}  // namespace

Applicability needs_feature_descent(const Setting& setting, const std::optional<double>& rate,
                                    const std::optional<double>& momentum) {
  if (Applicability steps = needs_given_steps(setting, {rate, momentum}, of_flow); !steps.applies) return steps;
  const network::Spec& network = setting.network;
  if (network.parameterisation == network::Parameterisation::standard)
    return {false,
            "in the standard parameterisation the rates of the layers differ by powers of the width; it takes "
            "ntk or mup, with χ ∝ N"};
  if (network.train != network::Trained::all) return {false, "it describes networks all of whose tensors move"};
  const auto& width = network.width.values;
  if (std::ranges::any_of(width, [&](int n) { return n != width.front(); }))
    return {false, "its layers have one width, which γ₀ = √(χ/N) refers to"};
  if (Applicability times = needs_finite_time(setting); !times.applies) return times;
  return needs_draw(setting);
}

FeatureDescent feature_descent(const Setting& setting, const std::optional<double>& rate,
                               const std::optional<double>& momentum) {
  const auto& network = setting.network;
  const GivenSteps steps = given_steps(setting, {rate, momentum});
  const double width = network::last_width(network);
  // In mup all tensors have the factor N/N₀.
  const double factor = network.parameterisation == network::Parameterisation::mup ? width / network.base_width : 1;
  return {.richness = std::sqrt(network.chi / width),
          .step = steps.size * factor,
          .momentum = steps.momentum,
          .anchor = setting.ridge > 0 ? anchor_of(setting.dynamics) : dynamics::Anchor::initial,
          .time_per_step = steps.time_per_step(),
          .times = finite_times(setting, steps)};
}

double input_rank(const Setting& setting) {
  const double inputs = data::input_dimension(setting.data) + (setting.network.bias_variance.at(0) > 0 ? 1 : 0);
  return std::min(inputs, static_cast<double>(data::train_points(setting.data)));
}

}  // namespace fieldscan::theory
