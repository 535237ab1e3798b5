#pragma once
#include <array>
#include <optional>
#include <string_view>
#include <tuple>
#include <vector>

#include "fieldscan/core/field.hpp"
#include "fieldscan/scan/statement/few_members.hpp"
#include "fieldscan/scan/statement/formula.hpp"

namespace fieldscan::scan {

struct Test;

/// The joint law of two quantities has the expected exponents.
struct ScalingLaw {
  enum class Form { sum, floor, min };
  std::vector<Formula> versus = {};
  Exponents expect = {};
  std::optional<Margin> within = {};
  std::optional<Form> form = {};  ///< nothing: the sum
  At at = {};
  std::optional<Window> window = {};

  static constexpr std::string_view kind = "scaling_law";
  static constexpr int revision = 1;
  static constexpr std::int64_t members = members_for_fit;
  static constexpr std::string_view summary =
      "the joint law of `of` in two quantities. form: sum, A N^a + B P^b; floor, E + A N^a + B P^b; min, the larger of "
      "the two. expect: one exponent, or a list of two, or a theory.";
  static constexpr std::size_t abscissas = 2, exponents = 2;
  static auto fields() {
    return std::tuple{
        field("versus", &ScalingLaw::versus, "the axis along which it changes").required(),
        field("expect", &ScalingLaw::expect, "the exponents that are expected: one, a list of two, or a theory"),
        field("within", &ScalingLaw::within, "the margin of the exponents"),
        field("form", &ScalingLaw::form, "sum, floor or min"),
        field("at", &ScalingLaw::at, "the time of what is fitted"),
        field("window", &ScalingLaw::window, "the range of the first of `versus` in which the fit is made"),
    };
  }
  std::vector<Fault> faults(const Test& test, const GivenKeys& given) const;
};
constexpr auto words(ScalingLaw::Form) { return std::array<std::string_view, 3>{"sum", "floor", "min"}; }

}  // namespace fieldscan::scan
