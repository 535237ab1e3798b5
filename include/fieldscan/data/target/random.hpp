#pragma once
#include <array>
#include <string_view>
#include <tuple>
#include <vector>

#include "fieldscan/data/target/concept.hpp"

namespace fieldscan::data {

enum class RandomValues { signs, normal };
constexpr auto words(RandomValues) { return std::array<std::string_view, 2>{"signs", "normal"}; }

/// Labels of mean square 1 that know nothing of x: nothing can be learned, only memorised. A new one for every example;
/// for a file it belongs to the row, in all data draws alike.
struct Random {
  RandomValues values = RandomValues::signs;

  static constexpr std::string_view kind = "random";
  static constexpr int revision = 1;
  static constexpr std::string_view summary = "Labels independent of the inputs.";
  static auto fields() {
    return std::tuple{
        field("values", &Random::values, "`signs`: ±1 with equal probability; `normal`: standard normal")};
  }

  struct Function {
    RandomValues values;
    Stream stream;
    Values operator()(const Examples& examples) const;
  };
  Function function(const Domain& domain, const TargetKey& key) const;
  std::vector<double> mode_numbers() const { return {}; }
  bool operator==(const Random&) const = default;
};

}  // namespace fieldscan::data
