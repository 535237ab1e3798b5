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

/// Two numbers are the same within a margin: `of` and a reference, or the values of `of` along an axis.
struct Agreement {
  Reference with = {};
  AxisName between = {};
  std::optional<Margin> within = {};
  std::vector<Formula> versus = {};  ///< of the figure
  At at = {};

  static constexpr std::string_view kind = "agreement";
  static constexpr int revision = 1;
  static constexpr std::int64_t members = members_for_mean;
  static constexpr std::string_view summary =
      "`of` and `with` (a theory, an observable, a number), or the values of the axis `between`, are the same `within` "
      "a margin. Supported when the whole interval lies inside it.";
  static auto fields() {
    return std::tuple{
        field("with", &Agreement::with, "a theory, an observable or a number"),
        field("between", &Agreement::between, "the axis between whose values `of` should agree"),
        field("within", &Agreement::within, "3%, or a number").required(),
        field("versus", &Agreement::versus, "the abscissa of its figure"),
        field("at", &Agreement::at, "the time of what is compared"),
    };
  }
  std::vector<Fault> faults(const Test& test, const GivenKeys& given) const;
};

}  // namespace fieldscan::scan
