#pragma once
#include <string>
#include <string_view>

#include "../schema/schema.hpp"

namespace fieldscan::scan {

/// How a kind is written at its path: "input: {kind: sphere, dim: 8}". What it requires, and the first of what else it
/// takes, at its default.
std::string example_of(std::string_view path, const KindInfo& kind);
/// A test or figure of that kind; empty where there is none.
std::string_view statement_example(std::string_view section, std::string_view kind);

}  // namespace fieldscan::scan
