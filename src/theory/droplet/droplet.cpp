#include "fieldscan/theory/droplet/droplet.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "../rows.hpp"
#include "fieldscan/theory/average/modes.hpp"
#include "fieldscan/theory/concept.hpp"
#include "fieldscan/theory/droplet/droplet_state.hpp"
#include "fieldscan/theory/droplet/modular_addition.hpp"
#include "fieldscan/theory/droplet/transition.hpp"
#include "needs_single_index.hpp"

namespace fieldscan::theory {

static_assert(Theory<Droplet>);

const Card Droplet::card = {
    .formula =
        "min_t (κ_eff/2) Σt_n² − Σt_n c_n + (σ_a²/bP) log⟨exp((b/2)(P Σt_n φ_n)²)⟩, b = χσ_a²/N; f_n = c_n − "
        "κ_eff t_n; p(m) ∝ the tilted prior; large_modulus: σ²_I = P √(σ_a²/(N √(γ/3))), σ²_II = σ²_I − 3σ_a²/γ",
    .source =
        "N. Rubin, I. Seroussi, Z. Ringel, Grokking as a first order phase transition in two layer networks, ICLR "
        "(2024)",
    .regime =
        "one hidden layer of erf, P ≥ 3d, χ ~ N, κ ~ 1: within 10% of sampled networks at d = 50; smaller κ: 15 to "
        "25% optimistic; at P = d twice too optimistic. With one or two inputs, or one unit or two, the law of the overlaps "
        "is off by 12% and more (d = 2: 13%; N = 1: 47%). Phases: 1 GP, 2 GFL, 3 GMFL-I (droplets), 4 GMFL-II",
    .effort =
        "some hundredths of a second: forty minima over five numbers, averages over m and |w|; seconds where weights are "
        "small, d/σ_w² above 10⁴, or the ridge is small beside that; not computed above 10⁵"};

namespace {

constexpr Index induced_modes = 5;  ///< t_1 … t_9: what a target leaves out is induced_modes
/// Beyond it the law of the overlaps is off by more than a tenth.
constexpr double most_inputs_per_point = 1.0 / 3;
constexpr double most_sharpness = 1e5;  ///< d/σ_w²: beyond it the minimum takes many seconds, or is not found

Flag flag_of(const Droplet::Inputs& inputs, double validity) {
  const bool holds = validity <= most_inputs_per_point && has_many(inputs.dimension, inputs.width);
  return holds ? Flag::none : Flag::outside_validity;
}

SingleIndex single_index_of(const Droplet::Inputs& inputs, double ridge) {
  const Spectrum spectrum =
      normal_erf_spectrum(inputs.dimension, inputs.weight_variance, inputs.readout_variance, inputs.scale);
  const auto given = static_cast<Index>(inputs.coefficients.size());
  SingleIndex out{.dimension = inputs.dimension,
                  .points = inputs.train_size,
                  .weight_variance = inputs.weight_variance,
                  .readout_variance = inputs.readout_variance,
                  .scale = inputs.scale,
                  .richness = inputs.chi * inputs.readout_variance / inputs.width,
                  .kappa_eff = effective_ridge(spectrum, inputs.train_size, ridge),
                  .coefficient = Vector::Zero(std::max(induced_modes, given))};
  for (Index k = 0; k < given; ++k) out.coefficient[k] = inputs.coefficients[static_cast<std::size_t>(k)];
  return out;
}

void write_histogram(Writer& writer, const Droplet::Inputs& inputs, const OverlapLaw& law) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const Bins bins{.count = inputs.bins, .low = inputs.bins_low, .high = inputs.bins_high};
  const double width = (bins.high - bins.low) / bins.count;
  for (int bin = 0; bin < bins.count; ++bin)
    writer.row(Observable::overlap_histogram,
               law.mass(bin == 0 ? -infinity : bins.low + bin * width,
                        bin + 1 == bins.count ? infinity : bins.low + (bin + 1) * width),
               bins.centre(bin));
  writer.row(Observable::overlap_moment, law.second_moment());
  if (inputs.beyond) writer.row(Observable::droplet_fraction, law.beyond(*inputs.beyond));
}

void write_phase(Writer& writer, Phase phase, const OverlapLaw& law, const OverlapShape& shape) {
  writer.row(listed("phase"), static_cast<double>(phase));
  if (shape.outer) writer.row(listed("droplet_overlap"), *shape.outer);
  if (shape.edge) writer.row(listed("droplet_edge"), *shape.edge);
  if (shape.central || shape.edge) writer.row(listed("droplet_share"), share_beyond_edge(law, shape));
}

Result predict_continuum(const Droplet::Inputs& inputs) {
  const SingleIndex problem = single_index_of(inputs, inputs.ridge);
  const DropletState state = droplet_state(problem);
  const OverlapLaw law(problem, state.multipliers);
  const OverlapShape shape = shape_of(law);
  const Phase phase = phase_of(law, shape, problem);
  const double validity = inputs.dimension / inputs.train_size;
  Result result;
  result.reason = sentence(phase);
  Writer writer(result, equilibrium, flag_of(inputs, validity));
  writer.row(Observable::kappa_eff, problem.kappa_eff);
  writer.row(Observable::validity, validity);
  for (Index k = 0; k < problem.coefficient.size(); ++k)
    if (problem.coefficient[k] != 0)
      writer.row(Observable::learnability, state.learned[k] / problem.coefficient[k], static_cast<double>(2 * k + 1));
  const Spectrum spectrum =
      normal_erf_spectrum(inputs.dimension, inputs.weight_variance, inputs.readout_variance, inputs.scale);
  const Vector none = Vector::Zero(spectrum.eigenvalue.size());
  const double overfitting = average_over_data(spectrum, none, 0, inputs.train_size, inputs.ridge, 0).overfitting;
  const double noise = inputs.noise * inputs.noise;
  const double bias = (problem.coefficient - state.learned).squaredNorm();
  writer.row(Observable::error_mean_predictor, (bias + noise) / (1 - overfitting) - noise);
  write_histogram(writer, inputs, law);
  write_phase(writer, phase, law, shape);
  DropletState near = state;
  const auto law_at = [&](double ridge) {
    const SingleIndex other = single_index_of(inputs, ridge);
    near = droplet_state(other, near);
    return OverlapLaw(other, near.multipliers);
  };
  const Transition transition = transition_of(law_at, inputs.ridge);
  if (transition.begin) writer.row(listed("mixed_phase_begin"), *transition.begin / inputs.chi);
  if (transition.onset) writer.row(listed("droplet_onset"), *transition.onset / inputs.chi);
  writer.residual(state.residual);
  return result;
}

Result predict_modular(const Droplet& theory, const Droplet::Inputs& inputs) {
  const MixedPhase mixed = mixed_phase({.modulus = static_cast<double>(theory.modulus),
                                        .prior_strength = theory.prior_strength,
                                        .width = inputs.width,
                                        .readout_per_unit = inputs.readout_variance / inputs.width});
  const double noise = inputs.ridge / inputs.chi;
  const Phase phase = noise >= mixed.begin ? Phase::gp : noise >= mixed.end ? Phase::gmfl_i : Phase::gmfl_ii;
  Result result;
  result.reason = sentence(phase);
  Writer writer(result, equilibrium);
  writer.row(listed("phase"), static_cast<double>(phase));
  writer.row(listed("mixed_phase_begin"), mixed.begin);
  if (mixed.end > 0) writer.row(listed("mixed_phase_end"), mixed.end);
  writer.row(listed("droplet_overlap"), mixed.amplitude);
  if (phase != Phase::gmfl_ii) writer.row(Observable::discrepancy, std::min(noise / mixed.begin, 1.0));
  return result;
}

double sharpness_of(const Setting& setting) {
  return static_cast<double>(data::dimension_of(setting.data.input)) / setting.network.weight_variance.at(0);
}

Applicability needs_modular_addition(const Setting& setting) {
  if (!is_alone(setting.dynamics))
    return {false, "addition modulo a number is computed by itself: with large_modulus, training is none"};
  if (setting.network.depth != 1 || !std::holds_alternative<network::Quadratic>(setting.network.activation))
    return {false, "large_modulus is known for one hidden layer of quadratic units"};
  return {};
}

}  // namespace

std::optional<std::string> Droplet::problem() const {
  const bool defined = modulus > 0 && prior_strength > 0;
  if (solver == DropletSolver::large_modulus && !defined)
    return "`solver: large_modulus` needs a `modulus` of at least 1 and a `prior_strength` above 0 (0, the default, "
           "stands for none)";
  if (solver == DropletSolver::continuum && (modulus > 0 || prior_strength > 0))
    return "`modulus` and `prior_strength` belong to `solver: large_modulus`";
  return std::nullopt;
}

Applicability Droplet::applicability(const Setting& setting) const {
  if (solver == DropletSolver::large_modulus) return needs_modular_addition(setting);
  if (const Applicability labels = needs_numbered_labels(setting); !labels.applies) return labels;
  if (!(setting.ridge > 0)) return {false, "without a ridge the discrepancy has no scale"};
  if (const Applicability single = needs_single_index(setting); !single.applies) return single;
  const double sharpness = sharpness_of(setting);
  if (!(sharpness <= most_sharpness))
    return {false, fmt::format("the weights are so small beside the number of inputs, d/σ_w² = {:.3g}, that the law of "
                               "the overlaps is too sharp to be solved for: up to {:.0e} it is",
                               sharpness, most_sharpness)};
  return {};
}

Droplet::Inputs Droplet::inputs(const Setting& setting) const {
  const network::Spec& network = setting.network;
  if (solver == DropletSolver::large_modulus)
    return {.readout_variance = network.readout_variance,
            .width = static_cast<double>(network::last_width(network)),
            .chi = network.chi,
            .ridge = setting.ridge};
  Inputs out{.dimension = static_cast<double>(data::dimension_of(setting.data.input)),
             .train_size = static_cast<double>(data::train_points(setting.data)),
             .noise = setting.data.noise,
             .coefficients = odd_coefficients(setting.data.target)};
  take_network(out, setting);
  out.bins = setting.asked.overlap_bins.count;
  out.bins_low = setting.asked.overlap_bins.low;
  out.bins_high = setting.asked.overlap_bins.high;
  out.beyond = setting.asked.beyond;
  return out;
}

Cost Droplet::cost(const Setting& setting) const {
  if (solver == DropletSolver::large_modulus) return {.seconds = 1e-4};
  // Measured: nodes in ρ, and steps of Newton's method, the more the sharper the law is and the smaller κ beside it.
  const double dimension = data::dimension_of(setting.data.input), sharpness = sharpness_of(setting);
  const double across = 50 + 3 * std::sqrt(dimension), along = 16 * std::sqrt(dimension) + 60;
  const double small_ridge = std::max(0.0, std::pow(std::max(setting.ridge, 1e-12), -0.25) - 1);
  const double steps = std::pow(sharpness, 0.6) * (1 + std::min(1.0, sharpness / 5000) * small_ridge);
  return {.seconds = 0.02 + 3e-5 * across * steps, .bytes = 240 * across * along};
}

Result Droplet::predict(const Inputs& inputs) const {
  return solver == DropletSolver::large_modulus ? predict_modular(*this, inputs) : predict_continuum(inputs);
}

}  // namespace fieldscan::theory
