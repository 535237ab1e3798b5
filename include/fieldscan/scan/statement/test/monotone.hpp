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

/// A curve goes up, or down.
struct Monotone {
  enum class Direction { up, down };
  std::vector<Formula> versus = {};
  Direction direction = Direction::up;
  At at = {};
  std::optional<Window> window = {};

  static constexpr std::string_view kind = "monotone";
  static constexpr int revision = 1;
  static constexpr std::int64_t members = members_for_mean;
  static constexpr std::string_view summary = "`of` goes `up` or `down` along `versus`.";
  static constexpr std::size_t abscissas = 1;
  static auto fields() {
    return std::tuple{
        field("versus", &Monotone::versus, "the axis along which it changes").required(),
        field("direction", &Monotone::direction, "up or down").required(),
        field("at", &Monotone::at, "the time of what is looked at"),
        field("window", &Monotone::window, "the range of `versus` that is looked at"),
    };
  }
};
constexpr auto words(Monotone::Direction) { return std::array<std::string_view, 2>{"up", "down"}; }

}  // namespace fieldscan::scan
