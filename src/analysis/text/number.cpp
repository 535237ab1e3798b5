#include "number.hpp"

#include <fmt/format.h>

#include <cmath>

namespace fieldscan::analysis {

std::string number(double value) {
  if (value == 0) return "0";
  return fmt::format("{:.4g}", value);
}

std::string with_error(double value, double standard_error) {
  if (!(standard_error > 0)) return number(value);
  const int decimals = 1 - static_cast<int>(std::floor(std::log10(standard_error)));
  if (decimals < 0 || decimals > 5) return fmt::format("{:.3g} ± {:.2g}", value, standard_error);
  return fmt::format("{:.{}f} ± {:.{}f}", value, decimals, standard_error, decimals);
}

std::string number_beside(double value, double size) {
  constexpr double rounding = 1e-13;
  return number(std::abs(value) <= rounding * size ? 0 : value);
}

std::string counted(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

}  // namespace fieldscan::analysis
