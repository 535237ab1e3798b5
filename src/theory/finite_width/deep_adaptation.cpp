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
#include "weight_covariance.hpp"

namespace fieldscan::theory {

static_assert(Theory<DeepAdaptation>);

const Card DeepAdaptation::card = {
    .formula =
        "Σ_l = (C_l⁻¹ + (2/N_l)W_l)⁻¹, C_l = σ_w²⟨φφᵀ⟩(Σ_{l−1}) + σ_b²; W_L from σ_a²(G − χttᵀ)/2, W_{l−1} from "
        "σ_w²(B − BΣ_lB)N_l/2, B = (2/N_l)W_l; f̄ = K_Σ*X G y",
    .source =
        "I. Seroussi, G. Naveh, Z. Ringel, Nature Communications 14, 908 (2023); K. Fischer et al., ICML (2024); C. "
        "Lauditi, B. Bordelon, C. Pehlevan, ICML (2025); forms without inverses of C_l: derived",
    .regime =
        "networks whose pre-activations stay normal: weak adaptation, E = (χ/N) tᵀKt (`validity`) below ½ per layer; "
        "means of linear units at any. Targets along one direction at χ = N are adapted by a part of what networks "
        "are, and the variance is too small, as in variational_adaptation. Averages without a closure, over sampled "
        "pre-activations, are left out: nobody has verified them",
    .effort =
        "from 30 sweeps of 10 L P³ operations and L P² averages (P = 2048 and two layers, two minutes) to 900 at χ = N"};

namespace {

constexpr double most_deep_signal = 0.5;
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

}  // namespace

Applicability DeepAdaptation::applicability(const Setting& setting) const {
  if (const Applicability learned = needs_learned_layers(setting); !learned.applies) return learned;
  if (!(setting.ridge > 0)) return {false, "its equations need a ridge above 0"};
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
  out.seconds +=
      sweeps_expected(setting.network) * depth * points * points * (2 * average + 10 * points / flops_per_second);
  return out;
}

Result DeepAdaptation::predict(const Inputs& inputs, const data::Draw& draw) const {
  const double readout = inputs.kernel.readout_variance;
  const auto points = static_cast<double>(draw.train.x.rows());
  require_memory(8 * points * points * (6 + 14 * inputs.kernel.depth),
                 fmt::format("deep adaptation on {} points", points));
  const auto last = static_cast<std::size_t>(inputs.kernel.depth - 1);
  const Expansion expansion = expansion_of(nngp_kernel(inputs.kernel, draw.train.x), draw.train.label, inputs.ridge,
                                           inputs.chi, inputs.width.at(last));
  const Matrix train = neuron_inputs(inputs.kernel, draw.train.x), basis = span_basis(train);
  const DeepGaussian problem = problem_at(inputs, method, basis.size() > 0 ? train * basis : train, draw.train.label);
  const DeepState state = adapt_deep(problem);
  const Matrix root = whole_root(state.covariance.front(), basis);
  const DeepTest test = deep_test(problem, state, train * root, neuron_inputs(inputs.kernel, draw.test.x) * root);
  const Flag flag = expansion.signal <= most_deep_signal ? Flag::none : Flag::outside_validity;
  Result result = posterior_rows(state.kernel, test.cross, test.diagonal, draw, inputs.ridge, inputs.chi);
  std::erase_if(result.rows,
                [](const Row& row) { return std::ranges::find(observables, row.observable) == observables.end(); });
  for (Row& row : result.rows)
    if (row.flag == Flag::none) row.flag = flag;
  Writer writer(result, equilibrium, flag);
  write_kernel(result, writer, state.kernel, readout, {alignment_of(state.kernel, draw.train.label), 0}, 0);
  std::erase_if(result.arrays, [](const Array& array) { return array.observable == Observable::hidden_kernel; });
  if (state.kernel.rows() <= kernel_points_kept) result.arrays.push_back(hidden_kernels(state));
  writer.row(Observable::validity, expansion.signal);
  if (inputs.bins == 0) return result;
  const Bins bins{.count = inputs.bins, .low = inputs.bins_low, .high = inputs.bins_high};
  const Vector direction = neuron_directions(inputs.kernel, draw.directions).row(0);
  write_overlaps(writer, normal_overlaps((root * direction).squaredNorm(), bins), bins, inputs.width.at(0),
                 {.of = [](const Vector&) { return 0.0; }});
  return result;
}

}  // namespace fieldscan::theory
