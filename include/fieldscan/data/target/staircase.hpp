#pragma once
#include <string_view>
#include <tuple>
#include <vector>

#include "fieldscan/data/target/concept.hpp"

namespace fieldscan::data {

/// The staircase g(x) = s (x_1 + x_1 x_2 + … + x_1 x_2 ⋯ x_k), with s = 1/√k if normalised, so that ⟨g²⟩ = 1 for
/// independent coordinates of variance 1 (hypercube, normal inputs with covariance I), for which alone it is offered.
/// Component j is the product of j coordinates. Source: Abbe, Boix-Adserà, Brennan, Bresler, Nagaraj, "The staircase
/// property", NeurIPS (2021).
struct Staircase {
  int order = 3;  ///< k
  bool normalise = true;

  static constexpr std::string_view kind = "staircase";
  static constexpr int revision = 1;
  static constexpr std::string_view summary = "x_1 + x_1 x_2 + … + x_1 ⋯ x_k.";
  static auto fields() {
    return std::tuple{
        field("order", &Staircase::order, "number k of terms", at_least(1)),
        field("normalise", &Staircase::normalise, "divide by √k: mean square 1"),
    };
  }

  struct Function {
    int order = 1;
    double scale = 1;
    Values operator()(const Examples& examples) const;
  };
  Function function(const Domain& domain, const TargetKey& key) const;
  std::vector<double> mode_numbers() const;  ///< 1 … k
  bool operator==(const Staircase&) const = default;
};

}  // namespace fieldscan::data
