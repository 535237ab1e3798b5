#pragma once
#include <span>
#include <string_view>
#include <tuple>

#include "fieldscan/network/activation/concept.hpp"

namespace fieldscan::network {

/// The rectifier, φ(z) = max(z, 0), with φ′(0) = 0.
///
///     ⟨φ(u) φ(v)⟩   = (s + (π − θ) c) / 2π,   s = √(ab − c²),   π − θ = atan2(s, −c)
///     ⟨φ′(u) φ′(v)⟩ = (π − θ) / 2π
///
/// On the diagonal a/2 and 1/2. Source: Cho, Saul, "Kernel methods for deep learning", NIPS 22 (2009).
struct Relu {
  static constexpr std::string_view kind = "relu";
  static constexpr int revision = 1;
  static constexpr bool rectifier = true;
  static constexpr std::string_view summary = "φ(z) = max(z, 0).";
  static auto fields() { return std::tuple{}; }

  void value(std::span<const double> z, std::span<double> out) const;
  void value_and_derivative(std::span<const double> z, std::span<double> out, std::span<double> derivative) const;
  void value_and_derivative(std::span<const float> z, std::span<float> out, std::span<float> derivative) const;
  GaussianAverage average(double a, double b, double c) const;
  GaussianAverage average_equal(double a) const;
  void averages(std::span<const double> a, std::span<const double> b, std::span<const double> c, std::span<double> out,
                std::span<double> derivative) const;
  bool operator==(const Relu&) const = default;
};

}  // namespace fieldscan::network
