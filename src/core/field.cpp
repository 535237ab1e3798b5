#include "fieldscan/core/field.hpp"

#include <fmt/format.h>

#include "fieldscan/core/text.hpp"

namespace fieldscan {

std::string Range::text() const {
  const bool bounded_below = low > -std::numeric_limits<double>::infinity();
  const bool bounded_above = high < std::numeric_limits<double>::infinity();
  std::string from = fmt::format("{}{}", low_open ? "greater than " : "at least ", shortest(low));
  std::string to = fmt::format("{}{}", high_open ? "less than " : "at most ", shortest(high));
  if (bounded_below && bounded_above)
    return low_open || high_open ? from + " and " + to : fmt::format("from {} to {}", shortest(low), shortest(high));
  if (bounded_below) return from;
  if (bounded_above) return to;
  return "any number";
}

}  // namespace fieldscan
