#pragma once
#include <string_view>
#include <tuple>
#include <variant>

#include "fieldscan/core/field.hpp"
#include "fieldscan/core/matrix.hpp"

namespace fieldscan::data {

/// All modes alike: λ_i = 1.
struct IdentitySpectrum {
  static constexpr std::string_view kind = "identity";
  static constexpr int revision = 1;
  static constexpr std::string_view summary = "All modes alike, λ_i = 1.";
  static auto fields() { return std::tuple{}; }
  bool operator==(const IdentitySpectrum&) const = default;
};

/// λ_i ∝ i^−a for i = 1 … d, normalised to trace d.
struct PowerLawSpectrum {
  double exponent = 1;  ///< a

  static constexpr std::string_view kind = "power_law";
  static constexpr int revision = 1;
  static constexpr std::string_view summary = "λ_i ∝ i^−exponent, normalised to trace dim.";
  static auto fields() {
    return std::tuple{field("exponent", &PowerLawSpectrum::exponent, "a in λ_i ∝ i^−a", non_negative())};
  }
  bool operator==(const PowerLawSpectrum&) const = default;
};

using SpectrumChoice = std::variant<IdentitySpectrum, PowerLawSpectrum>;

/// λ_1 ≥ … ≥ λ_d with Σ λ_i = d.
Vector spectrum_values(const SpectrumChoice& spectrum, int dimension);

}  // namespace fieldscan::data
