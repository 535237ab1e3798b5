#include "fieldscan/theory/learning_curve.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "applicability.hpp"
#include "fieldscan/theory/effective_ridge.hpp"
#include "rows.hpp"

namespace fieldscan::theory {

namespace {

constexpr Index eigenvalues_written = 50;

bool is_flow(const Setting& setting) { return setting.regime == Regime::flow; }

Flag flag_of(const ModeExpansion& modes, const DataAverage& mean, double points, double ridge, double validity) {
  const Spectrum& spectrum = modes.spectrum;
  const bool tail_is_ridge = spectrum.tail <= 1e-12 * ridge ||
                             points * spectrum.eigenvalue[spectrum.eigenvalue.size() - 1] <= 0.01 * mean.kappa_eff;
  const bool pool = modes.pool == 0 || points <= 0.15 * modes.pool;
  return validity <= 0.05 && tail_is_ridge && pool ? Flag::none : Flag::outside_validity;
}

}  // namespace

Applicability LearningCurve::applicability(const Setting& setting) const {
  const Applicability law = is_flow(setting) ? needs_linear_descent(setting) : needs_posterior(setting);
  return law.applies ? needs_known_modes(setting) : law;
}

LearningCurve::Inputs LearningCurve::inputs(const Setting& setting) const {
  const auto& network = setting.network;
  Inputs out{.kernel = kernel_spec(network),
             .ridge = setting.ridge,
             .chi = network.chi,
             .train_size = data::train_points(setting.data),
             .noise = setting.data.noise,
             .modes = modes_of(setting)};
  if (is_flow(setting)) {
    out.regression = KernelKind::tangent;
    out.train = network.train;
    out.centred = network.centred;
    if (network.centred) out.chi = 1;
  }
  return out;
}

Result LearningCurve::predict(const Inputs& inputs) const {
  const double points = inputs.train_size, ridge = inputs.ridge;
  const double noise_variance = inputs.noise * inputs.noise;
  const ModeExpansion modes = expand(
      inputs.modes,
      {.kernel = inputs.kernel, .kind = inputs.regression, .train = inputs.train, .points = points, .ridge = ridge});
  const Spectrum& spectrum = modes.spectrum;
  const Index levels = spectrum.eigenvalue.size();
  const DataAverage mean = average_over_data(spectrum, modes.power, 0, points, ridge, noise_variance);
  DataAverage one = mean;  // of one network
  if (inputs.regression == KernelKind::nngp) {
    one.error_test += mean.posterior_variance / inputs.chi;
    if (ridge > 0) one.error_train += ridge * (1 - ridge / mean.kappa_eff) / inputs.chi;
  } else if (!inputs.centred) {
    const Vector power = modes.power + modes.initial / inputs.chi;
    one = average_over_data(spectrum, power, modes.initial_hidden / inputs.chi, points, ridge, noise_variance);
  }
  const double validity = std::min(1 / (points * (1 - mean.overfitting)), 1.0);
  Result result;
  Writer writer(result, equilibrium, flag_of(modes, mean, points, ridge, validity));
  if (std::isfinite(one.error_test)) {
    writer.row(Observable::error_test, one.error_test);
    writer.row(Observable::error_mean_predictor, mean.error_test);
  } else {
    result.reason = "the errors are infinite: as many modes as points, and no ridge";
  }
  writer.row(Observable::error_train, one.error_train);
  writer.row(Observable::kappa_eff, mean.kappa_eff);
  writer.row(Observable::validity, validity);
  for (const auto& [number, value] : component_learnability(modes, mean.learnability))
    writer.row(Observable::learnability, value, number);
  for (Index l = 0; l < std::min(eigenvalues_written, levels); ++l)
    writer.row(Observable::eigenvalue, spectrum.eigenvalue[l], modes.first_number + static_cast<double>(l));
  if (inputs.regression == KernelKind::nngp) {
    writer.row(Observable::variance_posterior, mean.posterior_variance / inputs.chi);
    // Labels are N(0, (K + κI)/χ).
    const double evidence = -0.5 * inputs.chi * mean.label_form - 0.5 * mean.log_determinant +
                            0.5 * points * std::log(inputs.chi / (2 * std::numbers::pi));
    if (std::isfinite(evidence)) writer.row(Observable::log_evidence, evidence);
  }
  return result;
}

}  // namespace fieldscan::theory
