#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "fieldscan/core/field.hpp"
#include "fieldscan/scan/statement/few_members.hpp"
#include "fieldscan/scan/statement/formula.hpp"

namespace fieldscan::scan {

struct Test;

/// Curves fall on one, as they are or in scaled coordinates.
struct Collapse {
  std::vector<Formula> versus = {};
  std::vector<std::string> over = {};
  std::optional<Margin> within = {};
  AxisName scaled_by = {};           ///< the axis whose powers scale both coordinates
  std::vector<Formula> expect = {};  ///< the exponents of `versus` and of `of`
  At at = {};
  std::optional<Window> window = {};

  static constexpr std::string_view kind = "collapse";
  static constexpr int revision = 1;
  static constexpr std::int64_t members = members_for_fit;
  static constexpr std::string_view summary =
      "curves of `of` against `versus` for all values of `over` fall on one. With scaled_by: width the exponents of "
      "versus · width^b and of · width^a that make them fall together are estimated; expect: [b, a].";
  static constexpr std::size_t abscissas = 1, exponents = 2;
  static auto fields() {
    return std::tuple{
        field("versus", &Collapse::versus, "the axis along which it changes").required(),
        field("over", &Collapse::over, "the axes whose curves should fall on one").required(),
        field("within", &Collapse::within, "the margin, of the range of all values or of the exponents"),
        field("scaled_by", &Collapse::scaled_by, "the axis in whose powers both coordinates are measured"),
        field("expect", &Collapse::expect, "the exponents that are expected, of `versus` and of `of`"),
        field("at", &Collapse::at, "the time of what is compared"),
        field("window", &Collapse::window, "the range of `versus` in which curves are compared"),
    };
  }
  std::vector<Fault> faults(const Test& test, const GivenKeys& given) const;
};

}  // namespace fieldscan::scan
