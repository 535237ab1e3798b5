#pragma once
#include "../points/parsed.hpp"
#include "../statement/statements.hpp"

namespace fieldscan::scan {

/// Walks the points once: expressions that fail, values out of range and settings that can not be together are reported
/// with three examples each; then what can only be said of all points (a block or a test that selects none, traps).
/// `used`: the names that points depend on.
void check_points(const Scan::Parsed& parsed, const Statements& statements, const std::set<std::string>& used,
                  Report& report);

}  // namespace fieldscan::scan
