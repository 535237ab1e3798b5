#pragma once
#include <optional>
#include <string_view>
#include <tuple>
#include <vector>

#include "fieldscan/core/field.hpp"
#include "fieldscan/scan/statement/few_members.hpp"
#include "fieldscan/scan/statement/formula.hpp"

namespace fieldscan::scan {

struct Test;

/// A number lies below, or above, a given one.
struct Bound {
  std::optional<double> below = {}, above = {};
  At at = {};

  static constexpr std::string_view kind = "bound";
  static constexpr int revision = 1;
  static constexpr std::int64_t members = members_for_mean;
  static constexpr std::string_view summary = "`of` lies `below` or `above` a number.";
  static auto fields() {
    return std::tuple{
        field("below", &Bound::below, "the number that `of` lies below"),
        field("above", &Bound::above, "the number that `of` lies above"),
        field("at", &Bound::at, "the time of what is looked at"),
    };
  }
  std::vector<Fault> faults(const Test& test, const GivenKeys& given) const;
};

}  // namespace fieldscan::scan
