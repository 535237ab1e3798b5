#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace fieldscan::scan {

/// What an expression divides by, in the order of its text: of "a / b^2 + (c - d) / (2 * e)" these are "b^2" and
/// "(2 * e)". `text` is an expression that compiles; numbers are left out.
std::vector<std::string> denominators(std::string_view text);

}  // namespace fieldscan::scan
