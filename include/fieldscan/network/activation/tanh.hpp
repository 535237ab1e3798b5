#pragma once
#include <span>
#include <string_view>
#include <tuple>

#include "fieldscan/network/activation/concept.hpp"

namespace fieldscan::network {

/// The hyperbolic tangent. Its Gaussian averages have no closed form and are integrated by the trapezoid rule,
///
///     u = √a (√((1+ρ)/2) z₁ + √((1−ρ)/2) z₂),   v = √b (√((1+ρ)/2) z₁ − √((1−ρ)/2) z₂),   ρ = c/√(ab)
///
/// on the grid z = h·{−n … n} in both directions with weights ∝ exp(−z²/2), h = min(½, 2π y/(44 m)) with m = √max(a, b) and
/// y = π/2 the distance of the poles of tanh from the real axis, n = ⌈8.6/h⌉. The form is safe at |ρ| = 1, where one dimension
/// is left over. The error of the rule is about exp(−44) times polynomials: below 1e-14 for the value and the derivative for a, b
/// up to 25, with slowly growing rounding beyond. On the diagonal one sum with 70 in place of 44.
///
/// `averages` needs far less than a double sum (some 10 μs) per element where all a and b are one number: it interpolates in
/// θ = acos ρ from an equispaced grid (the functions are even and periodic in θ), refined until the highest coefficients are below
/// 1e-14 of the largest. The table takes about a millisecond, so long arrays are the better ones.
struct Tanh {
  static constexpr std::string_view kind = "tanh";
  static constexpr int revision = 1;
  static constexpr std::string_view summary = "φ(z) = tanh(z).";
  static auto fields() { return std::tuple{}; }

  void value(std::span<const double> z, std::span<double> out) const;
  void value_and_derivative(std::span<const double> z, std::span<double> out, std::span<double> derivative) const;
  void value_and_derivative(std::span<const float> z, std::span<float> out, std::span<float> derivative) const;
  GaussianAverage average(double a, double b, double c) const;
  GaussianAverage average_equal(double a) const;
  void averages(std::span<const double> a, std::span<const double> b, std::span<const double> c, std::span<double> out,
                std::span<double> derivative) const;
  bool operator==(const Tanh&) const = default;
};

}  // namespace fieldscan::network
