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

std::optional<Expression> compile(const Node& node, Scope scope, Report& report, const std::string& path) {
  if (!node.is_scalar()) {
    report.error("FS0201", node.place, path, fmt::format("{} where an expression belongs", describe(node)));
    return std::nullopt;
  }
  if (const auto problem = number_problem(node.text)) {
    report.error("FS0203", node.place, path, problem->message, problem->help);
    return std::nullopt;
  }
  try {
    return Expression::compile(node.text, scope);
  } catch (const ExpressionError& error) {
    report.error(error.code().c_str(), inside(node, error.offset()), path, error.what(), error.help());
    return std::nullopt;
  }
}

std::optional<double> constant(const Node& node, Report& report, const std::string& path) {
  if (node.is_plain())
    if (const auto number = parse_number(node.text)) return number;
  if (const auto problem = truth_problem(node.is_scalar() ? node.text : "")) {
    report.error("FS0201", node.place, path, problem->message, problem->help);
    return std::nullopt;
  }
  const auto expression = compile(node, Scope::point, report, path);
  if (!expression) return std::nullopt;
  if (!expression->is_constant()) {
    report.error(
        "FS0412", inside(node, expression->atoms()[0].offset), path,
        fmt::format("'{}' has no value here: only numbers can stand in this place", expression->atoms()[0].text),
        "write a number, or an expression of numbers such as 2^10");
    return std::nullopt;
  }
  const double value = expression->evaluate(std::span<const double>{});
  if (!std::isfinite(value)) {
    report.error("FS0411", node.place, path, fmt::format("'{}' is not a finite number", node.text));
    return std::nullopt;
  }
  return value;
}

std::optional<double> whole(const Node& node, Report& report, const std::string& path, double low, double high) {
  const auto value = constant(node, report, path);
  if (!value) return std::nullopt;
  if (!is_whole(*value) || !(*value >= low) || !(*value <= high)) {
    const std::string bound = *value > high ? fmt::format("at most {:.0f}", high) : fmt::format("at least {:.0f}", low);
    report.error("FS0202", node.place, path,
                 fmt::format("found {}; a whole number, {}, belongs here", node.text, bound));
    return std::nullopt;
  }
  return value;
}

}  // namespace fieldscan::scan
