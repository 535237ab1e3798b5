#include "fieldscan/theory/average/equivalent_kernel.hpp"

#include <algorithm>
#include <cassert>

#include "../applicability.hpp"
#include "../rows.hpp"
#include "fieldscan/theory/concept.hpp"
#include "fieldscan/theory/effort.hpp"

namespace fieldscan::theory {

static_assert(Theory<EquivalentKernel>);

const Card EquivalentKernel::card = {
    .formula =
        "f = Σ w_l g_l φ_l, w_l = λ_l/(λ_l + κ/P) − (c − [fixed] C_l) λ_l/(P(λ_l + κ/P)²), C_l = λ_lκ/(Pλ_l + κ), c = "
        "Σ N_l C_l",
    .source =
        "O. Cohen, O. Malka, Z. Ringel, Physical Review Research 3, 023034 (2021); C. Rasmussen, C. Williams, Gaussian "
        "Processes for Machine Learning (2006), section 7.1; fixed number of points, normal modes, variance: derived",
    .regime = "N → ∞ with χ fixed; Σ N_l λ_l/(Pλ_l + κ) ≪ 1: the ridge is not renormalised",
    .effort = "some milliseconds, whatever P: levels or modes of the spectrum"};

namespace {

constexpr Index kernel_eigenvalues_written = 50;
constexpr double normal_excess = 2;  ///< ⟨φ⁴⟩ − ⟨φ²⟩² of a normal mode

/// C_l = λ_l κ/(P λ_l + κ).
Vector propagator(const Spectrum& spectrum, double points, double ridge) {
  return spectrum.eigenvalue.array() * ridge / (points * spectrum.eigenvalue.array() + ridge);
}

/// The error of the mean network, linear in the power of the target and in σ².
struct Errors {
  const Vector& leading;    ///< L
  const Vector& corrected;  ///< w
  double overfitting = 0;   ///< γ
  bool with_variance = false;

  double operator()(const ModePower& power, double scale, double noise_variance) const {
    const double leading_bias = scale * ((1 - leading.array()).square().matrix().dot(power.on_modes) + power.hidden);
    const double bias = scale * ((1 - corrected.array()).square().matrix().dot(power.on_modes) + power.hidden);
    return bias + overfitting * (noise_variance + (with_variance ? leading_bias : 0.0));
  }
};

}  // namespace

Vector equivalent_learnability(const Spectrum& spectrum, double points, double ridge, Correction correction,
                               double excess) {
  assert(points > 0 && ridge > 0);
  const Eigen::ArrayXd eigenvalue = spectrum.eigenvalue.array(), sum = eigenvalue + ridge / points;
  if (correction == Correction::none) return eigenvalue / sum;
  const Vector c = propagator(spectrum, points, ridge);
  const double own = excess - (correction == Correction::fixed ? 1.0 : 0.0);
  const Eigen::ArrayXd loop = c.dot(spectrum.degeneracy) + spectrum.tail + own * c.array();
  return eigenvalue / sum - loop * eigenvalue / (points * sum.square());
}

double equivalent_validity(const Spectrum& spectrum, double points, double ridge) {
  return (propagator(spectrum, points, ridge).dot(spectrum.degeneracy) + spectrum.tail) / ridge;
}

Applicability EquivalentKernel::applicability(const Setting& setting) const {
  if (!(setting.ridge > 0)) return {false, "without a ridge there is no limit of fixed κ/P"};
  Applicability law = needs_kernel(kernel, setting);
  if (!law.applies) return law;
  if (Applicability modes = needs_known_modes(setting); !modes.applies || correction == Correction::none) return modes;
  const auto* gaussian = std::get_if<data::Gaussian>(&setting.data.input);
  if (std::holds_alternative<data::Sphere>(setting.data.input) || (gaussian && !gaussian->isotropic())) return {};
  return {false, "the correction is known on the sphere and for linear networks on normal inputs of unequal variances"};
}

EquivalentKernel::Inputs EquivalentKernel::inputs(const Setting& setting) const {
  return averaged_regression(setting, kernel_of(kernel, setting), modes_of(setting));
}

Cost EquivalentKernel::cost(const Setting& setting) const { return average_cost(setting); }

Result EquivalentKernel::predict(const Inputs& inputs) const {
  const double points = inputs.train_size, ridge = inputs.ridge,
               noise_variance = inputs.outputs * (inputs.noise * inputs.noise);
  const ModeExpansion modes = expand(
      inputs.modes,
      {.kernel = inputs.kernel, .kind = inputs.regression, .train = inputs.train, .points = points, .ridge = ridge});
  const Spectrum& spectrum = modes.spectrum;
  const bool corrected = correction != Correction::none;
  const double excess = std::holds_alternative<NormalModes>(inputs.modes) ? normal_excess : 0.0;
  const Vector leading = equivalent_learnability(spectrum, points, ridge, Correction::none);
  const Vector weight = equivalent_learnability(spectrum, points, ridge, correction, excess);
  const double overfitting = leading.cwiseAbs2().dot(spectrum.degeneracy) / points;
  const Errors error{leading, weight, overfitting, corrected};
  const double validity = equivalent_validity(spectrum, points, ridge);
  const double variance = inputs.outputs * (validity * ridge * (corrected ? 1 + overfitting : 1.0) / inputs.chi);
  const double mean = error(modes.target, 1, noise_variance);
  Result result;
  Writer writer(result, equilibrium, validity <= (corrected ? 0.3 : 0.1) ? Flag::none : Flag::outside_validity);
  const bool sampled = inputs.regression == KernelKind::nngp;
  const double initial = sampled || inputs.centred ? 0.0 : error(modes.initial, inputs.outputs / inputs.chi, 0);
  writer.row(Observable::error_test, mean + (sampled ? variance : initial));
  writer.row(Observable::error_mean_predictor, mean);
  writer.row(Observable::validity, validity);
  if (sampled) writer.row(Observable::variance_posterior, variance);
  for (const auto& [number, value] : component_learnability(modes, weight))
    writer.row(Observable::learnability, value, number);
  for (Index l = 0; l < std::min(kernel_eigenvalues_written, spectrum.eigenvalue.size()); ++l)
    writer.row(Observable::eigenvalue, spectrum.eigenvalue[l], modes.first_number + static_cast<double>(l));
  return result;
}

}  // namespace fieldscan::theory
