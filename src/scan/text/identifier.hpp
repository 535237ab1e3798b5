#pragma once
#include <cstddef>
#include <string_view>

namespace fieldscan::scan {

/// Names become folders, variables of tables and columns: longer ones do not fit everywhere.
inline constexpr std::size_t longest_name = 100;

/// A word of letters, digits and '_', at most longest_name of them, that expressions can mention.
bool is_identifier(std::string_view text);

}  // namespace fieldscan::scan
