#include "fieldscan/theory/learning_curve.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "applicability.hpp"
#include "fieldscan/theory/effective_ridge.hpp"
#include "rows.hpp"

namespace fieldscan::theory {

namespace {

constexpr Index eigenvalues_written = 50;

/// Averages over data of the mean network and of one network; the spectrum that is written, and whether it is all that counts.
struct Curve {
  DataAverage mean, one;
  std::map<double, double> learnability;
  Vector eigenvalue;
  double first_number = 0;
  bool complete = true;
  double rows = 0;  ///< of a pool; 0: the distribution is known
};

/// Above this P/M the spectrum of M rows alone, without the matched ridge, is wrong by several percent; with it up to one half was tested.
constexpr double most_of_pool = 0.15;

using Inputs = LearningCurve::Inputs;

bool keeps_initial_output(const Inputs& inputs) { return inputs.regression == KernelKind::tangent && !inputs.centred; }

Curve curve_of(const ModesChoice& choice, const Inputs& inputs, const ModesWanted& wanted) {
  const double noise_variance = inputs.noise * inputs.noise;
  const ModeExpansion modes = expand(choice, wanted);
  const Spectrum& spectrum = modes.spectrum;
  const auto average = [&](const Vector& power, double hidden) {
    return average_over_data(spectrum, power, hidden, wanted.points, wanted.ridge, noise_variance);
  };
  Curve out;
  out.mean = out.one = average(modes.target.on_modes, modes.target.hidden);
  if (keeps_initial_output(inputs))
    out.one = average(modes.target.on_modes + modes.initial.on_modes / inputs.chi,
                      modes.target.hidden + modes.initial.hidden / inputs.chi);
  out.learnability = component_learnability(modes, out.mean.learnability);
  out.eigenvalue = spectrum.eigenvalue;
  out.first_number = modes.first_number;
  out.complete = spectrum.tail <= 1e-12 * wanted.ridge ||
                 wanted.points * spectrum.eigenvalue[spectrum.eigenvalue.size() - 1] <= 0.01 * out.mean.kappa_eff;
  return out;
}

Curve curve_of(const PoolModes& pool, const Inputs& inputs, const ModesWanted& wanted) {
  const PoolExpansion modes = expand_pool(pool, wanted);
  const auto average = [&](const Vector& power, double noise_variance) {
    return average_over_pool(modes.eigenvalue, power, wanted.points, wanted.ridge, noise_variance);
  };
  Curve out;
  out.mean = out.one = average(modes.power, inputs.noise * inputs.noise);
  if (keeps_initial_output(inputs))
    out.one = average(modes.power + modes.initial / inputs.chi, inputs.noise * inputs.noise);
  for (const auto& [number, power] : modes.components) out.learnability[number] = average(power, 0).learnability[0];
  out.eigenvalue = modes.eigenvalue;
  out.first_number = 1;
  out.rows = static_cast<double>(modes.eigenvalue.size());
  out.complete = wanted.points <= 0.5 * out.rows;
  return out;
}

Curve curve_of(const Inputs& inputs) {
  const ModesWanted wanted{.kernel = inputs.kernel,
                           .kind = inputs.regression,
                           .train = inputs.train,
                           .points = static_cast<double>(inputs.train_size),
                           .ridge = inputs.ridge};
  return std::visit([&](const auto& modes) { return curve_of(modes, inputs, wanted); }, inputs.modes);
}

}  // namespace

Applicability LearningCurve::applicability(const Setting& setting) const {
  const Applicability law = is_descent(setting) ? needs_regression(setting) : needs_posterior(setting);
  if (!law.applies) return law;
  const bool file = std::holds_alternative<data::File>(setting.data.input);
  return file ? needs_numbered_labels(setting) : needs_known_modes(setting);
}

LearningCurve::Inputs LearningCurve::inputs(const Setting& setting) const {
  CurveModes modes;
  if (std::holds_alternative<data::File>(setting.data.input))
    modes = pool_of(setting);
  else
    std::visit([&](auto known) { modes = std::move(known); }, modes_of(setting));
  return averaged_regression(setting, std::move(modes));
}

Result LearningCurve::predict(const Inputs& inputs) const {
  const double points = inputs.train_size, ridge = inputs.ridge;
  const Curve curve = curve_of(inputs);
  const DataAverage& mean = curve.mean;
  DataAverage one = curve.one;
  if (inputs.regression == KernelKind::nngp) {
    one.error_test += mean.posterior_variance / inputs.chi;
    if (ridge > 0) one.error_train += ridge * (1 - ridge / mean.kappa_eff) / inputs.chi;
  }
  const double validity = std::min(1 / (points * (1 - mean.overfitting)), 1.0);
  Result result;
  Writer writer(result, equilibrium, validity <= 0.05 && curve.complete ? Flag::none : Flag::outside_validity);
  if (std::isfinite(one.error_test)) {
    writer.row(Observable::error_test, one.error_test);
    writer.row(Observable::error_mean_predictor, mean.error_test);
  } else {
    result.reason = "the errors are infinite: as many modes as points, and no ridge";
  }
  if (result.reason.empty() && curve.rows > 0 && points > most_of_pool * curve.rows)
    result.reason = fmt::format(
        "P/M = {:.2f} of the file's rows: above {} their spectrum stands for the distribution only by its matched "
        "ridge; more rows would help",
        points / curve.rows, most_of_pool);
  writer.row(Observable::error_train, one.error_train);
  writer.row(Observable::kappa_eff, mean.kappa_eff);
  writer.row(Observable::validity, validity);
  for (const auto& [number, value] : curve.learnability) writer.row(Observable::learnability, value, number);
  for (Index l = 0; l < std::min(eigenvalues_written, curve.eigenvalue.size()); ++l)
    writer.row(Observable::eigenvalue, curve.eigenvalue[l], curve.first_number + static_cast<double>(l));
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
