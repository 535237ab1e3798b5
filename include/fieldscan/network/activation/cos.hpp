#pragma once
#include <span>
#include <string_view>
#include <tuple>

#include "fieldscan/network/activation/concept.hpp"

namespace fieldscan::network {

/// The cosine, φ(z) = cos(z): random Fourier features, even levels only.
///
///     ⟨φ(u) φ(v)⟩   = exp(−(a + b)/2) cosh c
///     ⟨φ′(u) φ′(v)⟩ = exp(−(a + b)/2) sinh c
///
/// which are those of `sin` with their places exchanged.
struct Cos {
  static constexpr std::string_view kind = "cos";
  static constexpr int revision = 1;
  static constexpr std::string_view summary = "φ(z) = cos(z).";
  static auto fields() { return std::tuple{}; }

  void value(std::span<const double> z, std::span<double> out) const;
  void value_and_derivative(std::span<const double> z, std::span<double> out, std::span<double> derivative) const;
  void value_and_derivative(std::span<const float> z, std::span<float> out, std::span<float> derivative) const;
  GaussianAverage average(double a, double b, double c) const;
  GaussianAverage average_equal(double a) const;
  void averages(std::span<const double> a, std::span<const double> b, std::span<const double> c, std::span<double> out,
                std::span<double> derivative) const;
  bool operator==(const Cos&) const = default;
};

}  // namespace fieldscan::network
