#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "fieldscan/data/target/concept.hpp"

namespace fieldscan::data {

/// The product of k coordinates, g(x) = Π_{i ∈ S} x_i: the first k, or those listed in `set` (in older files
/// `indices`). ⟨g²⟩ = 1 for independent
/// coordinates of variance 1 (hypercube, normal inputs with covariance I), for which alone it is offered. Its one
/// component has number k.
struct Parity {
  int order = 2;                  ///< k
  std::vector<int> indices = {};  ///< S, counted from 0; empty: `set`
  std::vector<int> set = {};      ///< S likewise; empty: 0 … k − 1

  static constexpr std::string_view kind = "parity";
  static constexpr int revision = 1;
  static constexpr std::string_view summary = "The product of a few coordinates.";
  static auto fields() {
    return std::tuple{
        field("order", &Parity::order, "number of coordinates in the product", at_least(1)),
        field("indices", &Parity::indices, "another word for `set`", at_least(0)),
        field("set", &Parity::set, "the coordinates, counted from 0, instead of the first ones", at_least(0)),
    };
  }

  struct Function {
    std::vector<int> coordinates;
    Values operator()(const Examples& examples) const;
  };
  Function function(const Domain& domain, const TargetKey& key) const;
  std::vector<int> coordinates() const;  ///< S
  std::vector<double> mode_numbers() const;
  std::optional<std::string> problem() const;
  bool operator==(const Parity&) const = default;
};

}  // namespace fieldscan::data
