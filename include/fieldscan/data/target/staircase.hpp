#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "fieldscan/data/target/concept.hpp"

namespace fieldscan::data {

/// A sum of products of coordinates,
///
///     g(x) = s Σ_j c_j Π_{i ∈ S_j} x_i,     s = 1/√(Σ_j c_j²) if normalised, else 1
///
/// with the sets S_j listed (coordinates count from 0), or those of the staircase x_0 + x_0 x_1 + … + x_0 ⋯ x_{k−1}. It
/// is offered for independent coordinates of variance 1 alone (hypercube, normal inputs with covariance I): there the
/// products are orthonormal, so that ⟨g²⟩ = s² Σ_j c_j². Component j is the j-th term, counted from 1 (of the staircase
/// the product of j coordinates); terms with c_j = 0 are none. Source: Abbe, Boix-Adserà, Brennan, Bresler, Nagaraj,
/// "The staircase property", NeurIPS (2021).
struct Staircase {
  int order = 3;  ///< k
  bool normalise = true;
  std::vector<std::vector<int>> sets = {};  ///< S_j; empty: the staircase of k terms
  std::vector<double> coefficients = {};    ///< c_j; empty: all 1

  static constexpr std::string_view kind = "staircase";
  static constexpr int revision = 1;
  static constexpr std::string_view summary = "Σ_j c_j Π_{i ∈ S_j} x_i: x_0 + x_0 x_1 + …, or the sets listed.";
  static auto fields() {
    return std::tuple{
        field("order", &Staircase::order, "number k of terms x_0, x_0 x_1, … where no sets are listed", at_least(1)),
        field("sets", &Staircase::sets, "the coordinates of each term, counted from 0: [[0], [0, 1], [0, 1, 4]]",
              at_least(0)),
        field("coefficients", &Staircase::coefficients, "c_j, one per term; left out: all 1"),
        field("normalise", &Staircase::normalise, "divide by √(Σ c_j²): mean square 1"),
    };
  }

  struct Function {
    std::vector<std::vector<int>> sets;
    std::vector<double> weights;  ///< s c_j
    Values operator()(const Examples& examples) const;
  };
  Function function(const Domain& domain, const TargetKey& key) const;
  std::size_t terms() const { return sets.empty() ? static_cast<std::size_t>(order) : sets.size(); }
  double coefficient(std::size_t term) const { return coefficients.empty() ? 1 : coefficients[term]; }
  int largest() const;                       ///< the largest coordinate that it uses; −1 where none
  std::vector<double> mode_numbers() const;  ///< the j with c_j ≠ 0
  std::optional<std::string> problem() const;
  bool operator==(const Staircase&) const = default;
};

}  // namespace fieldscan::data
