#pragma once
#include <string_view>
#include <tuple>
#include <vector>

#include "fieldscan/data/input/modular_pairs.hpp"
#include "fieldscan/data/target/concept.hpp"

namespace fieldscan::data {

/// Addition modulo the p of `modular_pairs`: one output per residue, g_c(a, b) = δ_c,a+b − 1/p. The outputs of a pair
/// have the sum 0, and ⟨|g|²⟩ = 1 − 1/p. Without `centred` they are 0 and 1.
struct ModularSum {
  bool centred = true;

  static constexpr std::string_view kind = "modular_sum";
  static constexpr int revision = 1;
  static constexpr std::string_view summary = "The sum of a pair modulo p, with one output per residue.";
  static auto fields() {
    return std::tuple{field("centred", &ModularSum::centred, "subtract 1/p, so that the outputs of a pair have sum 0")};
  }

  struct Function {
    ModularPairs pairs;
    double shift = 0;  ///< what is subtracted
    Values operator()(const Examples& examples) const;
  };
  Function function(const Domain& domain, const TargetKey& key) const;
  std::vector<double> mode_numbers() const { return {}; }
  bool operator==(const ModularSum&) const = default;
};

}  // namespace fieldscan::data
