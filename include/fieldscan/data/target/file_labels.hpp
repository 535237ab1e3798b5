#pragma once
#include <array>
#include <string_view>
#include <tuple>
#include <vector>

#include "fieldscan/data/target/concept.hpp"

namespace fieldscan::data {

/// How classes become numbers.
enum class Coding { number, one_hot };
constexpr auto words(Coding) { return std::array<std::string_view, 2>{"number", "one_hot"}; }

/// The labels of the file, beside the images: `target: labels`. Not normalised.
///
///     number    one output, the label itself; of two classes −1 and +1 (`classes`, `one_vs_rest` of the input)
///     one_hot   one output per class, g_c = δ_c,label − 1/C: in the order of `classes`, without them all whole numbers
///               that occur in the file, ascending. The outputs of a point have the sum 0, and ⟨|g|²⟩ = 1 − 1/C.
struct FileLabels {
  Coding coding = Coding::number;

  static constexpr std::string_view kind = "labels";
  static constexpr int revision = 1;
  static constexpr std::string_view summary = "The labels of the file that the inputs come from.";
  static auto fields() {
    return std::tuple{
        field("coding", &FileLabels::coding,
              "`number`: one output, the label; `one_hot`: one output per class, in the order of `classes` or of the "
              "labels, 1 − 1/C of its own class and −1/C of the others"),
    };
  }

  struct Function {
    std::vector<double> classes = {};  ///< of `one_hot`: the label of every output
    Values operator()(const Examples& examples) const;
  };
  /// Throws EnvironmentError where `one_hot` finds labels that are no whole numbers, or fewer than two.
  Function function(const Domain& domain, const TargetKey& key) const;
  std::vector<double> mode_numbers() const { return {}; }
  bool operator==(const FileLabels&) const = default;
};

}  // namespace fieldscan::data
