#include "fieldscan/theory/droplet/specialisation_onset.hpp"

#include <boost/math/tools/minima.hpp>
#include <cmath>

#include "../rows.hpp"
#include "fieldscan/core/solve/root.hpp"
#include "fieldscan/theory/concept.hpp"
#include "fieldscan/theory/droplet/overlap_law.hpp"
#include "fieldscan/theory/droplet/overlap_support.hpp"
#include "needs_single_index.hpp"

namespace fieldscan::theory {

static_assert(Theory<SpecialisationOnset>);

const Card SpecialisationOnset::card = {
    .formula =
        "P with ⟨φ_n²⟩_t P σ_a² (1 − ℓ)/κ_eff = ℓ, ℓ = 0.02, tilt exp((b/2)(P t φ_n)²), t = (1 − ℓ) c/κ_eff; "
        "scaling: P = κ_eff √(d/b)/(|c| σ_w max φ_n(m)/m)",
    .source =
        "the continuum theory of N. Rubin, I. Seroussi, Z. Ringel, ICLR (2024), with one mode; the scaling after "
        "N. Rubin, Z. Davidovich, Z. Ringel (2025)",
    .regime =
        "one hidden layer of erf, target he_n alone with n odd, d large, P ≥ 3d, χ ~ N. Not compared with sampled "
        "networks: from the prior they may stay at m = 0 beyond it. Flagged for one or two inputs or units, as droplet is",
    .effort = "some milliseconds: a root, averages over m"};

namespace {

constexpr double learned_at_onset = 0.02;
constexpr double steps_per_width = 6;
constexpr double most_of_lazy = 0.5;  ///< of the points that the kernel of infinite width needs

/// φ of the target's mode at ρ = σ_w².
double mode_projection(const SingleIndex& problem, double m) {
  const Index modes = problem.coefficient.size();
  return hermite_projections(m, m * m + problem.weight_variance, problem.scale, modes)[modes - 1];
}

/// ⟨φ²⟩ under the tilt of a discrepancy t on P points.
double tilted_square(const SingleIndex& problem, double field) {
  const double reach =
      overlap_width(problem) * std::sqrt(80 + problem.richness * std::pow(field * mode_projection(problem, 1e8), 2));
  const double spacing = overlap_width(problem) / steps_per_width;
  double top = 0, sum = 0, square = 0;
  for (double m = 0; m < reach; m += spacing) {
    const double phi = mode_projection(problem, m), weight = m > 0 ? 2 : 1;
    const double exponent =
        problem.richness / 2 * field * field * phi * phi - std::pow(m / overlap_width(problem), 2) / 2;
    const double shrink = exponent > top ? std::exp(top - exponent) : 1;
    top = std::max(top, exponent);
    const double part = weight * std::exp(exponent - top);
    sum = sum * shrink + part;
    square = square * shrink + part * phi * phi;
  }
  return square / sum;
}

double steepest(const SingleIndex& problem) {
  const double far = 10 * std::sqrt(problem.weight_variance + 1 / (problem.scale * problem.scale));
  const auto slope = [&](double m) { return -std::abs(mode_projection(problem, m)) / m; };
  return -boost::math::tools::brent_find_minima(slope, 1e-6 * far, far, 40).second;
}

}  // namespace

Onset specialisation_onset(const SingleIndex& problem, const std::function<double(double points)>& kappa_eff,
                           double learned) {
  const double c = std::abs(problem.coefficient[problem.coefficient.size() - 1]);
  const double unit =
      std::sqrt(problem.dimension / problem.richness) / (c * std::sqrt(problem.weight_variance) * steepest(problem));
  const auto by_scaling = [&](double log_points) {
    return log_points - std::log(unit * kappa_eff(std::exp(log_points)));
  };
  // κ_eff falls with P, between its values for no points and for all.
  const double lowest = kappa_eff(1e12), highest = kappa_eff(1e-6);
  const double least = std::log(unit * lowest), most = std::log(unit * highest);
  const auto scaling = solve::root_between(by_scaling, least - 1, most + 1);
  const double around = solve::found(scaling, "the scaling of the onset of specialisation");
  const auto excess = [&](double log_points, double square, double ridge) {
    return log_points + std::log(problem.readout_variance * (1 - learned) * square / (ridge * learned));
  };
  // A kernel that does not learn sees that share of c at the latest, as units only add to ⟨φ²⟩.
  const double prior = tilted_square(problem, 0);
  const auto by_kernel = [&](double log_points) { return excess(log_points, prior, kappa_eff(std::exp(log_points))); };
  const double share = std::log(learned / (problem.readout_variance * (1 - learned) * prior));
  const double lazy =
      solve::found(solve::root_between(by_kernel, share + std::log(lowest) - 1, share + std::log(highest) + 1),
                   "the points at which the kernel of infinite width learns a share of the target");
  const auto by_units = [&](double log_points) {
    const double points = std::exp(log_points), ridge = kappa_eff(points), t = (1 - learned) * c / ridge;
    return excess(log_points, tilted_square(problem, points * t), ridge);
  };
  const double wide = std::log(30.0), nearest = std::min(around, lazy);
  const auto exact = solve::root_between(by_units, nearest - wide, std::min(around + wide, lazy + 1e-6));
  const double points =
      std::exp(solve::found(exact, "the onset of specialisation (a larger chi is solved more easily)"));
  return {.points = points,
          .scaling = std::exp(around),
          .lazy = std::exp(lazy),
          .kappa_eff = kappa_eff(points),
          .residual = exact.residual};
}

Applicability SpecialisationOnset::applicability(const Setting& setting) const {
  if (setting.data.labels == data::Labels::shuffled) return {false, "the labels are shuffled"};
  if (!(setting.ridge > 0)) return {false, "without a ridge the discrepancy has no scale"};
  if (const Applicability single = needs_single_index(setting); !single.applies) return single;
  const std::vector<double> c = odd_coefficients(setting.data.target);
  int modes = 0;
  for (const double value : c) modes += value != 0;
  if (c[0] != 0) return {false, "the target has a linear component, which units follow from the start"};
  if (modes != 1) return {false, "it is known for one component of the target"};
  return {};
}

SpecialisationOnset::Inputs SpecialisationOnset::inputs(const Setting& setting) const {
  std::vector<double> c = odd_coefficients(setting.data.target);
  while (c.back() == 0) c.pop_back();
  Inputs out{.dimension = static_cast<double>(data::dimension_of(setting.data.input)),
             .order = static_cast<int>(2 * c.size()) - 1,
             .coefficient = c.back()};
  take_network(out, setting);
  return out;
}

Cost SpecialisationOnset::cost(const Setting& setting) const {
  return {.seconds = 1e-3 + 1e-3 * std::sqrt(data::dimension_of(setting.data.input))};
}

Result SpecialisationOnset::predict(const Inputs& inputs) const {
  const Spectrum spectrum =
      normal_erf_spectrum(inputs.dimension, inputs.weight_variance, inputs.readout_variance, inputs.scale);
  SingleIndex problem{.dimension = inputs.dimension,
                      .weight_variance = inputs.weight_variance,
                      .readout_variance = inputs.readout_variance,
                      .scale = inputs.scale,
                      .richness = inputs.chi * inputs.readout_variance / inputs.width,
                      .coefficient = Vector::Zero((inputs.order + 1) / 2)};
  problem.coefficient[problem.coefficient.size() - 1] = inputs.coefficient;
  const Onset onset = specialisation_onset(
      problem, [&](double points) { return effective_ridge(spectrum, points, inputs.ridge); }, learned_at_onset);
  const double validity = inputs.dimension / onset.points;
  const bool specialised = onset.points <= most_of_lazy * onset.lazy;
  Result result;
  if (!specialised) result.reason = "the kernel at initialisation learns as much there: units need not turn";
  const bool many = has_many(inputs.dimension, inputs.width);
  Writer writer(result, equilibrium, validity <= 1.0 / 3 && specialised && many ? Flag::none : Flag::outside_validity);
  writer.row(listed("onset_train_size"), onset.points);
  writer.row(listed("onset_scaling"), onset.scaling);
  writer.row(Observable::kappa_eff, onset.kappa_eff);
  writer.row(Observable::validity, validity);
  writer.residual(onset.residual);
  return result;
}

}  // namespace fieldscan::theory
