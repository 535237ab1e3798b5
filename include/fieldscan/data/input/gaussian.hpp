#pragma once
#include <cstdint>
#include <string_view>
#include <tuple>

#include "fieldscan/data/input/concept.hpp"
#include "fieldscan/data/spectrum.hpp"

namespace fieldscan::data {

/// Normal with mean 0 and the diagonal covariance λ_1 … λ_d, Σ λ_i = d: x_i = √λ_i z_i.
struct Gaussian {
  int dim = 0;  ///< d
  SpectrumChoice spectrum = IdentitySpectrum{};

  static constexpr std::string_view kind = "gaussian";
  static constexpr int revision = 1;
  static constexpr std::string_view summary = "Normal, mean 0, diagonal covariance of trace dim.";
  static auto fields() {
    return std::tuple{
        field("dim", &Gaussian::dim, "dimension d of the inputs", at_least(1)).required(),
        field("spectrum", &Gaussian::spectrum, "eigenvalues λ_i of the covariance, normalised to trace dim"),
    };
  }

  int dimension() const { return dim; }
  Vector variances() const { return spectrum_values(spectrum, dim); }  ///< λ [d]
  bool isotropic() const { return std::holds_alternative<IdentitySpectrum>(spectrum); }
  Matrix draw(const Stream& stream, std::uint64_t first, Index count) const;
  bool operator==(const Gaussian&) const = default;
};

}  // namespace fieldscan::data
