#pragma once
#include <string_view>
#include <tuple>
#include <vector>

#include "fieldscan/data/target/concept.hpp"

namespace fieldscan::data {

/// The labels of the file, beside the images: `target: labels`. Not normalised. How class numbers become labels is a
/// matter of the input: `classes`, `one_vs_rest`.
struct FileLabels {
  static constexpr std::string_view kind = "labels";
  static constexpr int revision = 1;
  static constexpr std::string_view summary = "The labels of the file that the inputs come from.";
  static auto fields() { return std::tuple{}; }

  struct Function {
    Values operator()(const Examples& examples) const;
  };
  Function function(const Domain& domain, const TargetKey& key) const;
  std::vector<double> mode_numbers() const { return {}; }
  bool operator==(const FileLabels&) const = default;
};

}  // namespace fieldscan::data
