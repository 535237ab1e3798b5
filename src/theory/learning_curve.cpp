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

/// Whether K(x, x′) = |x||x′| k(cosine), or linear in x·x′: then normal inputs have the spectrum of the sphere.
bool follows_scale(const KernelSpec& kernel) {
  if (std::holds_alternative<network::Linear>(kernel.activation)) return true;
  const bool homogeneous = std::holds_alternative<network::Relu>(kernel.activation) ||
                           std::holds_alternative<network::LeakyRelu>(kernel.activation);
  const auto& bias = kernel.bias_variance.values;
  return homogeneous && std::all_of(bias.begin(), bias.end(), [](double b) { return b == 0; });
}

Applicability needs_known_spectrum(const Setting& setting) {
  if (std::holds_alternative<data::Gaussian>(setting.data.input)) {
    if (!std::get<data::Gaussian>(setting.data.input).isotropic())
      return {false, "the spectrum for normal inputs of unequal variances is not known"};
    if (!follows_scale(kernel_spec(setting.network)))
      return {false,
              "for normal inputs the spectrum is known for linear networks and for rectifiers without bias only"};
  } else if (!std::holds_alternative<data::Sphere>(setting.data.input)) {
    return {false,
            "the spectrum is known for inputs on the sphere, not for " + std::string(kind_of(setting.data.input))};
  }
  if (data::dimension_of(setting.data.input) < 2) return {false, "the sphere in one dimension is two points"};
  if (setting.data.train_size.is_word()) return {false, "it needs a number of training points"};
  if (setting.data.labels == data::Labels::shuffled) return {false, "the labels are shuffled"};
  if (!data::power_per_level(setting.data))
    return {false, "the power of the target per level of spherical harmonics is not known"};
  return {};
}

bool is_flow(const Setting& setting) { return setting.regime == Regime::flow || setting.regime == Regime::readout; }

/// Power of the target on the levels of a spectrum.
Vector power_on(const std::map<int, double>& power, Index levels) {
  Vector out = Vector::Zero(levels);
  for (const auto& [level, value] : power) out[level] = value;
  return out;
}

}  // namespace

Applicability LearningCurve::applicability(const Setting& setting) const {
  const Applicability law = is_flow(setting) ? needs_regression(setting) : needs_posterior(setting);
  return law.applies ? needs_known_spectrum(setting) : law;
}

LearningCurve::Inputs LearningCurve::inputs(const Setting& setting) const {
  const auto& network = setting.network;
  Inputs out{.kernel = kernel_spec(network),
             .ridge = setting.ridge,
             .chi = network.chi,
             .dim = data::dimension_of(setting.data.input),
             .train_size = data::train_points(setting.data),
             .noise = setting.data.noise,
             .power = data::power_per_level(setting.data).value()};
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
  const Index target_levels = inputs.power.empty() ? 1 : inputs.power.rbegin()->first + 1;
  const Spectrum spectrum = sphere_spectrum(inputs.kernel, inputs.regression, inputs.train, inputs.dim, points, ridge,
                                            std::max<Index>(target_levels, 2));
  const Index levels = spectrum.eigenvalue.size();
  const Vector power = power_on(inputs.power, levels);
  const DataAverage mean = average_over_data(spectrum, power, 0, points, ridge, noise_variance);
  DataAverage one = mean;  // of one network
  if (inputs.regression == KernelKind::nngp) {
    one.error_test += mean.posterior_variance / inputs.chi;
    if (ridge > 0) one.error_train += ridge * (1 - ridge / mean.kappa_eff) / inputs.chi;
  } else if (!inputs.centred) {
    const Spectrum prior = first_levels(
        sphere_spectrum(inputs.kernel, KernelKind::nngp, network::Trained::all, inputs.dim, points, ridge, levels),
        levels);
    const Vector initial = prior.eigenvalue.cwiseProduct(prior.degeneracy) / inputs.chi;
    one = average_over_data(spectrum, power + initial, prior.tail / inputs.chi, points, ridge, noise_variance);
  }
  const bool small_fluctuations = points * (1 - mean.overfitting) >= 20;
  const bool tail_is_ridge =
      spectrum.tail <= 1e-12 * ridge || points * spectrum.eigenvalue[levels - 1] <= 0.01 * mean.kappa_eff;
  Result result;
  Writer writer(result, equilibrium, small_fluctuations && tail_is_ridge ? Flag::none : Flag::outside_validity);
  writer.row(Observable::error_test, one.error_test);
  writer.row(Observable::error_mean_predictor, mean.error_test);
  writer.row(Observable::error_train, one.error_train);
  writer.row(Observable::kappa_eff, mean.kappa_eff);
  for (const auto& [level, value] : inputs.power)
    if (value > 0) writer.row(Observable::learnability, mean.learnability[level], level);
  for (Index l = 0; l < std::min(eigenvalues_written, levels); ++l)
    writer.row(Observable::eigenvalue, spectrum.eigenvalue[l], static_cast<double>(l));
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
