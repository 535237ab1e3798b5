#include "fieldscan/theory/trajectory/one_step.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "../applicability.hpp"
#include "../rows.hpp"
#include "fieldscan/theory/concept.hpp"
#include "fieldscan/theory/trajectory/giant_step.hpp"

namespace fieldscan::theory {

static_assert(Theory<OneStep>);

const Card OneStep::card = {
    .formula =
        "W = √c_b W₀ + r 1vᵀ, r = ηc₁√(t₁² + t₂/α₀), c_b = 1 + η²t₂s₁/α₀; given k = v·x features m₀ + m₁√c_b w₀·x + m₂ξ: "
        "seven scalars by averages over k and over the spectrum of W₀W₀ᵀ",
    .source =
        "H. Cui, L. Pesce, Y. Dandi, F. Krzakala, Y. Lu, L. Zdeborová, B. Loureiro, ICML (2024); Y. Dandi et al. (2023); "
        "the bulk's own variance: derived",
    .regime =
        "one hidden layer without biases, odd φ and an odd target of one direction, normal inputs, an equal readout ±|a| "
        "at the start; d → ∞ with N, n₀, n ∝ d: networks of d = 100 are 1 to 9% below it, of d = 500 within 4%, single draws "
        "scatter by 10%. Fresh points for the readout; where the initial output is small beside the labels (`validity`), and the "
        "step large enough that neither the ridge nor the other features hold the readout's part along it (flagged otherwise)",
    .effort = "a third of a millisecond: a fixed point of two numbers"};

namespace one_giant_step {
namespace {

constexpr double most_initial_output = 0.05, least_dimension = 50, most_held = 0.1;

/// The trainer's step, or the theory's own.
struct Step {
  double rate = 0;
  int points = 0;
};
Step step_of(const OneStep& theory, const Setting& setting) {
  if (const auto* steps = std::get_if<dynamics::StepsThenSolved>(&setting.dynamics))
    return {.rate = steps->rate, .points = steps->points};
  return {.rate = theory.learning_rate.value_or(0), .points = theory.points.value_or(0)};
}

bool is_odd_function(const network::ActivationChoice& activation) {
  std::array<double, 3> plus{0.3, 1.1, 2.7}, minus{-0.3, -1.1, -2.7};
  network::value(activation, plus, plus);
  network::value(activation, minus, minus);
  for (std::size_t k = 0; k < plus.size(); ++k)
    if (std::abs(plus[k] + minus[k]) > 1e-12 * std::abs(plus[k])) return false;
  return true;
}

Applicability needs_odd_single_index(const Setting& setting) {
  const auto* gaussian = std::get_if<data::Gaussian>(&setting.data.input);
  if (!gaussian || !gaussian->isotropic()) return {false, "the inputs are not normal with covariance 1"};
  if (setting.data.labels == data::Labels::shuffled) return {false, "the labels are shuffled"};
  if (const auto* linear = std::get_if<data::Linear>(&setting.data.target))
    return {std::holds_alternative<data::IdentitySpectrum>(linear->spectrum), "the target's spectrum is not constant"};
  const auto* hermite = std::get_if<data::Hermite>(&setting.data.target);
  if (!hermite) return {false, "the target is no sum of Hermite polynomials of one direction"};
  for (const double order : hermite->mode_numbers())
    if (std::fmod(order, 2) != 1) return {false, "it is for odd targets"};
  return {};
}

Applicability needs_unit_network(const network::Spec& network) {
  if (network.depth != 1) return {false, "it is about one hidden layer"};
  if (network.parameterisation != network::Parameterisation::ntk)
    return {false, "its rate is that of the ntk parameterisation"};
  if (network.weight_variance.at(0) != 1 || network.bias_variance.at(0) != 0)
    return {false, "it is for weights of variance 1 without biases"};
  if (!is_odd_function(network.activation)) return {false, "it is for odd activations"};
  const network::ReadoutLaw law = network.initial.readout.law;
  if (law != network::ReadoutLaw::ones && law != network::ReadoutLaw::rademacher)
    return {false, "the readout does not start at equal numbers: `network.initial.readout: {law: ones}`"};
  if (!(network.initial.readout.scale > 0)) return {false, "with a readout of zeros the hidden layer does not move"};
  if (network.initial.hidden.law != network::HiddenLaw::normal || network.initial.hidden.scale != 1)
    return {false, "the hidden weights do not start at draws of the prior"};
  return {};
}

std::vector<double> coefficients_of(const data::TargetChoice& target) {
  if (const auto* linear = std::get_if<data::Linear>(&target)) return {0, linear->norm};
  const auto& hermite = std::get<data::Hermite>(target);
  std::vector<double> out = hermite.coefficients;
  double square = 0;
  for (const double c : out) square += c * c;
  if (hermite.normalise)
    for (double& c : out) c /= std::sqrt(square);
  return out;
}

/// Σ c_k he_k(u).
double target_at(const std::vector<double>& coefficients, double u) {
  double before = 0, he = 1, sum = 0;
  for (std::size_t k = 0; k < coefficients.size(); ++k) {
    sum += coefficients[k] * he;
    const double n = static_cast<double>(k);
    const double next = (u * he - std::sqrt(n) * before) / std::sqrt(n + 1);
    before = he;
    he = next;
  }
  return sum;
}

}  // namespace
}  // namespace one_giant_step

Applicability OneStep::applicability(const Setting& setting) const {
  using namespace one_giant_step;
  if (is_alone(setting.dynamics)) {
    if (!learning_rate || !points) return {false, "without training it has to be given its learning_rate and points"};
  } else if (learning_rate || points) {
    return {false, "its own learning_rate and points are for `training: none`; here they are the trainer's"};
  } else if (const auto* steps = std::get_if<dynamics::StepsThenSolved>(&setting.dynamics); !steps) {
    return {false, "it describes one step and then a solved readout, and the trainer is " + setting.trainer};
  } else if (steps->steps != 1) {
    return {false, "it is about one step"};
  } else if (steps->points == 0) {
    return {false, "the readout is solved on the points of the step, and it is for fresh ones: `points`"};
  }
  if (const Applicability draw = needs_draw(setting); !draw.applies) return draw;
  if (step_of(*this, setting).points >= data::train_points(setting.data))
    return {false, "the step sees all training points, and none are left for the readout"};
  if (!(setting.ridge > 0)) return {false, "its equations need a ridge above 0"};
  if (is_centred(setting)) return {false, "the output at initialisation is subtracted"};
  const Applicability network = needs_unit_network(setting.network);
  return network.applies ? needs_odd_single_index(setting) : network;
}

OneStep::Inputs OneStep::inputs(const Setting& setting) const {
  using namespace one_giant_step;
  const auto& network = setting.network;
  const Step step = step_of(*this, setting);
  const double width = network::last_width(network), dim = data::dimension_of(setting.data.input),
               readout = network.initial.readout.scale * std::sqrt(network.readout_variance);
  return {.activation = network.activation,
          .width = static_cast<int>(width),
          .dim = static_cast<int>(dim),
          .points = data::train_points(setting.data) - step.points,
          .step_points = step.points,
          .step = step.rate * step.points * readout / (std::sqrt(width * network.chi) * dim),
          .ridge = setting.ridge / network.readout_variance,
          .noise = setting.data.noise,
          .initial_output = readout * readout / network.chi,
          .coefficients = coefficients_of(setting.data.target)};
}

Cost OneStep::cost(const Setting&) const { return {.seconds = 3e-4}; }

Result OneStep::predict(const Inputs& inputs) const {
  using namespace one_giant_step;
  const double dim = inputs.dim, noise = inputs.noise * inputs.noise;
  const GiantStep problem{.activation = inputs.activation,
                          .target = [&](double u) { return target_at(inputs.coefficients, u); },
                          .noise_variance = noise,
                          .step = inputs.step,
                          .ridge = inputs.ridge,
                          .step_points = inputs.step_points / dim,
                          .points = inputs.points / dim,
                          .units = inputs.width / dim};
  const GiantStepAverage mean = average_after_step(problem);
  double power = noise;
  for (const double c : inputs.coefficients) power += c * c;
  const double initial = inputs.initial_output * network::average_equal(inputs.activation, 1).value,
               validity = initial / std::max(power, 1e-300);
  const bool holds = validity <= most_initial_output && dim >= least_dimension && mean.held <= most_held * dim;
  Result result;
  Writer writer(result, equilibrium, holds ? Flag::none : Flag::outside_validity);
  writer.row(Observable::error_test, mean.error_test);
  writer.row(Observable::validity, validity);
  writer.residual(mean.residual);
  return result;
}

}  // namespace fieldscan::theory
