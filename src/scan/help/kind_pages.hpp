#pragma once
#include <string>
#include <string_view>
#include <vector>

/// The kinds of tests and figures, from their own descriptions.
namespace fieldscan::scan {

/// All kinds of "tests", or of "figures", with their fields; empty for other words.
std::string kinds_of_statement(std::string_view section);
/// The kinds of tests and figures of that name; empty where there is none.
std::string statement_kind(std::string_view name);
/// The names of all of them.
std::vector<std::string_view> statement_kinds();

}  // namespace fieldscan::scan
