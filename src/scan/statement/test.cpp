#include "fieldscan/scan/statement/test.hpp"

namespace fieldscan::scan {

namespace {

// What a kind without the field has.
const std::vector<Formula> no_versus;
const std::vector<std::string> no_over;
const Reference no_with;
const AxisName no_between;
const At no_at;
const std::optional<Window> no_window;
const std::optional<Margin> no_within;

}  // namespace

const std::vector<Formula>& versus_of(const Test& test) {
  return std::visit(
      [](const auto& kind) -> const std::vector<Formula>& {
        if constexpr (requires { kind.versus; })
          return kind.versus;
        else
          return no_versus;
      },
      test.kind);
}

const std::vector<std::string>& over_of(const Test& test) {
  return std::visit(
      [](const auto& kind) -> const std::vector<std::string>& {
        if constexpr (requires { kind.over; })
          return kind.over;
        else
          return no_over;
      },
      test.kind);
}

const Reference& with_of(const Test& test) {
  return std::visit(
      [](const auto& kind) -> const Reference& {
        if constexpr (requires { kind.with; })
          return kind.with;
        else
          return no_with;
      },
      test.kind);
}

const AxisName& between_of(const Test& test) {
  return std::visit(
      [](const auto& kind) -> const AxisName& {
        if constexpr (requires { kind.between; })
          return kind.between;
        else
          return no_between;
      },
      test.kind);
}

const At& at_of(const Test& test) {
  return std::visit(
      [](const auto& kind) -> const At& {
        if constexpr (requires { kind.at; })
          return kind.at;
        else
          return no_at;
      },
      test.kind);
}

const std::optional<Window>& window_of(const Test& test) {
  return std::visit(
      [](const auto& kind) -> const std::optional<Window>& {
        if constexpr (requires { kind.window; })
          return kind.window;
        else
          return no_window;
      },
      test.kind);
}

const std::optional<Margin>& within_of(const Test& test) {
  return std::visit(
      [](const auto& kind) -> const std::optional<Margin>& {
        if constexpr (requires { kind.within; })
          return kind.within;
        else
          return no_within;
      },
      test.kind);
}

}  // namespace fieldscan::scan
