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

/// The exponent of a curve is the expected one.
struct PowerLaw {
  enum class Form { floor, crossover };
  std::vector<Formula> versus = {};
  Exponents expect = {};
  std::optional<Margin> within = {};
  std::optional<Form> form = {};  ///< nothing: the plain one
  At at = {};
  std::optional<Window> window = {};

  static constexpr std::string_view kind = "power_law";
  static constexpr int revision = 1;
  static constexpr std::int64_t members = members_for_fit;
  static constexpr std::string_view summary =
      "the exponent of `of` in `versus` is `expect` `within` a margin, fitted in `window`. form: floor adds a "
      "constant; crossover goes from one power law to another, whose exponent is the expected one.";
  static constexpr std::size_t abscissas = 1, exponents = 1;
  static auto fields() {
    return std::tuple{
        field("versus", &PowerLaw::versus, "the axis along which it changes").required(),
        field("expect", &PowerLaw::expect, "the number that is expected").required(),
        field("within", &PowerLaw::within, "3%, or a number").required(),
        field("form", &PowerLaw::form, "floor or crossover"),
        field("at", &PowerLaw::at, "the time of what is fitted"),
        field("window", &PowerLaw::window, "the range of `versus` in which the fit is made"),
    };
  }
};
constexpr auto words(PowerLaw::Form) { return std::array<std::string_view, 2>{"floor", "crossover"}; }

}  // namespace fieldscan::scan
