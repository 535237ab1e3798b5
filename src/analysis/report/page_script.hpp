#pragma once
#include <string_view>

namespace fieldscan::analysis {

/// The script of the page, which works without it: a click on an entry of a legend hides its curve and shows it again,
/// a click on the head of a column sorts its table, and for print everything that is folded opens.
std::string_view page_script();

}  // namespace fieldscan::analysis
