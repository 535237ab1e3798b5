#include "fieldscan/theory/trajectory/deep_linear_dynamics.hpp"

#include <algorithm>
#include <cmath>

#include "../applicability.hpp"
#include "../given_steps.hpp"
#include "../rows.hpp"
#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/data/draw.hpp"
#include "fieldscan/theory/concept.hpp"
#include "fieldscan/theory/trajectory/deep_linear_descent.hpp"

namespace fieldscan::theory {

static_assert(Theory<DeepLinearDynamics>);

const Card DeepLinearDynamics::card = {
    .formula =
        "h^l = u + Σ_{s<t} [A^{l−1} + ηγ₀ H^{l−1}Δ] g^l, g^l = r + Σ_{s<t} [B^l + ηγ₀ G^{l+1}] Δ·h^l, u ~ GP(0, H^{l−1}), "
        "r ~ GP(0, G^{l+1}); γ₀ f = ⟨g^L h^L⟩, Δ = y − f",
    .source = "B. Bordelon, C. Pehlevan, NeurIPS (2022), deep linear networks; ridge and momentum: derived",
    .regime =
        "gradient_descent with a fixed rate on linear networks of any depth at N → ∞ with χ/N fixed, P and steps ≪ N; in "
        "the ntk parameterisation, all parameters trained, no biases, the ridge pulling towards the initial ones. Flagged "
        "where χ is not large: where the variance ⟨K⟩/χ of the output at initialisation, unless it is subtracted, is more "
        "than 5% of the training error at the start (`validity`)",
    .effort = "L steps³ (4P + 12)/3 multiplications, memory 7 L steps²"};

namespace deep_linear_in_time {

namespace {

constexpr double largest_initial_share = 0.05;  ///< of the output at initialisation in the error at the start

/// Widths as one number; none where layers differ.
std::optional<int> one_width(const network::Spec& network) {
  const auto& widths = network.width.values;
  const bool equal = std::ranges::all_of(widths, [&](int n) { return n == widths.front(); });
  return equal ? std::optional(widths.front()) : std::nullopt;
}

/// Π σ_w² σ_a².
double scale_of(const network::Spec& network) {
  double scale = network.readout_variance;
  for (int l = 0; l < network.depth; ++l) scale *= network.weight_variance.at(static_cast<std::size_t>(l));
  return scale;
}

Applicability needs_linear_network(const network::Spec& network) {
  if (!std::holds_alternative<network::Linear>(network.activation)) return {false, "the units are not linear"};
  if (network.train != network::Trained::all) return {false, "a part of the network is frozen"};
  if (!std::ranges::all_of(network.bias_variance.values, [](double v) { return v == 0; }))
    return {false, "it is known without biases"};
  if (!one_width(network)) return {false, "it is known for hidden layers of one width"};
  return {};
}

OwnSteps own(const DeepLinearDynamics& theory) { return {theory.learning_rate, theory.momentum}; }

/// (⟨K⟩/χ)/(⟨y²⟩ + ⟨K⟩/χ).
double initial_share(const DeepLinearDynamics::Inputs& inputs, const Matrix& kernel, const VectorView& label) {
  const double initial = inputs.scale / inputs.chi * kernel.diagonal().mean();
  return initial > 0 ? initial / (label.squaredNorm() / static_cast<double>(label.size()) + initial) : 0;
}

std::vector<std::int64_t> steps_of(const DeepLinearDynamics::Inputs& inputs) {
  return steps_at(inputs.times, inputs.step / (1 - inputs.momentum));
}

}  // namespace

}  // namespace deep_linear_in_time

Applicability DeepLinearDynamics::applicability(const Setting& setting) const {
  if (const Applicability linear = deep_linear_in_time::needs_linear_network(setting.network); !linear.applies)
    return linear;
  if (const Applicability descent = needs_linear_descent(setting); !descent.applies) return descent;
  if (const Applicability steps =
          needs_given_steps(setting, deep_linear_in_time::own(*this),
                            "it needs steps of a given rate; with `learning_rate: auto` they follow the gradient flow");
      !steps.applies)
    return steps;
  if (const Applicability times = needs_finite_time(setting); !times.applies) return times;
  return needs_draw(setting);
}

DeepLinearDynamics::Inputs DeepLinearDynamics::inputs(const Setting& setting) const {
  const auto& network = setting.network;
  const GivenSteps steps = given_steps(setting, deep_linear_in_time::own(*this));
  const double width = deep_linear_in_time::one_width(network).value();
  return {.depth = network.depth,
          .scale = deep_linear_in_time::scale_of(network),
          .richness = std::sqrt(network.chi / width),
          .chi = network.chi,
          .centred = network.centred,
          .ridge = setting.ridge,
          .step = steps.size,
          .momentum = steps.momentum,
          .times = finite_times(setting, steps)};
}

Cost DeepLinearDynamics::cost(const Setting& setting) const {
  const Inputs in = inputs(setting);
  const double points = data::train_points(setting.data), test = data::test_points(setting.data);
  const auto steps = static_cast<double>(deep_linear_in_time::steps_of(in).back() + 1);
  const double marching = in.depth * steps * steps * steps * (8 * points + 24) / 3 / flops_per_second;
  const double looking = static_cast<double>(in.times.size()) * points *
                         (2 * in.depth * steps * (steps + points) + 12 * points * points + 2 * test);
  return {.seconds = 1e-4 + marching +
                     (looking + 2 * points * data::input_dimension(setting.data) * (points + test)) / flops_per_second,
          .bytes = 8 * (7 * in.depth * steps * steps + 6 * points * (steps + points) + points * test),
          .threads = threads_of(points)};
}

Result DeepLinearDynamics::predict(const Inputs& inputs, const data::Draw& draw) const {
  const double dim = static_cast<double>(draw.train.x.cols()), points = static_cast<double>(draw.train.x.rows());
  const Matrix kernel = draw.train.x * draw.train.x.transpose() / dim;
  const Matrix cross = draw.test.x * draw.train.x.transpose() / dim;
  const double unit = std::sqrt(inputs.scale);  // f = S times a network of unit variances
  const auto label = data::one_output(draw.train.label);
  const std::vector<std::int64_t> steps = deep_linear_in_time::steps_of(inputs);
  const std::vector<DeepLinearState> states = deep_linear_descent(kernel, label / unit,
                                                                  {.depth = inputs.depth,
                                                                   .richness = inputs.richness,
                                                                   .rate = inputs.step * inputs.scale,
                                                                   .momentum = inputs.momentum,
                                                                   .pull = inputs.step * inputs.ridge},
                                                                  steps);
  const double validity = inputs.centred ? 0 : deep_linear_in_time::initial_share(inputs, kernel, label);
  const Flag flag = validity <= deep_linear_in_time::largest_initial_share ? Flag::none : Flag::outside_validity;
  Result result;
  for (std::size_t k = 0; k < states.size(); ++k) {
    Writer writer(result, inputs.times[k], flag);
    const Matrix mean = unit * cross * states[k].coefficients;
    writer.row(Observable::error_test, writer.predictor(mean, draw));
    writer.row(Observable::error_train, (label - unit * kernel * states[k].coefficients).squaredNorm() / points);
    if (!inputs.centred) writer.row(Observable::validity, validity);
    writer.row(Observable::ntk_top, inputs.scale / inputs.chi * eigenvalues(states[k].tangent)[0]);
  }
  if (states.size() == steps.size()) return result;
  result.outcome = Outcome::diverged;
  result.reason = "the residual grows beyond 100 times the labels: a smaller learning rate";
  return result;
}

}  // namespace fieldscan::theory
