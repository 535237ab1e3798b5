#include "fieldscan/theory/kernel/signal_propagation.hpp"

#include "fieldscan/core/solve/solved.hpp"
#include "fieldscan/theory/concept.hpp"
#include "fieldscan/theory/kernel/kernels.hpp"
#include "fieldscan/theory/kernel/order_chaos.hpp"

namespace fieldscan::theory {

static_assert(Theory<SignalPropagation>);

const Card SignalPropagation::card = {
    .formula =
        "q* = σ_w²⟨φ²⟩(q*) + σ_b²; c* = (σ_w²⟨φφ⟩(q*, c*) + σ_b²)/q*; χ_1 = σ_w²⟨φ′²⟩; ξ = −1/log|slope of the map|",
    .source = "B. Poole et al., NeurIPS (2016); S. Schoenholz et al., Deep information propagation, ICLR (2017)",
    .regime = "N → ∞ before L → ∞, at initialisation, the same variances in all hidden layers",
    .effort = "some milliseconds: averages over two normal variables × iterations of the map"};

namespace {

constexpr double longest = 1e6;  ///< layers; beyond it a length is censored

LayerMap layer_of(const SignalPropagation::Inputs& inputs) {
  return {inputs.activation, inputs.weight_variance, inputs.bias_variance};
}

void add(Result& result, Observable observable, double value) {
  result.rows.push_back({.observable = observable, .value = value});
}

void add_length(Result& result, Observable observable, double layers) {
  const bool beyond = !(layers <= longest);
  result.rows.push_back(
      {.observable = observable, .value = beyond ? longest : layers, .flag = beyond ? Flag::censored : Flag::none});
}

}  // namespace

Applicability SignalPropagation::applicability(const Setting& setting) const {
  const KernelSpec spec = kernel_spec(setting.network);
  if (!spec.weight_variance.is_one() || !spec.bias_variance.is_one())
    return {false, "the hidden layers have different variances"};
  switch (depth_limit(layer_of(inputs(setting))).state) {
    case DepthState::grows:
      return {false, "the variance grows from layer to layer without bound"};
    case DepthState::oscillates:
      return {false, "the variance alternates from layer to layer"};
    case DepthState::beyond:
      return {false, "the variance of the pre-activations is beyond the range 10⁻¹² … 10¹²"};
    case DepthState::dies_out:
    case DepthState::finite:
    case DepthState::not_found:  // an outcome of the prediction
      break;
  }
  return {};
}

SignalPropagation::Inputs SignalPropagation::inputs(const Setting& setting) const {
  return {.activation = setting.network.activation,
          .weight_variance = setting.network.weight_variance.at(0),
          .bias_variance = setting.network.bias_variance.at(0)};
}

Cost SignalPropagation::cost(const Setting&) const { return {.seconds = 1e-4}; }

Result SignalPropagation::predict(const Inputs& inputs) const {
  const DepthLimit limit = depth_limit(layer_of(inputs));
  if (limit.state == DepthState::not_found) throw solve::NotConverged("the fixed point of many layers was not found");
  Result result;
  add(result, Observable::fixed_point_variance, limit.variance);
  add(result, Observable::slope_at_equal, limit.slope_at_equal);
  add(result, Observable::variance_slope, limit.variance_slope);
  add_length(result, Observable::variance_length, limit.variance_length());
  add(result, listed("solver_residual"), limit.residual);
  if (limit.state == DepthState::dies_out) return result;
  add(result, Observable::fixed_point_correlation, limit.correlation);
  add_length(result, Observable::correlation_length, limit.correlation_length());
  return result;
}

}  // namespace fieldscan::theory
