#include "no_number.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <optional>
#include <string_view>
#include <vector>

#include "../text/number.hpp"

namespace fieldscan::analysis {

namespace no_number {
namespace {

bool is_of_name(char c) { return (std::isalnum(static_cast<unsigned char>(c)) != 0) || c == '_' || c == '.'; }

/// Behind the bracket that closes the one at `open`.
std::size_t behind_brackets(std::string_view text, std::size_t open) {
  int depth = 0;
  for (std::size_t k = open; k < text.size(); ++k) {
    depth += text[k] == '(' ? 1 : text[k] == ')' ? -1 : 0;
    if (depth == 0) return k + 1;
  }
  return text.size();
}

std::size_t behind_spaces(std::string_view text, std::size_t at) {
  while (at < text.size() && text[at] == ' ') ++at;
  return at;
}

/// Behind what binds more tightly than * and /: signs, a number, a name, a call or brackets, and its power.
std::size_t behind_operand(std::string_view text, std::size_t at) {
  at = behind_spaces(text, at);
  while (at < text.size() && (text[at] == '-' || text[at] == '+' || text[at] == '!')) at = behind_spaces(text, at + 1);
  while (at < text.size() && is_of_name(text[at])) ++at;
  if (at < text.size() && text[at] == '(') at = behind_brackets(text, at);
  const std::size_t next = behind_spaces(text, at);
  return next < text.size() && text[next] == '^' ? behind_operand(text, next + 1) : at;
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

/// The value of a part of a formula; nothing where it is no formula by itself.
std::optional<double> value_of(std::string_view part, const scan::Expression& formula, std::span<const double> values) {
  try {
    const scan::Expression own = scan::Expression::compile(part, scan::Scope::statement);
    std::vector<double> numbers;
    for (const scan::Atom& atom : own.atoms()) {
      const auto at = std::ranges::find(formula.atoms(), atom.text, &scan::Atom::text);
      if (at == formula.atoms().end()) return std::nullopt;
      numbers.push_back(values[static_cast<std::size_t>(at - formula.atoms().begin())]);
    }
    return own.evaluate(std::span<const double>(numbers));
  } catch (const scan::ExpressionError&) {
    return std::nullopt;
  }
}

/// What a function makes no number of, in words; empty where its argument is as it should be.
std::string_view outside_domain(std::string_view function, double x) {
  if (function == "log" || function == "log2" || function == "log10")
    return x < 0 ? "logarithm of a negative number" : x == 0 ? "logarithm of zero" : "";
  if (function == "sqrt") return x < 0 ? "root of a negative number" : "";
  if (function == "asin" || function == "acos") return std::abs(x) > 1 ? "arc of a number beyond 1" : "";
  if (function == "exp") return x > 709 ? "exponential of a large number" : "";
  return "";
}

/// A part that a formula applies something to, and what it is wrong for.
struct Culprit {
  std::string_view what, part;
  double value = 0;
};

/// That of the divisor or of the call that begins at a place; nothing where neither does.
std::optional<Culprit> culprit_at(std::string_view text, std::size_t at, const scan::Expression& formula,
                                  std::span<const double> values) {
  if (text[at] == '/') {
    const std::string_view part = trimmed(text.substr(at + 1, behind_operand(text, at + 1) - at - 1));
    const auto value = value_of(part, formula, values);
    return value && *value == 0 ? std::optional(Culprit{"division by zero", part, 0}) : std::nullopt;
  }
  if (text[at] != '(' || at == 0 || !is_of_name(text[at - 1])) return std::nullopt;
  std::size_t begin = at;
  while (begin > 0 && is_of_name(text[begin - 1])) --begin;
  const std::string_view part = trimmed(text.substr(at + 1, behind_brackets(text, at) - at - 2));
  const auto value = value_of(part, formula, values);
  const std::string_view what = value ? outside_domain(text.substr(begin, at - begin), *value) : "";
  return what.empty() ? std::nullopt : std::optional(Culprit{what, part, *value});
}

}  // namespace
}  // namespace no_number

std::string why_no_number(const scan::Expression& formula, std::span<const double> values) {
  const std::string_view text = formula.text();
  for (std::size_t at = 0; at < text.size(); ++at)
    if (const auto culprit = no_number::culprit_at(text, at, formula, values))
      return fmt::format("{}: {} is {}", culprit->what, culprit->part, number(culprit->value));
  return "the number is not finite";
}

}  // namespace fieldscan::analysis
