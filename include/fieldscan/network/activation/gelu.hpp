#pragma once
#include <span>
#include <string_view>
#include <tuple>

#include "fieldscan/network/activation/concept.hpp"

namespace fieldscan::network {

/// The Gaussian error linear unit, φ(z) = z Φ(z) with the exact normal distribution function Φ.
///
///     ⟨φ(u) φ(v)⟩   = c/4 + cψ/2π + (ab + c²(1 − ab)/q) / (2π r)
///     ⟨φ′(u) φ′(v)⟩ = 1/4 + ψ/2π + c/(2π r) · (1/(1+a) + 1/(1+b) + 1/r²)
///
/// with q = (1 + a)(1 + b), r = √(q − c²), ψ = atan2(c, r). On the diagonal r = √(1 + 2a), ψ = asin(a/(1 + a)).
/// Source: two integrations by parts; agrees with Tsuchida, Pearce, van der Heide, Roosta, Gallagher, "Avoiding kernel
/// fixed points: computing with ELU and GELU infinite networks", AAAI (2021).
struct Gelu {
  static constexpr std::string_view kind = "gelu";
  static constexpr int revision = 1;
  static constexpr std::string_view summary = "φ(z) = z Φ(z), Φ the normal distribution function.";
  static auto fields() { return std::tuple{}; }

  void value(std::span<const double> z, std::span<double> out) const;
  void value_and_derivative(std::span<const double> z, std::span<double> out, std::span<double> derivative) const;
  void value_and_derivative(std::span<const float> z, std::span<float> out, std::span<float> derivative) const;
  GaussianAverage average(double a, double b, double c) const;
  GaussianAverage average_equal(double a) const;
  void averages(std::span<const double> a, std::span<const double> b, std::span<const double> c, std::span<double> out,
                std::span<double> derivative) const;
  bool operator==(const Gelu&) const = default;
};

}  // namespace fieldscan::network
