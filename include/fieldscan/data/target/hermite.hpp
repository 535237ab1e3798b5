#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "fieldscan/data/target/concept.hpp"

namespace fieldscan::data {

/// A function of one direction, by its Hermite coefficients.
///
///     g(x) = Σ_k c_k he_k(u),   he_k = He_k/√k! (normalised probabilists' polynomials: he_1 = u, he_2 = (u² − 1)/√2,
///     …)
///
/// u = w·x/√(wᵀΛw) has ⟨u²⟩ = 1; w is uniform on the unit sphere, Λ the covariance of the inputs. For normal inputs the
/// components are orthogonal with ⟨g²⟩ = Σ c_k²; on the sphere they are so only for large d. `normalise` divides g by
/// √⟨g²⟩.
struct Hermite {
  std::vector<double> coefficients = {0, 1};  ///< c_0, c_1, …
  bool normalise = false;
  Redraw draw = Redraw::seed;

  static constexpr std::string_view kind = "hermite";
  static constexpr int revision = 1;
  static constexpr std::string_view summary = "Σ_k c_k he_k(w·x) of one random direction, he_k normalised.";
  static auto fields() {
    return std::tuple{
        field("coefficients", &Hermite::coefficients, "c_0, c_1, … of the normalised Hermite polynomials he_k")
            .required(),
        field("normalise", &Hermite::normalise, "divide by the root of the mean square over the inputs"),
        field("draw", &Hermite::draw, "`seed`: one direction for all data draws; `each`: a new one with every draw"),
    };
  }

  struct Function {
    Vector weight;                     ///< u = x·weight
    std::vector<double> coefficients;  ///< after normalisation
    Values operator()(const Examples& examples) const;
  };
  Function function(const Domain& domain, const TargetKey& key) const;
  std::vector<double> mode_numbers() const;  ///< the orders k with c_k ≠ 0
  std::optional<std::string> problem() const;
  bool operator==(const Hermite&) const = default;
};

/// he_0(u) … he_K(u) as columns [points × (K + 1)].
Matrix hermite_values(const VectorView& u, int degree);

}  // namespace fieldscan::data
