#include "fieldscan/theory/finite_width/deep_linear_decay.hpp"

#include <fmt/format.h>

#include <cmath>

#include "applies.hpp"
#include "fieldscan/core/memory.hpp"
#include "fieldscan/core/solve/root.hpp"
#include "fieldscan/theory/concept.hpp"
#include "fieldscan/theory/effort.hpp"
#include "scaled_rows.hpp"

namespace fieldscan::theory {

static_assert(Theory<DeepLinearDecay>);

const Card DeepLinearDecay::card = {
    .formula =
        "f = K(K + μ)⁻¹y, μ = (κ/χ)(χ Π N_l)^(1/(L+1)) (αᵀKα)^(1/(L+1) − 1), α = (K + μ)⁻¹y, the smallest root; f = 0 "
        "where its loss is less",
    .source =
        "the cost of a linear map in norms of its layers: Z. Dai, M. Karzand, N. Srebro, NeurIPS (2021); in "
        "this form with χ and any widths: derived",
    .regime =
        "linear units, one output, decay of all layers towards zero (`anchor: zero`), t → ∞. One hidden layer: exact. "
        "Deeper: exact where the descent does not end at f = 0, which is a minimum at every ridge, nor stays at the other "
        "one where f = 0 is lower: numbers are flagged there. Of several outputs the minimum is one over singular values, "
        "not verified: not applicable",
    .effort = "one eigendecomposition, 6 P³, and 3000 P for the root"};

namespace {

constexpr int steps_of_ridge = 3000;
constexpr double decades_below = 15, decades_above = 12;  ///< of μ around the largest eigenvalue

/// αᵀKα at the ridge μ.
double square_size(const ScaledKernel& kernel, double ridge) {
  return (kernel.value.array() * (data::one_output(kernel.label).array() / (kernel.value.array() + ridge)).square())
      .sum();
}

/// Σ (y − f) f.
double overlap_with_residual(const ScaledKernel& kernel, double ridge) { return ridge * square_size(kernel, ridge); }

}  // namespace

DecayMinimum decay_minimum(const ScaledKernel& kernel, const std::vector<double>& widths) {
  const double power = 1 / (static_cast<double>(widths.size()) + 1), ratio = kernel.ridge / kernel.chi;
  double log_units = std::log(kernel.chi);
  for (const double width : widths) log_units += std::log(width);
  const double strength = ratio * std::exp(power * log_units);
  const auto label = data::one_output(kernel.label);
  const double labels = label.squaredNorm() + kernel.left, top = kernel.value.size() > 0 ? kernel.value[0] : 0;
  DecayMinimum out{.ridge = {}, .weights = Vector::Zero(kernel.value.size()), .loss = labels / 2};
  if (!(top > 0) || !(labels > 0)) return out;
  const auto excess = [&](double log_ridge) {
    const double ridge = std::exp(log_ridge);
    return std::log(strength) + (power - 1) * std::log(square_size(kernel, ridge)) - log_ridge;
  };
  const double low = std::log(top) - decades_below * std::log(10.0),
               step = (decades_below + decades_above) * std::log(10.0) / steps_of_ridge;
  int k = 0;
  while (k < steps_of_ridge && excess(low + k * step) > 0) ++k;
  if (k == steps_of_ridge) return out;
  const auto root = k == 0 ? solve::Solved<double>{.value = low, .converged = true}
                           : solve::root_between(excess, low + (k - 1) * step, low + k * step);
  const double ridge = std::exp(solve::found(root, "the ridge that the decay amounts to"));
  const double size = square_size(kernel, ridge);
  const double residual = (ridge * label.array() / (kernel.value.array() + ridge)).matrix().squaredNorm();
  const double loss = (residual + kernel.left) / 2 + strength / (2 * power) * std::pow(size, power);
  out.other = !(loss < out.loss) && widths.size() > 1;
  out.residual = k == 0 ? std::abs(excess(low)) : root.residual;
  if (!(loss < out.loss)) return out;
  out.ridge = ridge;
  out.weights = label.array() / (kernel.value.array() + ridge);
  out.loss = loss;
  out.norm = overlap_with_residual(kernel, ridge) / ratio;
  return out;
}

Applicability DeepLinearDecay::applicability(const Setting& setting) const {
  const auto& network = setting.network;
  if (!std::holds_alternative<network::Linear>(network.activation))
    return {false, fmt::format("it is about linear units, and the activation is {}", kind_of(network.activation))};
  if (!is_alone(setting.dynamics)) {
    if (!is_any<dynamics::Flow, dynamics::Descent>(setting.dynamics))
      return {false, "it is where descent over the whole training set ends, and the trainer is " + setting.trainer};
    if (anchor_of(setting.dynamics) != dynamics::Anchor::zero)
      return {false, "the ridge pulls towards the initial parameters, not towards zero"};
  }
  if (!(setting.ridge > 0)) return {false, "without a ridge nothing decays"};
  if (network.train != network::Trained::all) return {false, "it is about networks whose layers are all trained"};
  if (network.centred) return {false, "the output at initialisation is subtracted"};
  if (network.parameterisation != network::Parameterisation::ntk)
    return {false, "the decay of its layers is that of the ntk parameterisation"};
  for (int l = 1; l < network.depth; ++l)
    if (network.bias_variance.at(static_cast<std::size_t>(l)) > 0)
      return {false, "layers above the first have biases: they are no part of the product of the layers"};
  return needs_draw(setting);
}

DeepLinearDecay::Inputs DeepLinearDecay::inputs(const Setting& setting) const {
  return {.kernel = kernel_spec(setting.network),
          .width = setting.network.width,
          .ridge = setting.ridge,
          .chi = setting.network.chi};
}

Cost DeepLinearDecay::cost(const Setting& setting) const {
  const double points = data::train_points(setting.data), test = data::test_points(setting.data);
  Cost cost = draw_cost(setting, 2.5, 1, scaled_kernel_bytes(points, test));
  cost.seconds += 1e-4 + steps_of_ridge * points * 1e-9;
  return cost;
}

Result DeepLinearDecay::predict(const Inputs& inputs, const data::Draw& draw) const {
  const auto points = static_cast<double>(draw.train.x.rows()), test = static_cast<double>(draw.test.x.rows());
  require_memory(scaled_kernel_bytes(points, test), fmt::format("the eigenvectors of {} points", points));
  const std::vector<double> widths = widths_of(inputs.width, inputs.kernel.depth);
  const ScaledKernel kernel =
      scaled_kernel(problem_of(inputs.kernel, draw), draw.train.label, inputs.ridge, inputs.chi);
  require_one_output(draw, "its minimum is then one over singular values, which nobody has verified");
  const DecayMinimum minimum = decay_minimum(kernel, widths);
  Result result;
  if (!minimum.ridge) result.reason = "the decay wins: f = 0";
  if (minimum.other) result.reason += ", beside another minimum, where a descent from weights that are not small ends";
  Writer writer(result, equilibrium, minimum.other ? Flag::outside_validity : Flag::none);
  const Vector mean = kernel.cross.transpose() * minimum.weights;
  writer.row(Observable::error_test, writer.predictor(mean, draw));
  const Vector residual = data::one_output(kernel.label) - kernel.value.cwiseProduct(minimum.weights);
  writer.row(Observable::error_train, (residual.squaredNorm() + kernel.left) / points);
  // The first layer's norm is that of its weights and biases together.
  const bool biased = inputs.kernel.bias_variance.at(0) > 0;
  for (std::size_t l = biased ? 1 : 0; l <= widths.size(); ++l)
    writer.row(Observable::weight_norm, std::sqrt(minimum.norm), static_cast<double>(l) + 1);
  writer.residual(minimum.residual);
  return result;
}

}  // namespace fieldscan::theory
