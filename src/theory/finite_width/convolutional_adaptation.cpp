#include "fieldscan/theory/finite_width/convolutional_adaptation.hpp"

#include <fmt/format.h>

#include <cmath>

#include "../rows.hpp"
#include "applies.hpp"
#include "convolutional_setting.hpp"
#include "fieldscan/core/memory.hpp"
#include "fieldscan/theory/concept.hpp"
#include "fieldscan/theory/effort.hpp"
#include "fieldscan/theory/finite_width/problem.hpp"
#include "fieldscan/theory/regression/gp.hpp"
#include "filter_saddle.hpp"
#include "neuron.hpp"

namespace fieldscan::theory {

static_assert(Theory<ConvolutionalAdaptation>);

const Card ConvolutionalAdaptation::card = {
    .formula =
        "p_t(w) ∝ p_0(w) exp((b/2) Σ_i (t·F_i)²), F_i = φ_i/√S (pooling: one F = Σ_i φ_i/S), b = χσ_a²/N; f̄ = σ_a²⟨Σ_i "
        "F_i* t·F_i⟩_t; variance (D_** − D_*ᵀ(D + κ)⁻¹D_*)/χ, D = σ_a²⟨Σ_i F_i F_iᵀ⟩ + b σ_a² Cov_t(J, J), J = Σ_i (t·F_i) "
        "F_i",
    .source = "as kernel_adaptation, with filters in the place of units: derived",
    .regime =
        "one convolutional layer, channels N → ∞ at fixed χ/N; E = (χ/N) tᵀKt (`validity`) above 1 and three times "
        "tr(GK)/N, which is neglected",
    .effort = "nodes × S P² per Newton step, 10² to 10⁶ nodes in the dimensions of a patch, of which three are taken"};

namespace {

constexpr Index most_dimensions = 3;
constexpr double least_filter_signal = 1, least_over_trace = 3;

double filter_bytes(double points, double test) { return 8 * (8 * points * points + 5 * points * test); }

}  // namespace

Applicability ConvolutionalAdaptation::applicability(const Setting& setting) const {
  if (const Applicability own = needs_one_convolution(setting); !own.applies) return own;
  const auto& activation = setting.network.activation;
  if (growth_of(activation) == Growth::faster)
    return {false, "its average over one filter does not exist for units that grow faster than linearly"};
  if (!has_no_kinks(activation)) return {false, "its nodes average units without kinks"};
  if (const Index dimension = filter_dimension(convolutional_spec(setting.network)); dimension > most_dimensions)
    return {false, fmt::format("its average over one filter is over nodes in up to {} dimensions, and here they are {}",
                               most_dimensions, dimension)};
  return needs_learned_layers(setting);
}

ConvolutionalAdaptation::Inputs ConvolutionalAdaptation::inputs(const Setting& setting) const {
  const auto& network = setting.network;
  return {.architecture = resolved(convolutional_spec(network), data::input_dimension(setting.data)),
          .strength = network.chi * network.readout_variance / network::last_width(network),
          .ridge = setting.ridge,
          .chi = network.chi};
}

Cost ConvolutionalAdaptation::cost(const Setting& setting) const {
  const double points = data::train_points(setting.data), test = data::test_points(setting.data);
  const ConvolutionalSpec spec = inputs(setting).architecture;
  const auto positions =
      static_cast<double>(grid_after(architecture_of(spec), {spec.height, spec.width}, 0).positions());
  constexpr double steps = 25, per_value = 4e-9;
  const double nodes = std::pow(60, static_cast<double>(filter_dimension(spec)));
  const double maps = spec.readout == ImageReadout::pooling ? 1 : positions;
  const double per_node = positions * points * per_value + 2 * (maps + 1) * points * points / flops_per_second;
  Cost out = draw_cost(setting, 1, 1, filter_bytes(points, test) + convolutional_bytes(spec, points + test));
  out.seconds += points * points / 2 * seconds_per_image_pair(spec, KernelKind::nngp);  // of the expansion
  out.seconds +=
      nodes * (steps * per_node + positions * test * per_value + 2 * (maps + 1) * points * test / flops_per_second);
  return out;
}

Result ConvolutionalAdaptation::predict(const Inputs& inputs, const data::Draw& draw) const {
  const double points = static_cast<double>(draw.train.x.rows());
  require_memory(filter_bytes(points, static_cast<double>(draw.test.x.rows())),
                 fmt::format("adaptation of filters on {} points", points));
  const Vector label = data::one_output(draw.train.label);
  const double channels = inputs.chi * inputs.architecture.readout_variance / inputs.strength;
  const Expansion expansion = expansion_of(convolutional_kernel(inputs.architecture, KernelKind::nngp, draw.train.x),
                                           label, inputs.ridge, inputs.chi, channels);
  const bool holds = expansion.signal >= least_filter_signal && expansion.signal >= least_over_trace * expansion.trace;
  const FilterSaddle saddle = filter_saddle(inputs.architecture, draw.train.x, draw.test.x,
                                            {.label = label, .ridge = inputs.ridge, .strength = inputs.strength});
  Result result;
  if (saddle.rule_error > 1e-8)
    result.reason = fmt::format("averages over a filter's weights are exact to {:.1g}", saddle.rule_error);
  Writer writer(result, equilibrium, holds ? Flag::none : Flag::outside_validity);
  const double error_mean = writer.predictor(saddle.mean, draw);
  const double variance = clip_variance(saddle.variance, saddle.variance.cwiseAbs(), 1e-6).mean() / inputs.chi;
  writer.row(Observable::variance_posterior, variance);
  writer.row(Observable::error_test, error_mean + variance);
  writer.row(Observable::error_train, (inputs.ridge * saddle.t).squaredNorm() / points +
                                          inputs.ridge * (1 - inputs.ridge * saddle.inverse) / inputs.chi);
  writer.row(Observable::validity, expansion.signal);
  writer.residual(saddle.residual);
  return result;
}

}  // namespace fieldscan::theory
