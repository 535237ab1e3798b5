#pragma once
#include <span>
#include <string_view>
#include <tuple>

#include "fieldscan/network/activation/concept.hpp"

namespace fieldscan::network {

/// The error function as a nonlinearity, φ(z) = erf(γ z).
///
/// Its Gaussian averages close: for zero-mean (u, v) with ⟨u²⟩ = a, ⟨v²⟩ = b, ⟨uv⟩ = c, and first γ = 1,
///
///     ⟨φ(u) φ(v)⟩   = (2/π) atan2(2c, √(D − 4c²)),   D = (1 + 2a)(1 + 2b)
///     ⟨φ′(u) φ′(v)⟩ = (4/π) / √(D − 4c²)
///
/// where D − 4c² = 1 + 2(a + b) + 4(ab − c²) is formed without cancellation. For γ ≠ 1: γ²a, γ²b, γ²c instead of a, b,
/// c, and the second line times γ². On the diagonal (2/π) asin(2a/(1 + 2a)) and (4/π)/√(1 + 4a). Some papers write
/// erf(z/√2): γ = 1/√2. Source: Williams, "Computing with infinite networks", NIPS 9 (1997).
struct Erf {
  double scale = 1;  ///< γ

  static constexpr std::string_view kind = "erf";
  static constexpr int revision = 1;
  static constexpr std::string_view summary = "φ(z) = erf(scale · z).";
  static auto fields() {
    return std::tuple{
        field("scale", &Erf::scale, "γ in erf(γ z); 0.70710678118654752 for the convention erf(z/√2)", positive())};
  }

  void value(std::span<const double> z, std::span<double> out) const;
  void value_and_derivative(std::span<const double> z, std::span<double> out, std::span<double> derivative) const;
  void value_and_derivative(std::span<const float> z, std::span<float> out, std::span<float> derivative) const;
  GaussianAverage average(double a, double b, double c) const;
  GaussianAverage average_equal(double a) const;
  void averages(std::span<const double> a, std::span<const double> b, std::span<const double> c, std::span<double> out,
                std::span<double> derivative) const;
  void values(std::span<const double> a, std::span<const double> b, std::span<const double> c,
              std::span<double> out) const;  ///< ⟨φφ⟩ alone: a division less
  bool operator==(const Erf&) const = default;
};

}  // namespace fieldscan::network
