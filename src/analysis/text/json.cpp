#include "json.hpp"

#include <cmath>

#include "fieldscan/core/printable.hpp"
#include "fieldscan/core/text.hpp"

namespace fieldscan::analysis {

std::string json_text(std::string_view text) { return json_quoted(text); }

std::string json_number(double value) { return std::isfinite(value) ? shortest(value) : "null"; }

}  // namespace fieldscan::analysis
