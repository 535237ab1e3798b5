#include "fieldscan/theory/finite_width/variational_adaptation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "../regression/regression_rows.hpp"
#include "adaptation_rows.hpp"
#include "applies.hpp"
#include "fieldscan/core/memory.hpp"
#include "fieldscan/theory/concept.hpp"
#include "fieldscan/theory/effort.hpp"
#include "fieldscan/theory/finite_width/problem.hpp"
#include "fieldscan/theory/regression/gp.hpp"
#include "gaussian_weights.hpp"
#include "weight_covariance.hpp"

namespace fieldscan::theory {

static_assert(Theory<VariationalAdaptation>);

const Card VariationalAdaptation::card = {
    .formula =
        "S(Σ) = (N/2)[tr Σ/σ_w² − log det(Σ/σ_w²) − d] + (χ/2) yᵀ(K_Σ + κ)⁻¹y + ½ log det(K_Σ + κ) → min; f̄ = "
        "K_Σ*X(K_Σ + κ)⁻¹y",
    .source =
        "I. Seroussi, G. Naveh, Z. Ringel, Separation of scales and a thermodynamic description of feature learning in "
        "some CNNs, Nature Communications 14, 908 (2023); as a minimum: derived",
    .regime =
        "one hidden layer whose weights stay Gaussian: weak adaptation, E = (χ/N) tᵀKt (`validity`) below ½. A target "
        "along one direction has weights of two modes instead: there it finds a third of the way from nngp to the "
        "networks' mean at χ = N, an overlap that is 30% too large, and a variance several times too small. For "
        "starting points and branches; kernel_adaptation for numbers",
    .effort = "from 140 at χ = 1 to 560 factorisations of P³ and averages of P² pairs at χ = N"};

namespace {

constexpr double most_signal = 0.5;
/// Measured, of the minimum from four starts: the more, the more the labels pull.
double steps_expected(const network::Spec& network) {
  return 140 + 420 * std::min(1.0, network.chi / static_cast<double>(network::last_width(network)));
}

bool is_listed(Observable observable) {
  return std::ranges::find(VariationalAdaptation::observables, observable) != VariationalAdaptation::observables.end();
}

}  // namespace

Applicability VariationalAdaptation::applicability(const Setting& setting) const {
  if (const Applicability learned = needs_learned_layers(setting); !learned.applies) return learned;
  if (setting.network.depth != 1) return {false, "it is about one hidden layer"};
  if (!(setting.ridge > 0)) return {false, "its equations need a ridge above 0"};
  return {};
}

VariationalAdaptation::Inputs VariationalAdaptation::inputs(const Setting& setting) const {
  const auto& network = setting.network;
  Inputs out{.kernel = kernel_spec(network),
             .width = static_cast<double>(network::last_width(network)),
             .ridge = setting.ridge,
             .chi = network.chi};
  if (data::direction_count(setting.data.target) != 1) return out;
  out.bins = setting.asked.overlap_bins.count;
  out.bins_low = setting.asked.overlap_bins.low;
  out.bins_high = setting.asked.overlap_bins.high;
  return out;
}

Cost VariationalAdaptation::cost(const Setting& setting) const {
  const double points = data::train_points(setting.data), test = data::test_points(setting.data),
               rank = std::min<double>(points, data::input_dimension(setting.data) + 1);
  const double average =
      seconds_per_average(setting.network.activation, setting.network.weight_variance.at(0), Norms::different);
  Cost out = draw_cost(setting, 3, 1, regression_bytes(points, test, setting.ridge) + 8 * 9 * points * points);
  const double steps = steps_expected(setting.network);
  out.seconds += steps * points * points * (2 * average + (2 * points + 6 * rank) / flops_per_second);
  out.seconds += steps * 60 * rank * rank * (1 + rank / 20) / flops_per_second;
  return out;
}

Result VariationalAdaptation::predict(const Inputs& inputs, const data::Draw& draw) const {
  const double readout = inputs.kernel.readout_variance;
  const auto points = static_cast<double>(draw.train.x.rows());
  require_memory(8 * 12 * points * points, fmt::format("variational adaptation on {} points", points));
  const Expansion expansion =
      expansion_of(nngp_kernel(inputs.kernel, draw.train.x), draw.train.label, inputs.ridge, inputs.chi, inputs.width);
  const Matrix train = neuron_inputs(inputs.kernel, draw.train.x), basis = span_basis(train);
  const GaussianAdaptation adapted = adapt_gaussian({.activation = inputs.kernel.activation,
                                                     .inputs = basis.size() > 0 ? train * basis : train,
                                                     .labels = draw.train.label,
                                                     .ridge = inputs.ridge,
                                                     .chi = inputs.chi,
                                                     .width = inputs.width,
                                                     .readout = readout,
                                                     .method = method});
  // The kernel of infinite width at x̃ Σ^½, whose products are those of the adapted pre-activations.
  const Matrix root = whole_root(adapted.covariance, basis);
  const double scale = std::sqrt(static_cast<double>(root.rows()));
  const Matrix at = scale * train * root, test = scale * neuron_inputs(inputs.kernel, draw.test.x) * root;
  const KernelSpec spec{.depth = 1, .activation = inputs.kernel.activation, .readout_variance = readout};
  const Matrix kernel = nngp_kernel(spec, at);
  const Flag flag = expansion.signal <= most_signal ? Flag::none : Flag::outside_validity;
  Result result = posterior_rows(kernel, nngp_kernel(spec, at, test), kernel_diagonal(spec, test).nngp, draw,
                                 inputs.ridge, inputs.chi);
  std::erase_if(result.rows, [](const Row& row) { return !is_listed(row.observable); });
  for (Row& row : result.rows)
    if (row.flag == Flag::none) row.flag = flag;
  Writer writer(result, equilibrium, flag);
  write_kernel(result, writer, kernel, readout, {alignment_of(kernel, draw.train.label), 0}, 0);
  writer.row(Observable::validity, expansion.signal);
  writer.residual(adapted.residual);
  writer.start_difference(adapted.start_difference);
  if (inputs.bins == 0) return result;
  const Bins bins{.count = inputs.bins, .low = inputs.bins_low, .high = inputs.bins_high};
  const Vector direction = neuron_directions(inputs.kernel, draw.directions).row(0);
  write_overlaps(writer, normal_overlaps((root * direction).squaredNorm(), bins), bins, inputs.width,
                 {.of = [](const Vector&) { return 0.0; }});
  return result;
}

}  // namespace fieldscan::theory
