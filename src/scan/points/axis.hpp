#pragma once
#include "parsed.hpp"

namespace fieldscan::scan {

/// The numbers of {linspace: [a, b], num: n}, {logspace: [a, b], num: n}, {range: [a, b], step: s} or {powers: 2, from:
/// a, to: b}, rounded to 12 significant digits; nothing, and a diagnostic, where the form is wrong.
std::optional<std::vector<double>> read_spacing(const Node& node, Report& report, const std::string& path);
/// The same, or a list of numbers.
std::optional<std::vector<double>> read_numbers(const Node& node, Report& report, const std::string& path);

/// The values of an axis over a field (nullptr: a `let` variable, or a field that only some choices have).
std::vector<AxisEntry> read_axis(const Node& node, const FieldInfo* field, Report& report, const std::string& path);

}  // namespace fieldscan::scan
