#include "number.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <cstdlib>

namespace fieldscan::scan {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }

/// Digits, one point, an exponent: whether the whole text has that form.
bool decimal(std::string_view s) {
  std::size_t at = 0, digits = 0;
  const auto run = [&] {
    while (at < s.size() && digit(s[at])) ++at, ++digits;
  };
  if (at < s.size() && (s[at] == '-' || s[at] == '+')) ++at;
  run();
  if (at < s.size() && s[at] == '.') ++at;
  run();
  if (digits == 0) return false;
  if (at == s.size()) return true;
  if (s[at] != 'e' && s[at] != 'E') return false;
  ++at;
  if (at < s.size() && (s[at] == '-' || s[at] == '+')) ++at;
  digits = 0;
  run();
  return digits > 0 && at == s.size();
}

std::string_view unsigned_part(std::string_view s) {
  if (!s.empty() && (s[0] == '-' || s[0] == '+')) s.remove_prefix(1);
  return s;
}

bool leading_zero(std::string_view s) {
  s = unsigned_part(s);
  return s.size() > 1 && s[0] == '0' && digit(s[1]);
}

}  // namespace

std::optional<double> parse_number(std::string_view text) {
  if (!decimal(text) || leading_zero(text)) return std::nullopt;
  const std::string copy(text[0] == '+' ? text.substr(1) : text);
  double value = 0;
  const auto [end, error] = std::from_chars(copy.data(), copy.data() + copy.size(), value);
  if (error != std::errc{} || end != copy.data() + copy.size()) return std::nullopt;
  return value;
}

std::optional<NumberProblem> number_problem(std::string_view text) {
  if (decimal(text) && leading_zero(text))
    return NumberProblem{fmt::format("'{}' begins with a zero (octal in some programs, decimal in others)", text),
                         "leave the zero out"};
  if (decimal(text) && parse_number(text)) return std::nullopt;
  if (decimal(text)) return NumberProblem{fmt::format("'{}' is beyond the range of numbers", text), ""};
  const auto s = unsigned_part(text);
  const bool numeric = s.find_first_not_of("0123456789_.,eE+-%") == std::string_view::npos && !s.empty() && digit(s[0]);
  if (numeric && s.find('_') != std::string_view::npos)
    return NumberProblem{fmt::format("'{}' has '_' between its digits", text), "write the digits alone"};
  if (numeric && s.find(',') != std::string_view::npos)
    return NumberProblem{fmt::format("'{}' has a comma", text), "decimal numbers have a point: 0.5"};
  if (numeric && s.back() == '%')
    return NumberProblem{fmt::format("'{}' is a share", text), "write a plain number: 0.03 for 3%"};
  if (s.size() > 2 && s[0] == '0' && (s[1] == 'x' || s[1] == 'X' || s[1] == 'o' || s[1] == 'b'))
    return NumberProblem{fmt::format("'{}' is not a decimal number", text), "write it in decimal digits"};
  if (s == ".inf" || s == "inf" || s == "Inf" || s == ".nan" || s == "nan" || s == "NaN" || s == ".NaN" || s == ".Inf")
    return NumberProblem{fmt::format("'{}' is not a finite number", text), "every setting is finite"};
  return std::nullopt;
}

std::optional<NumberProblem> truth_problem(std::string_view text) {
  if (text != "true" && text != "false") return std::nullopt;
  return NumberProblem{fmt::format("'{}' where a number belongs", text), "write the number"};
}

double round12(double value) { return std::strtod(fmt::format("{:.11e}", value).c_str(), nullptr); }
double round_half_up(double value) { return std::floor(value + 0.5); }
bool is_whole(double value) { return value == std::floor(value); }

Place inside(const Node& node, std::size_t offset) {
  if (node.place.line == 0) return node.place;
  return {node.place.line, node.place.column + static_cast<int>(offset) + (node.quoted ? 1 : 0)};
}

}  // namespace fieldscan::scan
