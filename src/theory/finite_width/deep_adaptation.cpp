#include "fieldscan/theory/finite_width/deep_adaptation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "../regression/regression_rows.hpp"
#include "adaptation_rows.hpp"
#include "applies.hpp"
#include "deep_weights.hpp"
#include "fieldscan/core/memory.hpp"
#include "fieldscan/theory/concept.hpp"
#include "fieldscan/theory/effort.hpp"
#include "fieldscan/theory/finite_width/problem.hpp"
#include "fieldscan/theory/regression/gp.hpp"
#include "neuron.hpp"
#include "neuron_chains.hpp"
#include "two_layers_rows.hpp"
#include "weight_covariance.hpp"

namespace fieldscan::theory {

static_assert(Theory<DeepAdaptation> && Sampled<DeepAdaptation>);

const Card DeepAdaptation::card = {
    .formula =
        "Σ_l = (C_l⁻¹ + (2/N_l)W_l)⁻¹, C_l = σ_w²⟨φφᵀ⟩(Σ_{l−1}) + σ_b²; W_L from σ_a²(G − χttᵀ)/2, W_{l−1} from "
        "σ_w²(B − BΣ_lB)N_l/2, B = (2/N_l)W_l; f̄ = K_Σ*X G y; `closure: sampled`: units under p_0 exp(½φᵀAφ) and "
        "N(h; 0, C) exp(V), V = (b/2)(t·φ)², A = σ_w²(N_2/N_1)⟨∂∂ᵀV + ∂V∂Vᵀ⟩, t = (σ_a²⟨φφᵀ⟩ + κ)⁻¹y",
    .source =
        "I. Seroussi, G. Naveh, Z. Ringel, Nature Communications 14, 908 (2023); K. Fischer et al., ICML (2024); C. "
        "Lauditi, B. Bordelon, C. Pehlevan, ICML (2025); forms without inverses of C_l, variance of sampled units: derived",
    .regime =
        "networks whose pre-activations stay normal: weak adaptation, E = (χ/N) tᵀKt (`validity`) below ½ per layer; "
        "means of linear units at any. Targets along one direction at χ = N are adapted by a part of what networks "
        "are, and the variance is too small, as in variational_adaptation. `closure: sampled`, two hidden layers as N → ∞ "
        "at fixed χ/N: at χ = N the means and variances of networks however strong the labels (erf, P = 20, d = 5, κ = .1 "
        "… 1, E = 3 … 31: mean off by 19% at N = 10, 2 to 5% at 20 … 30, 1% at 60 … 200, where nngp is by 20 to 60% and "
        "normal pre-activations by 2 to 10% or have no solution; variance 8 to 15% too large at N = 20 … 40, 3% at 100); "
        "at E below ½ no nearer than they. `validity` as of kernel_adaptation",
    .effort =
        "from 30 sweeps of 10 L P³ operations and L P² averages (P = 2048 and two layers, two minutes) to 900 at χ = N; "
        "`closure: sampled`: samples × P⁴ operations, some 50 times, and P⁶ (P = 20, 10 s; P = 60, some ten minutes)"};

namespace {

constexpr double most_deep_signal = 0.5;
/// Of sampled units, as of kernel_adaptation.
constexpr double least_sampled_signal = 1, least_signal_over_trace = 3;
constexpr int most_sampled_points = 64;
/// Measured: from infinite width, and where labels pull strongly by steps of their energy, each of many sweeps.
double sweeps_expected(const network::Spec& network) {
  return 25 + 900 * std::pow(std::min(1.0, network.chi / static_cast<double>(network::last_width(network))), 2);
}

PerLayer<int> one_width_if_equal(const network::Spec& spec) {
  const auto& all = spec.width.values;
  const bool equal = std::ranges::all_of(all, [&](int n) { return n == all.front(); });
  return equal ? PerLayer<int>(all.front()) : spec.width;
}

DeepGaussian problem_at(const DeepAdaptation::Inputs& inputs, VariationalMethod method, const Matrix& train,
                        const Matrix& labels) {
  DeepGaussian out{.spec = inputs.kernel,
                   .width = {},
                   .inputs = train,
                   .labels = labels,
                   .ridge = inputs.ridge,
                   .chi = inputs.chi,
                   .fluctuations = method == VariationalMethod::saddle ? 1.0 : 0.0};
  for (int l = 0; l < inputs.kernel.depth; ++l) out.width.push_back(inputs.width.at(static_cast<std::size_t>(l)));
  return out;
}

Array hidden_kernels(const DeepState& state) {
  const Index points = state.kernel.rows();
  Array out{.observable = Observable::hidden_kernel, .shape = {std::ssize(state.feature), points, points}, .data = {}};
  for (const Matrix& kernel : state.feature)
    out.data.insert(out.data.end(), kernel.data(), kernel.data() + kernel.size());
  return out;
}

Applicability applies_to_samples(const Setting& setting) {
  if (setting.network.depth != 2)
    return {false, "`closure: sampled` is about two hidden layers; one is kernel_adaptation, more are not solved"};
  const auto& activation = setting.network.activation;
  if (growth_of(activation) == Growth::faster)
    return {false, "its average over one neuron does not exist for units that grow faster than linearly"};
  if (!has_no_kinks(activation))
    return {false, "`closure: sampled` needs the second derivative of the activation, and this one has kinks"};
  if (data::train_points(setting.data) > most_sampled_points)
    return {false,
            fmt::format("`closure: sampled` solves equations of P²/2 numbers, for P up to {}", most_sampled_points)};
  return {};
}

/// Rises of b and Newton's method on them, each with the covariances of all pairs of points.
Cost sampled_cost(const Setting& setting, double samples, Cost out) {
  const double points = data::train_points(setting.data), test = data::test_points(setting.data),
               pairs = points * (points + 1) / 2, per_value = 5e-9;
  const double steps = 40, rows = samples / samples_per_chain * 2;
  const double solves = steps * DeepAdaptation::estimates * (pairs * pairs * (pairs + 6 * points) / flops_per_second);
  const double covariances = (steps * rows + 4 * samples) * pairs * (4 * pairs + 6 * points) / flops_per_second;
  const double walks = (4 * steps * samples / samples_per_chain + 40 * samples / samples_per_chain) * 6 * points *
                       (8 * points / flops_per_second + 2 * per_value);
  out.seconds += solves + covariances + walks + samples * test * (6 * pairs / flops_per_second + 16 * per_value);
  out.bytes += 8 * (samples / DeepAdaptation::estimates * (4 * pairs + 12 * points) + 6 * pairs * pairs);
  return out;
}

/// Normal pre-activations: everything.
Result predict_gaussian(const DeepAdaptation& theory, const DeepAdaptation::Inputs& inputs, const data::Draw& draw,
                        double signal) {
  const double readout = inputs.kernel.readout_variance;
  const Matrix train = neuron_inputs(inputs.kernel, draw.train.x), basis = span_basis(train);
  const DeepGaussian problem =
      problem_at(inputs, theory.method, basis.size() > 0 ? train * basis : train, draw.train.label);
  const DeepState state = adapt_deep(problem);
  const Matrix root = whole_root(state.covariance.front(), basis);
  const DeepTest test = deep_test(problem, state, train * root, neuron_inputs(inputs.kernel, draw.test.x) * root);
  const Flag flag = signal <= most_deep_signal ? Flag::none : Flag::outside_validity;
  Result result = posterior_rows(state.kernel, test.cross, test.diagonal, draw, inputs.ridge, inputs.chi);
  constexpr auto& listed_here = DeepAdaptation::observables;
  std::erase_if(result.rows,
                [](const Row& row) { return std::ranges::find(listed_here, row.observable) == listed_here.end(); });
  for (Row& row : result.rows)
    if (row.flag == Flag::none) row.flag = flag;
  Writer writer(result, equilibrium, flag);
  write_kernel(result, writer, state.kernel, readout, {alignment_of(state.kernel, draw.train.label), 0}, 0);
  std::erase_if(result.arrays, [](const Array& array) { return array.observable == Observable::hidden_kernel; });
  if (state.kernel.rows() <= kernel_points_kept) result.arrays.push_back(hidden_kernels(state));
  writer.row(Observable::validity, signal);
  writer.residual(state.residual);
  if (inputs.bins == 0) return result;
  const Bins bins{.count = inputs.bins, .low = inputs.bins_low, .high = inputs.bins_high};
  const Vector direction = neuron_directions(inputs.kernel, draw.directions).row(0);
  write_overlaps(writer, normal_overlaps((root * direction).squaredNorm(), bins), bins, inputs.width.at(0),
                 {.of = [](const Vector&) { return 0.0; }});
  return result;
}

}  // namespace

Applicability DeepAdaptation::applicability(const Setting& setting) const {
  if (const Applicability learned = needs_learned_layers(setting); !learned.applies) return learned;
  if (!(setting.ridge > 0)) return {false, "its equations need a ridge above 0"};
  if (closure == DeepClosure::sampled) return applies_to_samples(setting);
  return {};
}

DeepAdaptation::Inputs DeepAdaptation::inputs(const Setting& setting) const {
  const auto& network = setting.network;
  Inputs out{
      .kernel = kernel_spec(network), .width = one_width_if_equal(network), .ridge = setting.ridge, .chi = network.chi};
  if (data::direction_count(setting.data.target) != 1) return out;
  out.bins = setting.asked.overlap_bins.count;
  out.bins_low = setting.asked.overlap_bins.low;
  out.bins_high = setting.asked.overlap_bins.high;
  return out;
}

Cost DeepAdaptation::cost(const Setting& setting) const {
  const double points = data::train_points(setting.data), test = data::test_points(setting.data),
               depth = setting.network.depth;
  const double average =
      seconds_per_average(setting.network.activation, setting.network.weight_variance.at(0), Norms::different);
  Cost out = draw_cost(setting, 3, 1 + depth,
                       regression_bytes(points, test, setting.ridge) + 8 * points * points * (6 + 14 * depth));
  if (closure == DeepClosure::sampled) return sampled_cost(setting, samples, out);
  out.seconds +=
      sweeps_expected(setting.network) * depth * points * points * (2 * average + 10 * points / flops_per_second);
  return out;
}

Result DeepAdaptation::predict(const Inputs& inputs, const data::Draw& draw, const Stream& stream) const {
  const auto points = static_cast<double>(draw.train.x.rows()), pairs = points * (points + 1) / 2;
  const double units = closure == DeepClosure::sampled ? 4.0 * samples / DeepAdaptation::estimates : 0;
  require_memory(8 * points * points * (6 + 14 * inputs.kernel.depth) + 8 * pairs * (units > 0 ? units + 6 * pairs : 0),
                 fmt::format("deep adaptation on {} points", points));
  const auto last = static_cast<std::size_t>(inputs.kernel.depth - 1);
  const Expansion expansion = expansion_of(nngp_kernel(inputs.kernel, draw.train.x), draw.train.label, inputs.ridge,
                                           inputs.chi, inputs.width.at(last));
  if (closure == DeepClosure::gaussian) return predict_gaussian(*this, inputs, draw, expansion.signal);
  const bool holds =
      expansion.signal >= least_sampled_signal && expansion.signal >= least_signal_over_trace * expansion.trace;
  Result result;
  Writer writer(result, equilibrium, holds ? Flag::none : Flag::outside_validity);
  const double residual = write_two_layers(*this, inputs, draw, expansion.signal, stream, result, writer);
  writer.row(Observable::validity, expansion.signal);
  writer.residual(residual);
  return result;
}

}  // namespace fieldscan::theory
