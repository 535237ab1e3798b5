#pragma once
#include <optional>
#include <string_view>
#include <tuple>
#include <vector>

#include "fieldscan/core/field.hpp"
#include "fieldscan/scan/statement/few_members.hpp"
#include "fieldscan/scan/statement/formula.hpp"

namespace fieldscan::scan {

/// A curve is a straight line, of the expected slope where one is given.
struct Linear {
  std::vector<Formula> versus = {};
  std::vector<Formula> expect = {};
  std::optional<Margin> within = {};
  At at = {};
  std::optional<Window> window = {};

  static constexpr std::string_view kind = "linear";
  static constexpr int revision = 1;
  static constexpr std::int64_t members = members_for_fit;
  static constexpr std::string_view summary =
      "`of` is a linear function of `versus`; its slope is `expect`, where given.";
  static constexpr std::size_t abscissas = 1, exponents = 1;
  static auto fields() {
    return std::tuple{
        field("versus", &Linear::versus, "the axis along which it changes").required(),
        field("expect", &Linear::expect, "the slope that is expected"),
        field("within", &Linear::within, "the margin, of the range of all values and of the slope"),
        field("at", &Linear::at, "the time of what is fitted"),
        field("window", &Linear::window, "the range of `versus` in which the fit is made"),
    };
  }
};

}  // namespace fieldscan::scan
