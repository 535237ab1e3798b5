#pragma once
#include <string>
#include <string_view>

namespace fieldscan::analysis {

/// A string of JSON, with its quotes.
std::string json_text(std::string_view text);
/// A number of JSON: shortest round trip; null where it is not finite.
std::string json_number(double value);

}  // namespace fieldscan::analysis
