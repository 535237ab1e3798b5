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

struct Figure;

/// The distribution of one observable over the networks.
struct Histogram {
  std::optional<Scale> scale = {};

  static constexpr std::string_view kind = "histogram";
  static constexpr int revision = 1;
  static constexpr std::string_view summary = "the distribution of `plot`, one observable, over the networks.";
  static constexpr std::string_view phrase = "a histogram";
  static constexpr std::array<Remedies, 3> remedies{{{"versus", "by: one histogram per value of an axis"},
                                                     {"with", "plot: THEORY.error_test shows a theory over data draws"},
                                                     {"mark", "leave it out"}}};
  static auto fields() { return std::tuple{field("scale", &Histogram::scale, "log-y: a logarithmic vertical axis")}; }
  std::vector<Fault> faults(const Figure& figure, const GivenKeys& given) const;
};

}  // namespace fieldscan::scan
