#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "fieldscan/network/activation/concept.hpp"

namespace fieldscan::network {

/// A polynomial, φ(z) = Σ_n c_n zⁿ, of degree at most 16: `[0, 0, 0, 1]` is the cube, `[-1, 0, 1]` and `[0, -3, 0, 1]`
/// are the Hermite polynomials He₂ and He₃.
///
/// Price's theorem, used again and again, gives the exact averages as a polynomial in c without any division,
///
///     ⟨φ(u) φ(v)⟩   = Σ_k cᵏ/k! m_k(a) m_k(b),   m_k(a) = ⟨φ⁽ᵏ⁾(√a z)⟩ = Σ_m c_{k+2m} (k + 2m)!/(2ᵐ m!) aᵐ
///     ⟨φ′(u) φ′(v)⟩ = Σ_{k≥1} cᵏ⁻¹/(k − 1)! m_k(a) m_k(b)
///
/// which is the expansion in Hermite polynomials, written without the normalisation. Terms of different sign cancel
/// where coefficients do; the error is that of the largest term. Source: A. Daniely, R. Frostig, Y. Singer, "Toward
/// deeper understanding of neural networks", NIPS (2016).
struct Polynomial {
  static constexpr std::size_t most_coefficients = 17;
  std::vector<double> coefficients = {0, 1, 0.5, 0.1};  ///< c_0, c_1, …

  static constexpr std::string_view kind = "polynomial";
  static constexpr int revision = 1;
  static constexpr std::string_view summary = "φ(z) = Σ_n c_n zⁿ.";
  static auto fields() {
    return std::tuple{
        field("coefficients", &Polynomial::coefficients, "c_0, c_1, … of the powers of z, at most 17").required()};
  }
  std::optional<std::string> problem() const;  ///< too many coefficients, or none but the constant

  void value(std::span<const double> z, std::span<double> out) const;
  void value_and_derivative(std::span<const double> z, std::span<double> out, std::span<double> derivative) const;
  void value_and_derivative(std::span<const float> z, std::span<float> out, std::span<float> derivative) const;
  GaussianAverage average(double a, double b, double c) const;
  GaussianAverage average_equal(double a) const;
  void averages(std::span<const double> a, std::span<const double> b, std::span<const double> c, std::span<double> out,
                std::span<double> derivative) const;
  double seconds_per_average(double variance, Norms norms) const;
  bool operator==(const Polynomial&) const = default;
};

}  // namespace fieldscan::network
