#pragma once
#include <optional>
#include <string_view>
#include <tuple>
#include <vector>

#include "fieldscan/core/field.hpp"
#include "fieldscan/scan/statement/few_members.hpp"
#include "fieldscan/scan/statement/formula.hpp"

namespace fieldscan::scan {

/// A number stays what it is at the start, or two numbers are equal at all times.
struct Conservation {
  std::optional<Margin> within = {};
  Reference with = {};

  static constexpr std::string_view kind = "conservation";
  static constexpr int revision = 1;
  static constexpr std::int64_t members = members_for_mean;
  static constexpr std::string_view summary =
      "`of` stays the same in time `within` a margin; with `with`: the two are equal at all times.";
  static auto fields() {
    return std::tuple{
        field("within", &Conservation::within, "3%, or a number").required(),
        field("with", &Conservation::with, "what `of` equals at all times"),
    };
  }
};

}  // namespace fieldscan::scan
