#pragma once
#include "fieldscan/scan/statement/test/list.hpp"

namespace fieldscan::scan {

/// A test: what every kind has, and the kind.
struct Test {
  std::string name = {};  ///< given, or made from the statement
  std::vector<Formula> of = {};
  Formula where = {};
  std::vector<std::string> by = {};
  TestKind kind = {};
  Place place = {};

  static auto fields() {
    return std::tuple{
        field("of", &Test::of, "the observable or expression that the test is about").required(),
        field("where", &Test::where, "an expression that selects points"),
        field("by", &Test::by, "axes or dimensions whose values are told apart: one statement each"),
    };
  }
};

// What several kinds have, of a test that may not have it.

const std::vector<Formula>& versus_of(const Test& test);
const std::vector<std::string>& over_of(const Test& test);
const Reference& with_of(const Test& test);
const AxisName& between_of(const Test& test);
const At& at_of(const Test& test);
const std::optional<Window>& window_of(const Test& test);
const std::optional<Margin>& within_of(const Test& test);

}  // namespace fieldscan::scan
