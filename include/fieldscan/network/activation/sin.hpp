#pragma once
#include <span>
#include <string_view>
#include <tuple>

#include "fieldscan/network/activation/concept.hpp"

namespace fieldscan::network {

/// The sine, φ(z) = sin(z).
///
///     ⟨φ(u) φ(v)⟩   = ½ (exp(−(a + b − 2c)/2) − exp(−(a + b + 2c)/2))
///     ⟨φ′(u) φ′(v)⟩ = ½ (exp(−(a + b − 2c)/2) + exp(−(a + b + 2c)/2))
///
/// The first is exp(−(a + b)/2) sinh c, by the series of sinh at small c, where the difference cancels.
struct Sin {
  static constexpr std::string_view kind = "sin";
  static constexpr int revision = 1;
  static constexpr std::string_view summary = "φ(z) = sin(z).";
  static auto fields() { return std::tuple{}; }

  void value(std::span<const double> z, std::span<double> out) const;
  void value_and_derivative(std::span<const double> z, std::span<double> out, std::span<double> derivative) const;
  void value_and_derivative(std::span<const float> z, std::span<float> out, std::span<float> derivative) const;
  GaussianAverage average(double a, double b, double c) const;
  GaussianAverage average_equal(double a) const;
  void averages(std::span<const double> a, std::span<const double> b, std::span<const double> c, std::span<double> out,
                std::span<double> derivative) const;
  bool operator==(const Sin&) const = default;
};

}  // namespace fieldscan::network
