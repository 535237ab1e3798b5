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

/// Differences are as large as their errors, neither more nor less.
struct Chi2 {
  Reference with = {};
  std::vector<Formula> versus = {};
  std::vector<std::string> over = {};
  std::optional<Margin> within = {};  ///< of χ²/ν, for predictors
  At at = {};

  static constexpr std::string_view kind = "chi2";
  static constexpr int revision = 1;
  static constexpr std::int64_t members = members_for_chi2;
  static constexpr std::string_view summary =
      "the differences of `of` and `with` are as large as their errors, neither more nor less. All points along "
      "`versus` and `over` together make one χ²; else each stands alone. χ² = Σ z²: each difference over its error is a "
      "t value of as many degrees of freedom as its members leave, and z the normal value of the same probability, less "
      "than t where members are few: so χ² lies below the sum of squared residuals that a figure shows.";
  static auto fields() {
    return std::tuple{
        field("with", &Chi2::with, "a theory, an observable or a number").required(),
        field("versus", &Chi2::versus, "the axis whose points are taken together"),
        field("over", &Chi2::over, "further axes whose points are taken together"),
        field("within", &Chi2::within, "the margin of χ²/ν around one, for predictors"),
        field("at", &Chi2::at, "the time of what is compared"),
    };
  }
  std::vector<Fault> faults(const Test& test, const GivenKeys& given) const;
};

}  // namespace fieldscan::scan
