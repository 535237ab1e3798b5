#pragma once
#include <string_view>
#include <tuple>
#include <variant>
#include <vector>

#include "fieldscan/data/target/file_labels.hpp"
#include "fieldscan/data/target/gegenbauer.hpp"
#include "fieldscan/data/target/hermite.hpp"
#include "fieldscan/data/target/linear.hpp"
#include "fieldscan/data/target/parity.hpp"
#include "fieldscan/data/target/random.hpp"
#include "fieldscan/data/target/staircase.hpp"
#include "fieldscan/data/target/teacher_network.hpp"

namespace fieldscan::data {

/// What may stand in a list of targets.
struct PartList {
  using Variant = std::variant<Linear, Hermite, Gegenbauer, TeacherNetwork, Parity, Staircase, FileLabels, Random>;
};
using PartChoice = OneOf<PartList>;

template <class Choice>
struct FunctionsOf;
template <class... Kinds>
struct FunctionsOf<std::variant<Kinds...>> {
  using type = std::variant<typename Kinds::Function...>;
};
template <class List>
struct FunctionsOf<OneOf<List>> : FunctionsOf<typename List::Variant> {};

/// Targets side by side, one output or more each: g = (g₁, g₂, …). Random ones are independent of each other: the k-th
/// in the list is keyed by k, the first as if alone.
struct Several {
  std::vector<PartChoice> of = {};

  static constexpr std::string_view kind = "several";
  static constexpr int revision = 1;
  static constexpr std::string_view summary = "A list of targets, one output or more each.";
  static auto fields() {
    return std::tuple{field("of", &Several::of, "the targets, [linear, {kind: hermite, …}, …]").required()};
  }

  struct Function {
    std::vector<FunctionsOf<PartChoice>::type> parts;
    Values operator()(const Examples& examples) const;
  };
  Function function(const Domain& domain, const TargetKey& key) const;
  std::vector<double> mode_numbers() const { return {}; }
  bool operator==(const Several&) const = default;
};

}  // namespace fieldscan::data

extern template struct fieldscan::OneOf<fieldscan::data::PartList>;
