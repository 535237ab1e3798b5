#pragma once
#include <span>
#include <string_view>
#include <tuple>

#include "fieldscan/network/activation/concept.hpp"

namespace fieldscan::network {

/// The argument times its logistic function, φ(z) = z σ(z) with σ(z) = 1/(1 + exp(−z)), also called SiLU; z σ(βz) is
/// this one at weight and bias variances β² times as large, and a readout variance divided by β².
///
///     φ′(z) = σ(z) + z σ(z)(1 − σ(z))
///
/// Its Gaussian averages have no closed form: they are integrated. Sources: S. Elfwing, E. Uchibe, K. Doya, Neural
/// Networks 107 (2018); P. Ramachandran, B. Zoph, Q. Le, "Searching for activation functions" (2017).
struct Swish {
  static constexpr std::string_view kind = "swish";
  static constexpr int revision = 1;
  static constexpr std::string_view summary = "φ(z) = z/(1 + exp(−z)), also called SiLU.";
  static auto fields() { return std::tuple{}; }

  void value(std::span<const double> z, std::span<double> out) const;
  void value_and_derivative(std::span<const double> z, std::span<double> out, std::span<double> derivative) const;
  void value_and_derivative(std::span<const float> z, std::span<float> out, std::span<float> derivative) const;
  bool operator==(const Swish&) const = default;
};

}  // namespace fieldscan::network
