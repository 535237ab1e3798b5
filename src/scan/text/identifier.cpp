#include "identifier.hpp"

#include <algorithm>
#include <cctype>

namespace fieldscan::scan {

bool is_identifier(std::string_view text) {
  const auto letter = [](char c) { return std::isalpha(static_cast<unsigned char>(c)) || c == '_'; };
  return !text.empty() && text.size() <= longest_name && letter(text[0]) &&
         std::ranges::all_of(text, [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

}  // namespace fieldscan::scan
