#pragma once
#include <span>
#include <string_view>
#include <tuple>

#include "fieldscan/network/activation/concept.hpp"

namespace fieldscan::network {

/// The rectified square, φ(z) = max(z, 0)².
///
///     ⟨φ(u) φ(v)⟩   = (3 s c + (π − θ)(ab + 2c²)) / 2π,   s and θ as for `relu`
///     ⟨φ′(u) φ′(v)⟩ = 4 (s + (π − θ) c) / 2π
///
/// On the diagonal 3a²/2 and 2a. Source: Cho, Saul, "Kernel methods for deep learning", NIPS 22 (2009), the case n = 2.
struct ReluSquared {
  static constexpr std::string_view kind = "relu_squared";
  static constexpr int revision = 1;
  static constexpr std::string_view summary = "φ(z) = max(z, 0)².";
  static auto fields() { return std::tuple{}; }

  void value(std::span<const double> z, std::span<double> out) const;
  void value_and_derivative(std::span<const double> z, std::span<double> out, std::span<double> derivative) const;
  void value_and_derivative(std::span<const float> z, std::span<float> out, std::span<float> derivative) const;
  GaussianAverage average(double a, double b, double c) const;
  GaussianAverage average_equal(double a) const;
  void averages(std::span<const double> a, std::span<const double> b, std::span<const double> c, std::span<double> out,
                std::span<double> derivative) const;
  bool operator==(const ReluSquared&) const = default;
};

}  // namespace fieldscan::network
