#include "fieldscan/theory/average/scaling_exponents.hpp"

#include <algorithm>
#include <string>

#include "../applicability.hpp"
#include "../rows.hpp"
#include "fieldscan/theory/average/power_law.hpp"
#include "fieldscan/theory/concept.hpp"
#include "fieldscan/theory/effort.hpp"

namespace fieldscan::theory {

static_assert(Theory<ScalingExponents>);

const Card ScalingExponents::card = {
    .formula =
        "no ridge, no noise: min(β, 2(1+α)); ridge: min(β/(1+α), 2); noise: 0 without, α/(1+α) with a ridge; optimal "
        "ridge: m/(1+m), m = min(β, 2(1+α)); width: min(β, 1+α)",
    .source =
        "A. Caponnetto, E. De Vito, Found. Comput. Math. 7 (2007); H. Cui, B. Loureiro, F. Krzakala, L. Zdeborová, "
        "NeurIPS (2021); Y. Bahri et al., Explaining neural scaling laws (2021); width: derived",
    .regime = "λ_i ∝ i^−(1+α), target power ∝ i^−(1+β); κ_eff/P ≪ λ_1 and P ≪ d; N → ∞, or a frozen hidden layer",
    .effort = "some milliseconds, whatever P"};

namespace {

/// a of λ_i ∝ i^−a; 0 for a spectrum without a power law.
double exponent_of(const data::SpectrumChoice& spectrum) {
  const auto* law = std::get_if<data::PowerLawSpectrum>(&spectrum);
  return law ? law->exponent : 0;
}

ScalingRegime data_regime(const DataAverage& average, double ridge, double noise_variance) {
  const bool ridge_dominates = ridge > 0.5 * average.kappa_eff;
  if (noise_variance * average.overfitting > average.bias)
    return ridge_dominates ? ScalingRegime::noise_ridge : ScalingRegime::noise;
  return ridge_dominates ? ScalingRegime::ridge : ScalingRegime::ridgeless;
}

double exponent_in(ScalingRegime regime, const PowerLaw& law) {
  switch (regime) {
    case ScalingRegime::ridge:
      return exponent_ridge(law);
    case ScalingRegime::noise:
      return 0;
    case ScalingRegime::noise_ridge:
      return exponent_noise(law);
    default:
      return exponent_ridgeless(law);
  }
}

std::string sentence(ScalingRegime regime) {
  switch (regime) {
    case ScalingRegime::ridge:
      return "the ridge dominates: error falls as P^−min(β/(1+α), 2)";
    case ScalingRegime::noise:
      return "the noise dominates and there is little ridge: a plateau α σ²";
    case ScalingRegime::noise_ridge:
      return "noise and ridge dominate: error falls as P^−α/(1+α)";
    case ScalingRegime::width:
      return "the width limits the error, which falls as N^−min(β, 1+α)";
    default:
      return "the ridge is that of the unlearned modes: error falls as P^−min(β, 2(1+α))";
  }
}

}  // namespace

Applicability ScalingExponents::applicability(const Setting& setting) const {
  const Applicability law = needs_kernel(kernel, setting);
  if (!law.applies) return law;
  const auto* gaussian = std::get_if<data::Gaussian>(&setting.data.input);
  const auto* target = std::get_if<data::Linear>(&setting.data.target);
  if (!gaussian || !target || !(exponent_of(gaussian->spectrum) > 1) || !(exponent_of(target->spectrum) > 1))
    return {false, "it needs normal inputs and a linear target, both with a power-law spectrum of exponent above 1"};
  return needs_known_modes(setting);
}

ScalingExponents::Inputs ScalingExponents::inputs(const Setting& setting) const {
  const auto& network = setting.network;
  const KernelKind regression = kernel_of(kernel, setting);
  const bool frozen = network.train == network::Trained::readout;
  return {.kernel = kernel_spec(network),
          .regression = regression,
          .train = regression == KernelKind::tangent ? network.train : network::Trained::all,
          .frozen_width = frozen && network.depth == 1 ? network::last_width(network) : 0,
          .ridge = setting.ridge,
          .train_size = data::train_points(setting.data),
          .noise = setting.data.noise,
          .modes = std::get<NormalModes>(modes_of(setting))};
}

Cost ScalingExponents::cost(const Setting& setting) const { return average_cost(setting); }

Result ScalingExponents::predict(const Inputs& inputs) const {
  const double points = inputs.train_size, noise_variance = inputs.noise * inputs.noise;
  const PowerLaw law{exponent_of(inputs.modes.covariance) - 1, exponent_of(inputs.modes.target) - 1};
  const ModeExpansion modes = expand(inputs.modes, {.kernel = inputs.kernel,
                                                    .kind = inputs.regression,
                                                    .train = inputs.train,
                                                    .points = points,
                                                    .ridge = inputs.ridge});
  const DataAverage average =
      average_over_data(modes.spectrum, modes.target.on_modes, 0, points, inputs.ridge, noise_variance);
  const ScalingRegime by_data = data_regime(average, inputs.ridge, noise_variance);
  const bool narrow = inputs.frozen_width > 0 && inputs.frozen_width < inputs.train_size;
  const ScalingRegime limit = narrow ? ScalingRegime::width : by_data;
  const double validity =
      std::max(average.kappa_eff / (points * modes.spectrum.eigenvalue[0]), points / inputs.modes.dim);
  Result result;
  result.reason = sentence(limit);
  Writer writer(result, equilibrium, validity <= 0.1 ? Flag::none : Flag::outside_validity);
  writer.row(Observable::exponent_data, exponent_in(by_data, law));
  if (inputs.frozen_width > 0) writer.row(Observable::exponent_width, exponent_of_width(law));
  if (inputs.noise > 0) writer.row(Observable::exponent_optimal_ridge, exponent_optimal_ridge(law));
  writer.row(Observable::scaling_regime, static_cast<double>(limit));
  writer.row(Observable::validity, validity);
  writer.residual(ridge_residual(modes.spectrum, points, inputs.ridge, average.kappa_eff));
  return result;
}

}  // namespace fieldscan::theory
