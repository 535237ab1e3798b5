#include "json.hpp"

#include <fmt/format.h>

#include <cmath>

#include "fieldscan/core/text.hpp"

namespace fieldscan::analysis {

std::string json_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      out += '\\', out += c;
    else if (c == '\n')
      out += "\\n";
    else if (code < 0x20)
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(code));
    else
      out += c;
  }
  return out + '"';
}

std::string json_number(double value) { return std::isfinite(value) ? shortest(value) : "null"; }

}  // namespace fieldscan::analysis
