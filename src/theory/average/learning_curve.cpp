#include "fieldscan/theory/average/learning_curve.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "../applicability.hpp"
#include "../rows.hpp"
#include "fieldscan/core/canonical.hpp"
#include "fieldscan/core/memory.hpp"
#include "fieldscan/theory/average/effective_ridge.hpp"
#include "fieldscan/theory/concept.hpp"
#include "fieldscan/theory/effort.hpp"
#include "pool_influence.hpp"
#include "rows_spectrum.hpp"

namespace fieldscan::theory {

static_assert(Theory<LearningCurve>);

const Card LearningCurve::card = {
    .formula =
        "κ_eff = κ + Σ N_l λ_l κ_eff/(Pλ_l + κ_eff); L_l = Pλ_l/(Pλ_l + κ_eff); error of "
        "the mean network (Σ(1 − L_l)² g_l² + σ²)/(1 − Σ N_l L_l²/P) − σ²",
    .source =
        "B. Bordelon, A. Canatar, C. Pehlevan, ICML (2020); A. Canatar, B. Bordelon, C. "
        "Pehlevan, Nature Communications 12, 2914 (2021); J. Simon et al., The "
        "eigenlearning framework (2021); variance over initialisations: derived",
    .regime =
        "N → ∞ with χ fixed; inputs on the sphere (normal inputs for linear and "
        "homogeneous activations; of any covariance for linear networks; files with more "
        "rows than P); P (1 − γ) ≥ 20: within 1% from P ≈ 100, 3–5% at P ≤ 50; test "
        "errors of a file besides within what its H held-out rows leave open, flagged above "
        "5%: s √(1/M + 1/H), s the spread over rows of the squared error, 1 to 3 of it",
    .effort =
        "some milliseconds, whatever P: levels of the spectrum × Newton steps; of files "
        "the eigenvectors of 2048 to 4096 rows, or 5P/4 eigenvectors of all rows"};

namespace {

constexpr Index eigenvalues_written = 50;

/// What is written of a curve, or its standard errors.
template <class Number>
struct Written {
  Number error_test, error_mean_predictor, error_train, kappa_eff, variance_posterior, evidence;
};

/// From the averages of the mean network and of one network.
template <class Average>
auto written(const LearningCurve::Inputs& inputs, const Average& mean, const Average& one) {
  const double outputs = inputs.outputs;
  const double points = inputs.train_size, ridge = inputs.ridge, chi = inputs.chi;
  Written<std::remove_cvref_t<decltype(mean.kappa_eff)>> out{
      .error_test = one.error_test,
      .error_mean_predictor = mean.error_test,
      .error_train = one.error_train,
      .kappa_eff = mean.kappa_eff,
      .variance_posterior = outputs * mean.posterior_variance / chi,
      .evidence = {}};
  if (inputs.regression == KernelKind::tangent) return out;
  out.error_test = out.error_test + out.variance_posterior;
  // κ (1 − κ/κ_eff) without the difference, of which a large κ leaves nothing.
  if (ridge > 0)
    out.error_train = out.error_train + outputs * (ridge * (mean.posterior_variance / mean.kappa_eff) / chi);
  // Labels are N(0, (K + κI)/χ).
  out.evidence = -0.5 * chi * mean.label_form - (0.5 * outputs) * mean.log_determinant +
                 outputs * (0.5 * points * std::log(chi / (2 * std::numbers::pi)));
  return out;
}

struct Estimate {
  double value = 0, standard_error = 0;
};

/// Averages over data of the mean network and of one network; the spectrum that is written, and whether it is all that
/// counts.
struct Curve {
  Written<double> value{}, standard_error{};
  double overfitting = 0;
  std::map<double, Estimate> learnability;
  std::vector<Estimate> eigenvalue;
  double first_number = 0;
  bool complete = true;
  std::optional<double> residual = {};  ///< of κ_eff, where the spectrum is known
  double rows = 0, all_rows = 0;        ///< of a pool; 0: the distribution is known
  double tested = 0;                    ///< rows that errors are measured on, which the pool does not have
  double between = 0;                   ///< what their choice leaves open of the error, relative (`between_sets`)
  double top = 0;                       ///< of all rows: eigenvectors that were found
};

/// Above this P/M the spectrum of M rows alone, without the matched ridge, is wrong by several percent; with it up to
/// one half was tested.
constexpr double most_of_pool = 0.15;
/// Above this relative size what is neglected, or left open, is outside validity.
constexpr double most_open = 0.05;

using Inputs = LearningCurve::Inputs;

bool keeps_initial_output(const Inputs& inputs) { return inputs.regression == KernelKind::tangent && !inputs.centred; }

/// Outputs are learned with one and the same κ_eff: powers are summed, and so is the noise.
double noise_of(const Inputs& inputs) { return inputs.outputs * (inputs.noise * inputs.noise); }

Curve curve_of(const ModesChoice& choice, const Inputs& inputs, const ModesWanted& wanted) {
  const double noise_variance = noise_of(inputs), outputs = inputs.outputs;
  const ModeExpansion modes = expand(choice, wanted);
  const Spectrum& spectrum = modes.spectrum;
  const auto average = [&](const Vector& power, double hidden) {
    return average_over_data(spectrum, power, hidden, wanted.points, wanted.ridge, noise_variance);
  };
  const DataAverage mean = average(modes.target.on_modes, modes.target.hidden);
  const DataAverage one = !keeps_initial_output(inputs)
                              ? mean
                              : average(modes.target.on_modes + outputs * modes.initial.on_modes / inputs.chi,
                                        modes.target.hidden + outputs * modes.initial.hidden / inputs.chi);
  Curve out;
  out.value = written(inputs, mean, one);
  out.overfitting = mean.overfitting;
  out.residual = ridge_residual(spectrum, wanted.points, wanted.ridge, mean.kappa_eff);
  for (const auto& [number, value] : component_learnability(modes, mean.learnability))
    out.learnability[number].value = value;
  for (Index l = 0; l < std::min(eigenvalues_written, spectrum.eigenvalue.size()); ++l)
    out.eigenvalue.push_back({spectrum.eigenvalue[l]});
  out.first_number = modes.first_number;
  out.complete = spectrum.tail <= 1e-12 * wanted.ridge ||
                 wanted.points * spectrum.eigenvalue[spectrum.eigenvalue.size() - 1] <= 0.01 * mean.kappa_eff;
  return out;
}

Curve curve_of(const PoolModes& pool, const Inputs& inputs, const ModesWanted& wanted) {
  const PoolExpansion modes =
      expand_pool(pool, wanted, keeps_initial_output(inputs) ? InitialOutput::kept : InitialOutput::subtracted);
  const PoolInfluence influence(modes, wanted.points, wanted.ridge);
  auto target = influence.of(modes.target.col(0));
  for (Index c = 1; c < modes.target.cols(); ++c) target = sum_of(target, influence.of(modes.target.col(c)), 1);
  const double noise_variance = noise_of(inputs);
  const auto mean = influence.numbers(target, noise_variance);
  const auto one =
      keeps_initial_output(inputs)
          ? influence.numbers(sum_of(target, influence.of_initial(), inputs.outputs / inputs.chi), noise_variance)
          : mean;
  Curve out;
  out.first_number = 1;
  out.rows = static_cast<double>(modes.eigenvalue.size());
  out.all_rows = modes.all_rows;
  out.complete = wanted.points <= 0.5 * out.rows;
  out.tested = modes.tested;
  out.between = between_sets(relative_spread(influence.missed(modes.target)), out.all_rows, out.tested);
  const double left = 1 - out.rows / out.all_rows;
  const auto both = [&](const Influenced& x) { return Estimate{x.value, x.standard_error(left)}; };
  const Written<Influenced> all = written(inputs, mean, one);
  const auto take = [&](double Written<double>::*to, const Influenced& from) {
    if (from.influence.size() == 0) return;
    out.value.*to = from.value;
    out.standard_error.*to = from.standard_error(left);
  };
  using W = Written<double>;
  take(&W::error_test, all.error_test);
  take(&W::error_mean_predictor, all.error_mean_predictor);
  take(&W::error_train, all.error_train);
  take(&W::kappa_eff, all.kappa_eff);
  take(&W::variance_posterior, all.variance_posterior);
  take(&W::evidence, all.evidence);
  out.overfitting = mean.overfitting.value;
  for (const auto& [number, component] : modes.components)
    out.learnability[number] = both(influence.learnability(influence.of(component)));
  for (Index k = 0; k < std::min(eigenvalues_written, modes.eigenvalue.size()); ++k)
    out.eigenvalue.push_back(both(influence.eigenvalue(k)));
  return out;
}

Curve curve_of(const AllRows& file, const Inputs& inputs, const ModesWanted& wanted) {
  const auto [draw, all_rows, tested] = every_row(file, wanted.points);
  const Matrix& x = draw.train.x;
  require_memory(all_rows_bytes(all_rows, file.top), fmt::format("a kernel of {} rows", all_rows));
  const Matrix kernel =
      wanted.kind == KernelKind::nngp ? nngp_kernel(wanted.kernel, x) : tangent_kernel(wanted.kernel, wanted.train, x);
  const RowsAverage average(kernel, std::min<Index>(file.top, x.rows()), wanted.points, wanted.ridge);
  const RowsNumbers numbers = average.numbers(draw.train.target, noise_of(inputs));
  const auto at = [&](const PoolNumbers<double>& n) { return written(inputs, n, n); };
  const Written<double> low = at(numbers.low), high = at(numbers.high);
  Curve out{.value = at(numbers.value), .overfitting = numbers.value.overfitting};
  using W = Written<double>;
  for (auto of :
       {&W::error_test, &W::error_mean_predictor, &W::error_train, &W::kappa_eff, &W::variance_posterior, &W::evidence})
    out.standard_error.*of = std::isfinite(out.value.*of) ? std::abs(high.*of - low.*of) / 2 : 0.0;
  for (std::size_t k = 0; k < draw.mode_numbers.size(); ++k) {
    const Vector component = draw.train.modes.col(static_cast<Index>(k));
    if (!(component.squaredNorm() > 0)) continue;
    const Bounded share = average.learnability(component);
    out.learnability[draw.mode_numbers[k]] = {share.value, share.error};
  }
  for (Index k = 0; k < std::min(eigenvalues_written, average.top()); ++k)
    out.eigenvalue.push_back({average.eigenvalue(k).value, average.eigenvalue(k).error});
  out.first_number = 1;
  out.rows = out.all_rows = all_rows;
  out.top = static_cast<double>(average.top());
  out.complete = wanted.points <= 0.5 * all_rows;
  out.tested = tested;
  out.between = between_sets(numbers.spread, all_rows, tested);
  return out;
}

/// Networks are tested on other rows than the pool's, and these are the same in all data draws.
void add_choice_of_tested_rows(Curve& curve) {
  const double open = curve.between * curve.value.error_mean_predictor;
  if (!std::isfinite(open)) return;
  for (auto of : {&Written<double>::error_test, &Written<double>::error_mean_predictor})
    curve.standard_error.*of = std::hypot(curve.standard_error.*of, open);
}

Curve curve_of(const Inputs& inputs) {
  const ModesWanted wanted{.kernel = inputs.kernel,
                           .kind = inputs.regression,
                           .train = inputs.train,
                           .points = static_cast<double>(inputs.train_size),
                           .ridge = inputs.ridge};
  Curve out = std::visit([&](const auto& modes) { return curve_of(modes, inputs, wanted); }, inputs.modes);
  add_choice_of_tested_rows(out);
  return out;
}

/// Which rows of a pool were looked at.
std::string rows_looked_at(const Curve& curve) {
  if (curve.top > 0)
    return fmt::format(
        "from all {} rows of the file, by {} eigenvectors and the traces of the rest: the errors are what "
        "these leave open",
        curve.all_rows, curve.top);
  if (curve.rows == curve.all_rows) return fmt::format("from all {} rows of the file", curve.all_rows);
  return fmt::format("from {} of the file's {} rows: the standard errors are of their choice", curve.rows,
                     curve.all_rows);
}

/// What is to be known of a pool: how many of its rows were looked at, whether they are many enough, and whether those
/// that errors are measured on are.
std::string remark(const Curve& curve, double points) {
  std::string text;
  if (curve.rows == 0) return text;
  if (points > most_of_pool * curve.rows)
    text = fmt::format(
        "P/M = {:.2f} of the file's rows: above {} their spectrum stands for the distribution only by its matched "
        "ridge; more rows would help; ",
        points / curve.rows, most_of_pool);
  text += rows_looked_at(curve);
  if (curve.between > most_open)
    text += fmt::format(
        "; networks are tested on {} other rows of the file, the same in all draws, which happen to be harder or "
        "easier by ± {:.0f} % of the mean network's error: part of the standard errors of test errors",
        curve.tested, 100 * curve.between);
  return text;
}

/// Of the other numbers it is no matter which rows are tested.
void flag_test_errors(Result& result) {
  for (Row& row : result.rows)
    if (row.observable == Observable::error_test || row.observable == Observable::error_mean_predictor)
      row.flag = Flag::outside_validity;
}

template <class Pool>
Pool with_tested_rows(Pool pool, const Setting& setting) {
  pool.tested = tested_rows(setting);
  return pool;
}

}  // namespace

Applicability LearningCurve::applicability(const Setting& setting) const {
  const Applicability law = needs_kernel(kernel, setting);
  if (!law.applies) return law;
  const bool file = std::holds_alternative<data::File>(setting.data.input);
  if (rows == RowsOfFile::all) {
    if (!file) return {false, "`rows: all` is about the rows of a file"};
    if (kernel_of(kernel, setting) == KernelKind::tangent && !is_centred(setting))
      return {false,
              "with `rows: all` the network's output at initialisation must be subtracted (network: {centred: true})"};
  }
  return file ? needs_numbered_labels(setting) : needs_known_modes(setting);
}

std::string LearningCurve::error_source(const Setting& setting) const {
  if (!std::holds_alternative<data::File>(setting.data.input)) return "";
  std::string text = fmt::format("seed {} {}\n", setting.seed, word(pool_of(setting).test_from));
  append_canonical(text, "input", setting.data.input);
  append_canonical(text, "target", setting.data.target);
  return text;
}

LearningCurve::Inputs LearningCurve::inputs(const Setting& setting) const {
  CurveModes modes;
  if (std::holds_alternative<data::File>(setting.data.input))
    modes = rows == RowsOfFile::all ? CurveModes(with_tested_rows(all_rows_of(setting), setting))
                                    : CurveModes(with_tested_rows(pool_of(setting), setting));
  else
    std::visit([&](auto known) { modes = std::move(known); }, modes_of(setting));
  return averaged_regression(setting, kernel_of(kernel, setting), std::move(modes));
}

Cost LearningCurve::cost(const Setting& setting) const {
  return rows == RowsOfFile::all ? all_rows_cost(setting, all_rows_of(setting).top) : average_cost(setting);
}

Result LearningCurve::predict(const Inputs& inputs) const {
  const Curve curve = curve_of(inputs);
  const double points = inputs.train_size;
  const double fluctuations = std::min(1 / (points * (1 - curve.overfitting)), 1.0);
  const double validity = std::max(fluctuations, std::min(curve.between, 1.0));
  Result result;
  Writer writer(result, equilibrium, fluctuations <= most_open && curve.complete ? Flag::none : Flag::outside_validity);
  const auto row = [&](Observable observable, double Written<double>::*of) {
    writer.row(observable, curve.value.*of, 0, curve.standard_error.*of);
  };
  using W = Written<double>;
  result.reason = remark(curve, points);
  if (std::isfinite(curve.value.error_test)) {
    row(Observable::error_test, &W::error_test);
    row(Observable::error_mean_predictor, &W::error_mean_predictor);
  } else {
    result.reason = "the errors are infinite: as many modes as points, and no ridge";
  }
  row(Observable::error_train, &W::error_train);
  row(Observable::kappa_eff, &W::kappa_eff);
  writer.row(Observable::validity, validity);
  for (const auto& [number, at] : curve.learnability)
    writer.row(Observable::learnability, at.value, number, at.standard_error);
  for (std::size_t l = 0; l < curve.eigenvalue.size(); ++l)
    writer.row(Observable::eigenvalue, curve.eigenvalue[l].value, curve.first_number + static_cast<double>(l),
               curve.eigenvalue[l].standard_error);
  if (inputs.regression == KernelKind::nngp) {
    row(Observable::variance_posterior, &W::variance_posterior);
    if (std::isfinite(curve.value.evidence)) row(Observable::log_evidence, &W::evidence);
  }
  if (curve.residual) writer.residual(*curve.residual);
  if (curve.between > most_open) flag_test_errors(result);
  return result;
}

}  // namespace fieldscan::theory
