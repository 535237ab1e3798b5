#pragma once
#include <array>
#include <string_view>
#include <tuple>
#include <vector>

#include "fieldscan/data/input/modular_pairs.hpp"
#include "fieldscan/data/target/concept.hpp"

namespace fieldscan::data {

/// Components of the sum of a pair: none, or the frequencies modulo p.
enum class SumBasis { none, fourier };
constexpr auto words(SumBasis) { return std::array<std::string_view, 2>{"none", "fourier"}; }

/// Addition modulo the p of `modular_pairs`: one output per residue, g_c(a, b) = δ_c,a+b − 1/p. The outputs of a pair
/// have the sum 0, and ⟨|g|²⟩ = 1 − 1/p. Without `centred` they are 0 and 1.
///
/// `basis: fourier` makes frequencies k = 1 … ⌊p/2⌋ components over pairs and outputs together,
///
///     g = Σ_k g_k,   g_k,c(a, b) = (2/p) cos(2π k (a + b − c)/p)      (1/p in place of 2/p for k = p/2)
///
/// without `centred` also the constant, k = 0, 1/p. Over all pairs they are orthogonal, and a network's learnability of
/// each says which frequencies it has found.
struct ModularSum {
  bool centred = true;
  SumBasis basis = SumBasis::none;

  static constexpr std::string_view kind = "modular_sum";
  static constexpr int revision = 1;
  static constexpr std::string_view summary = "The sum of a pair modulo p, with one output per residue.";
  static auto fields() {
    return std::tuple{
        field("centred", &ModularSum::centred, "subtract 1/p, so that the outputs of a pair have sum 0"),
        field("basis", &ModularSum::basis, "`fourier`: frequencies modulo p are components, with a learnability each"),
    };
  }

  struct Function {
    ModularPairs pairs;
    double shift = 0;                      ///< what is subtracted
    std::vector<double> frequencies = {};  ///< of the components
    Values operator()(const Examples& examples) const;
  };
  Function function(const Domain& domain, const TargetKey& key) const;
  std::vector<double> mode_numbers() const { return {}; }  ///< they depend on the pairs
  std::vector<double> mode_numbers(const ModularPairs& pairs) const;
  bool operator==(const ModularSum&) const = default;
};

}  // namespace fieldscan::data
