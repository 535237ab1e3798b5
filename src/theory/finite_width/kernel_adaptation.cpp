#include "fieldscan/theory/finite_width/kernel_adaptation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "adaptation_rows.hpp"
#include "applies.hpp"
#include "fieldscan/core/memory.hpp"
#include "fieldscan/theory/concept.hpp"
#include "fieldscan/theory/effort.hpp"
#include "fieldscan/theory/finite_width/problem.hpp"
#include "linear_adaptation.hpp"
#include "nonlinear_adaptation.hpp"

namespace fieldscan::theory {

static_assert(Theory<KernelAdaptation> && Sampled<KernelAdaptation>);

const Card KernelAdaptation::card = {
    .formula =
        "p_t(w) ∝ p_0(w) exp((b/2)(t·φ)²), b = χσ_a²/N; K̄ = σ_a²⟨φφᵀ⟩_t, t = (K̄ + κ)⁻¹y; f̄ = σ_a²⟨φ_* t·φ⟩_t; "
        "variance (D_** − D_*ᵀ(D + κ)⁻¹D_*)/χ, D = K̄ + b σ_a² Cov_t(sφ, sφ), s = t·φ",
    .source =
        "I. Seroussi, G. Naveh, Z. Ringel, Nature Communications 14, 908 (2023), without their Gaussian closure; A. van "
        "Meegen, H. Sompolinsky (2024); N. Rubin et al. (2025); C. Lauditi, B. Bordelon, C. Pehlevan (2025); variance: "
        "derived",
    .regime =
        "one hidden layer, N → ∞ at fixed χ/N: errors of the mean fall as 1/N at χ = N (6%, 2%, 1% of it at N = 10, 30, "
        "100). What counts is not χ but E = (χ/N) tᵀKt (`validity`; K and t at initialisation, as `plan` prints it, not "
        "adapted) beside tr(GK)/N, which is neglected: good from E ≈ 2 with E above 3 tr(GK)/N, no better than nngp at E "
        "below ½. A Gaussian process with K̄ has the mean, but a variance several times too small",
    .effort =
        "linear units: P³; D ≤ 3 dimensions with the bias: nodes × P² per Newton step, 10³ to 10⁶ nodes; "
        "otherwise, and where so many nodes do not do, chains: some 300 gradients of samples/8 neurons, and samples × P² "
        "per Newton step: P = 200 in d = 5 to 1% in seconds"};

namespace {

/// Dimensions in which a rule of nodes is cheaper than chains.
constexpr int most_rule_dimensions = 3;
constexpr double least_signal = 1, least_signal_over_trace = 3;

NeuronAverages averages_of(const Setting& setting) {
  const KernelSpec spec = kernel_spec(setting.network);
  if (std::holds_alternative<network::Linear>(spec.activation)) return NeuronAverages::closed;
  const bool few = neuron_dimension(spec, data::input_dimension(setting.data)) <= most_rule_dimensions;
  return few && has_no_kinks(spec.activation) ? NeuronAverages::rule : NeuronAverages::chains;
}

/// Of linear units and one output: rows of the outputs from D, of the kernel and the overlaps. Returns the residual.
double write_linear(const KernelAdaptation::Inputs& inputs, const data::Draw& draw, const Problem& problem,
                    Result& result, Writer& writer) {
  const double readout = inputs.kernel.readout_variance, strength = inputs.strength / readout;
  const LinearAdaptation adapted =
      adapt_linear(problem, neuron_inputs(inputs.kernel, draw.train.x), draw, inputs.ridge, strength, inputs.chi);
  write_outputs(result, writer, adapted.outputs, draw, inputs.chi);
  write_kernel(result, writer, adapted.kernel, readout, {alignment_of(adapted.kernel, draw.train.label), 0}, 0);
  if (inputs.bins == 0) return adapted.residual;
  const Vector direction = neuron_directions(inputs.kernel, draw.directions).row(0);
  const double with_score = direction.dot(adapted.score);
  const double variance = direction.squaredNorm() + inputs.strength * adapted.scale * with_score * with_score;
  write_overlaps(writer, normal_overlaps(variance, bins_of(inputs)), bins_of(inputs), units_of(inputs),
                 {.of = [](const Vector&) { return 0.0; }});
  return adapted.residual;
}

}  // namespace

Applicability KernelAdaptation::applicability(const Setting& setting) const {
  if (const Applicability learned = needs_learned_layers(setting); !learned.applies) return learned;
  if (setting.network.depth != 1) return {false, "it is about one hidden layer"};
  if (growth_of(setting.network.activation) == Growth::faster)
    return {false, "its average over one neuron does not exist for units that grow faster than linearly"};
  if (!(setting.ridge > 0)) return {false, "its equations need a ridge above 0"};
  return {};
}

KernelAdaptation::Inputs KernelAdaptation::inputs(const Setting& setting) const {
  const auto& network = setting.network;
  Inputs out{.kernel = kernel_spec(network),
             .averages = averages_of(setting),
             .strength = network.chi * network.readout_variance / network::last_width(network),
             .ridge = setting.ridge,
             .chi = network.chi};
  if (data::direction_count(setting.data.target) != 1) return out;
  out.bins = setting.asked.overlap_bins.count;
  out.bins_low = setting.asked.overlap_bins.low;
  out.bins_high = setting.asked.overlap_bins.high;
  return out;
}

Cost KernelAdaptation::cost(const Setting& setting) const {
  const double points = data::train_points(setting.data), test = data::test_points(setting.data),
               dimension = data::input_dimension(setting.data);
  const NeuronAverages averages = averages_of(setting);
  Cost out = draw_cost(setting, 8, 2, 8 * (4 * points * points + 3 * points * test));
  if (averages == NeuronAverages::closed) return out;
  const double count = averages == NeuronAverages::rule ? std::pow(60, std::min(dimension + 1, 3.0)) : samples;
  const double rank = std::min(dimension, points), per_value = 2e-8;
  // Newton steps on all nodes, the test points with their errors; the chains on their way.
  const double newton = 8 * count * points * points / flops_per_second;
  const double outputs = count * test * (8 * points / flops_per_second + 2 * per_value);
  const double chains = averages == NeuronAverages::chains ? samples / 8.0 : 0;
  const double gradients = 500 * chains * points * (4 * rank / flops_per_second + 2 * per_value);
  const double path = 60 * chains * points * points * 4 / flops_per_second;
  out.seconds += newton + outputs + gradients + path + count * points * 5 * per_value;
  out.bytes += 8 * count * (points + 3 * 128 + dimension);
  return out;
}

Result KernelAdaptation::predict(const Inputs& inputs, const data::Draw& draw, const Stream& stream) const {
  const double points = static_cast<double>(draw.train.x.rows());
  const double nodes = inputs.averages == NeuronAverages::chains ? samples : 1;
  require_memory(8 * (4 * points * points + 3 * points * static_cast<double>(draw.test.x.rows()) + nodes * points),
                 fmt::format("kernel adaptation on {} points", points));
  const Problem problem = problem_of(inputs.kernel, draw);
  const Expansion expansion = expansion_of(problem.train, draw.train.label, inputs.ridge, inputs.chi, units_of(inputs));
  const bool holds = expansion.signal >= least_signal && expansion.signal >= least_signal_over_trace * expansion.trace;
  Result result;
  Writer writer(result, equilibrium, holds ? Flag::none : Flag::outside_validity);
  const double residual = inputs.averages == NeuronAverages::closed
                              ? write_linear(inputs, draw, problem, result, writer)
                              : write_nonlinear(*this, inputs, draw, problem.train, stream, result, writer);
  writer.row(Observable::validity, expansion.signal);
  writer.residual(residual);
  return result;
}

}  // namespace fieldscan::theory
