#include "needs_single_index.hpp"

#include <cmath>

#include "../applicability.hpp"

namespace fieldscan::theory {

namespace {

Applicability needs_odd_target(const data::TargetChoice& target) {
  if (const auto* linear = std::get_if<data::Linear>(&target)) {
    if (std::holds_alternative<data::IdentitySpectrum>(linear->spectrum)) return {};
    return {false, "the target has a power of its own for every mode of the covariance"};
  }
  const auto* hermite = std::get_if<data::Hermite>(&target);
  if (!hermite) return {false, "the target is no sum of Hermite polynomials of one direction"};
  for (const double order : hermite->mode_numbers())
    if (std::fmod(order, 2) != 1) return {false, "erf units learn odd components of the target alone"};
  return {};
}

}  // namespace

Applicability needs_single_index(const Setting& setting) {
  if (const Applicability posterior = needs_posterior(setting); !posterior.applies) return posterior;
  const network::Spec& network = setting.network;
  if (network.train == network::Trained::readout) return {false, "the hidden layer is frozen"};
  if (network.depth != 1) return {false, "it is known for one hidden layer"};
  if (!std::holds_alternative<network::Erf>(network.activation))
    return {false, "what the units make of the target is known in closed form for erf"};
  if (network.bias_variance.at(0) != 0) return {false, "the units have a bias"};
  const auto* gaussian = std::get_if<data::Gaussian>(&setting.data.input);
  if (!gaussian || !gaussian->isotropic()) return {false, "the inputs are not normal with covariance 1"};
  return needs_odd_target(setting.data.target);
}

std::vector<double> odd_coefficients(const data::TargetChoice& target) {
  if (const auto* linear = std::get_if<data::Linear>(&target)) return {linear->norm};
  const auto& hermite = std::get<data::Hermite>(target);
  double square = 0;
  for (const double c : hermite.coefficients) square += c * c;
  const double norm = hermite.normalise ? std::sqrt(square) : 1;
  std::vector<double> out;
  for (std::size_t n = 1; n < hermite.coefficients.size(); n += 2) out.push_back(hermite.coefficients[n] / norm);
  return out;
}

double erf_scale(const Setting& setting) { return std::get<network::Erf>(setting.network.activation).scale; }

}  // namespace fieldscan::theory
