#pragma once
#include <span>
#include <string_view>
#include <tuple>

#include "fieldscan/network/activation/concept.hpp"

namespace fieldscan::network {

/// The rectifier with a slope below zero, φ(z) = z for z > 0 and α z otherwise.
///
///     ⟨φ(u) φ(v)⟩   = (1 − α)² (s + (π − θ) c) / 2π + α c,   s and θ as for `relu`
///     ⟨φ′(u) φ′(v)⟩ = (1 − α)² (π − θ) / 2π + α
///
/// On the diagonal (1 + α²) a/2 and (1 + α²)/2. It is α z + (1 − α) relu(z), of which the averages follow.
struct LeakyRelu {
  double slope = 0.01;  ///< α

  static constexpr std::string_view kind = "leaky_relu";
  static constexpr int revision = 1;
  static constexpr bool rectifier = true;
  static constexpr std::string_view summary = "φ(z) = z for z > 0, slope · z otherwise.";
  static auto fields() {
    return std::tuple{field("slope", &LeakyRelu::slope, "slope α for negative arguments", between(0, 1))};
  }

  void value(std::span<const double> z, std::span<double> out) const;
  void value_and_derivative(std::span<const double> z, std::span<double> out, std::span<double> derivative) const;
  void value_and_derivative(std::span<const float> z, std::span<float> out, std::span<float> derivative) const;
  GaussianAverage average(double a, double b, double c) const;
  GaussianAverage average_equal(double a) const;
  void averages(std::span<const double> a, std::span<const double> b, std::span<const double> c, std::span<double> out,
                std::span<double> derivative) const;
  bool operator==(const LeakyRelu&) const = default;
};

}  // namespace fieldscan::network
