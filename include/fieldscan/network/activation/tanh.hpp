#pragma once
#include <span>
#include <string_view>
#include <tuple>

#include "fieldscan/network/activation/concept.hpp"

namespace fieldscan::network {

/// The hyperbolic tangent. It is a mixture of error functions, tanh(z) = ⟨erf(z/(√2 κ))⟩ over κ with the distribution
/// of Kolmogorov (the logistic distribution is one of normal distributions), so that its Gaussian averages are double
/// sums of those of erf,
///
///     ⟨φ(u) φ(v)⟩ = ⟨(2/π) asin(c/√((a + κ₁²)(b + κ₂²)))⟩,   ⟨φ′(u) φ′(v)⟩ = ⟨(2/π)/√((a + κ₁²)(b + κ₂²) − c²)⟩
///
/// The means over κ₁, κ₂ are trapezoid rules in log κ of 32 nodes each, with an error of 1e-15 at any variances (tested
/// from 1e-6 to 1e12): what saturates is no harder to integrate. Some 2 μs per pair.
///
/// `averages` needs far less per element where all a and b are one number of at most 200: it interpolates in θ = acos ρ
/// from an equispaced grid (the functions are even and periodic in θ), refined until the highest coefficients are below
/// 1e-14 of the largest. Source: D. Andrews, C. Mallows, "Scale mixtures of normal distributions", Journal of the Royal
/// Statistical Society B 36 (1974).
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
  static double seconds_per_average(double variance, Norms norms);
  bool operator==(const Tanh&) const = default;
};

}  // namespace fieldscan::network
