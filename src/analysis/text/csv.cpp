#include "csv.hpp"

#include <fmt/format.h>

#include <cmath>

#include "fieldscan/core/text.hpp"

namespace fieldscan::analysis {

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string out;
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return fmt::format("\"{}\"", out);
}

std::string time_text(double time) { return std::isinf(time) ? "inf" : shortest(time); }

}  // namespace fieldscan::analysis
