#include "fieldscan/network/activation/close.hpp"

#include <cmath>
#include <numbers>

namespace fieldscan::network {
namespace {

/// The average of `leaky_relu`, of slope α below zero.
GaussianAverage rectifier(double c, double determinant, double alpha) {
  const double s = std::sqrt(determinant), psi = std::numbers::pi - std::atan2(s, c);
  const double norm = (1 - alpha) * (1 - alpha) / (2 * std::numbers::pi);
  return {norm * (s + psi * c) + alpha * c, norm * psi + alpha};
}

}  // namespace

GaussianAverage average_close(const ActivationChoice& activation, double a, double b, double c, double determinant) {
  if (std::holds_alternative<Relu>(activation)) return rectifier(c, determinant, 0);
  if (const auto* leaky = std::get_if<LeakyRelu>(&activation)) return rectifier(c, determinant, leaky->slope);
  return average(activation, a, b, c);
}

}  // namespace fieldscan::network
