#include "fieldscan/theory/average/random_features.hpp"

#include <algorithm>

#include "../applicability.hpp"
#include "../rows.hpp"
#include "fieldscan/theory/average/random_feature_ridge.hpp"
#include "fieldscan/theory/concept.hpp"
#include "fieldscan/theory/effort.hpp"

namespace fieldscan::theory {

static_assert(Theory<RandomFeatures>);

const Card RandomFeatures::card = {
    .formula =
        "κ = k (P − z)(1 − z/N), z = Σ N_l λ_l/(λ_l + k), q = Σ N_l (λ_l/(λ_l + k))²; error of one network (Σ g_l² "
        "[k/(λ_l + k) − kλ_l (N − z)/((λ_l + k)² (N − q))] + σ²)/(1 − (q(N − 2z) + z²)/(P(N − q))) − σ²",
    .source =
        "J. Simon et al., More is better in modern machine learning, ICLR (2024); A. Atanasov, J. Zavatone-Veth, C. "
        "Pehlevan, Scaling and renormalization in high-dimensional regression (2024); A. Maloney, D. Roberts, J. "
        "Sully, A solvable model of neural scaling laws (2022); mean over features, initial output: derived",
    .regime =
        "one hidden layer, only the readout trained; N, P large at any ratio; features that behave as Gaussian ones: "
        "linear units exactly, others 1–2% in d = 20, 10–25% in d = 6",
    .effort = "some milliseconds, whatever N and P: levels or modes of the spectrum × Newton steps"};

namespace {

constexpr Index feature_eigenvalues_written = 50;
constexpr int smallest_dimension = 10;  ///< of the sphere, for units that are not linear

Flag flag_of(const RandomFeatures::Inputs& inputs, double validity) {
  const auto* sphere = std::get_if<SphereLevels>(&inputs.modes);
  const bool gaussian =
      !sphere || sphere->dim >= smallest_dimension || std::holds_alternative<network::Linear>(inputs.kernel.activation);
  return validity <= 0.05 && gaussian ? Flag::none : Flag::outside_validity;
}

/// Errors of one network: with what the readout's own distribution adds.
struct OneNetwork {
  double test, train;
};
OneNetwork one_network(const RandomFeatures::Inputs& inputs, const RandomFeatureAverage& mean) {
  OneNetwork out{mean.error_test, mean.error_train};
  const double outputs = inputs.outputs;
  if (inputs.sampled) {
    out.test += outputs * mean.posterior_variance / inputs.chi;
    out.train += outputs * inputs.ridge * mean.learned / inputs.train_size / inputs.chi;
  } else if (!inputs.centred) {
    out.test += outputs * mean.error_of_initial / inputs.chi;
    out.train += outputs * mean.error_train_initial / inputs.chi;
  }
  return out;
}

}  // namespace

Applicability RandomFeatures::applicability(const Setting& setting) const {
  if (setting.network.train != network::Trained::readout)
    return {false, "the hidden layer is trained; use network.train: readout"};
  if (setting.network.depth != 1) return {false, "the units of a deeper network are not independent features"};
  const Applicability law = needs_kernel(kernel, setting);
  return law.applies ? needs_known_modes(setting) : law;
}

RandomFeatures::Inputs RandomFeatures::inputs(const Setting& setting) const {
  const auto& network = setting.network;
  return {.kernel = kernel_spec(network),
          .width = network::last_width(network),
          .sampled = kernel_of(kernel, setting) == KernelKind::nngp,
          .ridge = setting.ridge,
          .chi = is_centred(setting) ? 1.0 : network.chi,
          .centred = is_centred(setting),
          .train_size = data::train_points(setting.data),
          .noise = setting.data.noise,
          .outputs = data::output_count(setting.data),
          .modes = modes_of(setting)};
}

Cost RandomFeatures::cost(const Setting& setting) const { return average_cost(setting); }

Result RandomFeatures::predict(const Inputs& inputs) const {
  const double points = inputs.train_size, noise_variance = inputs.outputs * (inputs.noise * inputs.noise);
  const ModeExpansion modes = expand(inputs.modes, {.kernel = inputs.kernel, .points = points, .ridge = inputs.ridge});
  const RandomFeatureAverage mean = average_over_features(modes.spectrum, modes.target.on_modes, modes.target.hidden,
                                                          points, inputs.width, inputs.ridge, noise_variance);
  const OneNetwork one = one_network(inputs, mean);
  const double validity = mean.peak ? 1.0 : std::min(1 / (points * mean.spread), 1.0);
  Result result;
  Writer writer(result, equilibrium, flag_of(inputs, validity));
  if (mean.peak)
    result.reason = "the errors are infinite: as many features, or modes, as points, and no ridge";
  else
    writer.row(Observable::error_test, one.test);
  if (!mean.peak || mean.k > 0) writer.row(Observable::error_mean_predictor, mean.error_mean_features);
  writer.row(Observable::error_train, one.train);
  writer.row(Observable::kappa_eff, mean.kappa_eff);
  writer.row(Observable::validity, validity);
  if (inputs.sampled) writer.row(Observable::variance_posterior, inputs.outputs * mean.posterior_variance / inputs.chi);
  for (const auto& [number, value] : component_learnability(modes, mean.learnability))
    writer.row(Observable::learnability, value, number);
  for (Index l = 0; l < std::min(feature_eigenvalues_written, modes.spectrum.eigenvalue.size()); ++l)
    writer.row(Observable::eigenvalue, modes.spectrum.eigenvalue[l], modes.first_number + static_cast<double>(l));
  writer.residual(random_feature_residual(modes.spectrum, points, inputs.width, inputs.ridge, mean.k));
  return result;
}

}  // namespace fieldscan::theory
