#pragma once
#include <span>
#include <string_view>
#include <tuple>

#include "fieldscan/network/activation/concept.hpp"

namespace fieldscan::network {

/// The square, φ(z) = z²: only levels zero and two are seen.
///
///     ⟨φ(u) φ(v)⟩ = ab + 2c²,   ⟨φ′(u) φ′(v)⟩ = 4c
///
/// Source: the theorem of Isserlis.
struct Quadratic {
  static constexpr std::string_view kind = "quadratic";
  static constexpr int revision = 1;
  static constexpr std::string_view summary = "φ(z) = z².";
  static auto fields() { return std::tuple{}; }

  void value(std::span<const double> z, std::span<double> out) const;
  void value_and_derivative(std::span<const double> z, std::span<double> out, std::span<double> derivative) const;
  void value_and_derivative(std::span<const float> z, std::span<float> out, std::span<float> derivative) const;
  GaussianAverage average(double a, double b, double c) const;
  GaussianAverage average_equal(double a) const;
  void averages(std::span<const double> a, std::span<const double> b, std::span<const double> c, std::span<double> out,
                std::span<double> derivative) const;
  bool operator==(const Quadratic&) const = default;
};

}  // namespace fieldscan::network
