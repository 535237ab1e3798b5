#include "number.hpp"

#include <fmt/format.h>

#include <cmath>

namespace fieldscan::analysis {
namespace {

constexpr double relative_rounding = 1e-12;

}  // namespace

std::string number(double value) {
  if (value == 0) return "0";
  return fmt::format("{:.4g}", value);
}

std::string with_error(double value, double standard_error) {
  if (!(standard_error > relative_rounding * std::abs(value)) || std::isinf(standard_error)) return number(value);
  const int decimals = 1 - static_cast<int>(std::floor(std::log10(standard_error)));
  constexpr double largest = 1e6;
  if (decimals < 0 && std::abs(value) < largest && standard_error < largest) {
    const double step = std::pow(10.0, -decimals);
    return fmt::format("{:.0f} ± {:.0f}", std::round(value / step) * step + 0.0,
                       std::round(standard_error / step) * step);
  }
  if (decimals < 0 || decimals > 5) return fmt::format("{:.3g} ± {:.2g}", value, standard_error);
  return fmt::format("{:.{}f} ± {:.{}f}", value, decimals, standard_error, decimals);
}

std::string number_beside(double value, double size) {
  return number(std::abs(value) <= relative_rounding * size ? 0 : value);
}

std::string percent(double share) {
  const double size = std::abs(100 * share);
  return size >= 99.5 && size < 1e6 ? fmt::format("{:.0f} %", 100 * share) : fmt::format("{:.2g} %", 100 * share);
}

std::string counted(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

}  // namespace fieldscan::analysis
