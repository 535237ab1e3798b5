#pragma once
#include <string_view>
#include <tuple>
#include <vector>

#include "fieldscan/data/spectrum.hpp"
#include "fieldscan/data/target/concept.hpp"

namespace fieldscan::data {

/// A linear function with ⟨g²⟩ = norm².
///
///     spectrum identity:    g(x) = norm · w·x / √(wᵀΛw), w uniform on the unit sphere, Λ the covariance of the inputs
///     spectrum power_law:   g(x) = norm · Σ_i s_i √p_i x_i/√λ_i, signs s_i random, power p_i ∝ i^−a of mode i, Σ p_i =
///     1
struct Linear {
  double norm = 1;  ///< √⟨g²⟩
  SpectrumChoice spectrum = IdentitySpectrum{};
  Redraw draw = Redraw::seed;

  static constexpr std::string_view kind = "linear";
  static constexpr int revision = 1;
  static constexpr std::string_view summary = "Linear in x along a random direction, ⟨g²⟩ = norm².";
  static auto fields() {
    return std::tuple{
        field("norm", &Linear::norm, "root of the mean square of the target", positive()),
        field("spectrum", &Linear::spectrum,
              "`identity`: a random direction; `power_law`: power per mode of the covariance"),
        field("draw", &Linear::draw, "`seed`: one function for all data draws; `each`: a new one with every draw"),
    };
  }

  struct Function {
    Vector weight;  ///< g = x·weight
    Values operator()(const Examples& examples) const;
  };
  Function function(const Domain& domain, const TargetKey& key) const;
  std::vector<double> mode_numbers() const { return {1}; }
  bool operator==(const Linear&) const = default;
};

}  // namespace fieldscan::data
