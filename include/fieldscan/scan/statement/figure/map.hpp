#pragma once
#include <array>
#include <optional>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "fieldscan/core/field.hpp"
#include "fieldscan/scan/statement/figure/scale.hpp"
#include "fieldscan/scan/statement/formula.hpp"

namespace fieldscan::scan {

/// Numbers over two abscissas, in cells.
struct Map {
  std::vector<Formula> versus = {};

  static constexpr std::string_view kind = "map";
  static constexpr int revision = 1;
  static constexpr std::string_view summary = "the numbers of `plot` over two formulas in `versus`, in equal cells.";
  static constexpr std::string_view phrase = "a map";
  static constexpr std::size_t abscissas = 2;
  static constexpr std::array<Remedies, 3> remedies{{{"with", "plot: error_test - nngp.error_test"},
                                                     {"scale", "leave it out: a map has a row and a column per value"},
                                                     {"mark", "leave it out"}}};
  static auto fields() {
    return std::tuple{field("versus", &Map::versus, "the horizontal and the vertical axis").required()};
  }
};

}  // namespace fieldscan::scan
