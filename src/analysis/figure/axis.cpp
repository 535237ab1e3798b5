#include "axis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>

namespace fieldscan::analysis {
namespace {

std::string superscript(int power) {
  static constexpr const char* digits[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string text = power < 0 ? "⁻" : "";
  for (const char c : fmt::format("{}", std::abs(power))) text += digits[c - '0'];
  return text;
}

std::string with_minus(std::string text) {
  if (const auto at = text.find('-'); at != std::string::npos) text.replace(at, 1, "−");
  return text;
}

std::string log_label(double value) {
  if (value >= 0.00099 && value < 99999) return fmt::format("{:g}", value);
  const int power = static_cast<int>(std::floor(std::log10(value) + 1e-9));
  const double mantissa = value / std::pow(10.0, power);
  return std::abs(mantissa - 1) < 1e-6 ? "10" + superscript(power)
                                       : fmt::format("{:g}·10{}", std::round(mantissa), superscript(power));
}

/// So many different values, at most, with short labels that do not meet.
bool set_apart(const std::vector<double>& values, const PlotAxis& axis, std::size_t fewest, std::size_t most) {
  constexpr double nearest = 0.085;
  const auto is_long = [](double value) { return fmt::format("{:g}", value).size() > 5; };
  if (std::ranges::any_of(values, is_long)) return false;
  for (std::size_t k = 1; k < values.size(); ++k)
    if (axis.position(values[k]) - axis.position(values[k - 1]) < nearest) return false;
  return values.size() >= fewest && values.size() <= most;
}

void add_log_ticks(PlotAxis& axis) {
  const double decades = std::log10(axis.high) - std::log10(axis.low);
  const int every = std::max(1, static_cast<int>(std::ceil(decades / 8)));
  const int apart = decades > 32 ? every : 1;  // powers of ten closer than that are one black bar
  for (int power = static_cast<int>(std::floor(std::log10(axis.low))); power <= std::ceil(std::log10(axis.high));
       ++power)
    for (int digit = 1; digit < 10; ++digit) {
      const double value = digit * std::pow(10.0, power);
      if (!axis.contains(value) || (decades > 8 && (digit > 1 || power % apart != 0))) continue;
      const bool labelled = (digit == 1 && power % every == 0) || (decades < 2.2 && (digit == 2 || digit == 5)) ||
                            (decades < 0.8 && digit != 7 && digit != 9);
      axis.ticks.push_back({value, labelled ? log_label(value) : ""});
    }
}

/// Few digits: large and small numbers have a power of ten.
std::string linear_label(double value, double largest) {
  if (value == 0 || (largest >= 1e-3 && largest < 1e5)) return with_minus(fmt::format("{:.6g}", value));
  const int power = static_cast<int>(std::floor(std::log10(std::abs(value)) + 1e-9));
  return with_minus(fmt::format("{:.4g}·10{}", value / std::pow(10.0, power), superscript(power)));
}

void add_linear_ticks(PlotAxis& axis) {
  const double rough = (axis.high - axis.low) / 5;
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  const double step = rough / power < 1.5   ? power
                      : rough / power < 3.5 ? 2 * power
                      : rough / power < 7.5 ? 5 * power
                                            : 10 * power;
  for (double k = std::ceil(axis.low / step - 1e-9); k * step <= axis.high * (1 + 1e-12) + 1e-9 * step; ++k)
    axis.ticks.push_back({k * step, linear_label(k == 0 ? 0.0 : k * step, std::max(-axis.low, axis.high))});
}

}  // namespace

double PlotAxis::position(double value) const {
  if (!log) return (value - low) / (high - low);
  return (std::log(value) - std::log(low)) / (std::log(high) - std::log(low));  // a ratio may be beyond all numbers
}

double PlotAxis::value_at(double position) const {
  if (!log) return low + position * (high - low);
  return std::exp(std::log(low) + position * (std::log(high) - std::log(low)));
}

bool PlotAxis::contains(double value) const {
  return value >= low * (low > 0 ? 1 - 1e-9 : 1 + 1e-9) && value <= high * (high > 0 ? 1 + 1e-9 : 1 - 1e-9);
}

PlotAxis make_axis(const std::vector<double>& values, bool log, Ticks ticks) {
  std::vector<double> seen;
  for (double v : values)
    if (std::isfinite(v) && (!log || v > 0)) seen.push_back(v);
  if (seen.empty()) {
    if (log) return make_axis(values, false, ticks);
    seen = {0, 1};
  }
  std::ranges::sort(seen);
  seen.erase(std::unique(seen.begin(), seen.end()), seen.end());
  PlotAxis axis{
      .log = log, .low = *std::ranges::min_element(seen), .high = *std::ranges::max_element(seen), .ticks = {}};
  if (log) {
    const double pad = std::max(std::exp(0.05 * (std::log(axis.high) - std::log(axis.low))), 1.02);
    if (axis.low == axis.high) axis.low /= 2, axis.high *= 2;
    axis.low = std::max(axis.low / pad, std::numeric_limits<double>::min());
    axis.high = std::min(axis.high * pad, std::numeric_limits<double>::max());
    if (ticks == Ticks::at_values && set_apart(seen, axis, 3, 9))
      for (const double value : seen) axis.ticks.push_back({value, log_label(value)});
    else
      add_log_ticks(axis);
  } else {
    // Values that differ by their rounding alone are one value: no ticks lie between them.
    const double rounding = 1e-12 * std::max(std::abs(axis.low), std::abs(axis.high));
    if (axis.high - axis.low <= rounding)
      axis.low -= 0.5 * std::abs(axis.low) + 0.5, axis.high += 0.5 * std::abs(axis.high) + 0.5;
    const double pad = 0.05 * (axis.high - axis.low);
    axis.low -= pad;
    axis.high += pad;
    if (ticks == Ticks::at_values && set_apart(seen, axis, 2, 4))
      for (const double value : seen) axis.ticks.push_back({value, linear_label(value, seen.back())});
    else
      add_linear_ticks(axis);
  }
  return axis;
}

double text_width(const std::string& text) {
  const auto width_of = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0U) == 0x80U) return 0.0;  // not the first of a code point
    if (byte >= 0x80U) return 0.7;
    const auto is_one_of = [&](std::string_view letters) { return letters.find(c) != std::string_view::npos; };
    if (is_one_of("ijl|' ,.:;")) return 0.33;
    if (is_one_of("ftr()[]/!\"-")) return 0.42;
    if (is_one_of("mMW%@")) return 0.98;
    if (is_one_of("wGOQNHDU=+<>~&#")) return 0.82;
    return c >= 'A' && c <= 'Z' ? 0.69 : 0.63;
  };
  double width = 0;
  for (const char c : text) width += width_of(c);
  return width;
}

}  // namespace fieldscan::analysis
