#include "readable.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "fieldscan/core/printable.hpp"

namespace fieldscan::analysis {
namespace {

struct Sign {
  std::string_view written, shown;
};

constexpr std::array<Sign, 7> signs{
    {{" && ", " and "}, {" || ", " or "}, {">=", "≥"}, {"<=", "≤"}, {"!=", "≠"}, {"==", "="}, {" * ", " · "}}};

bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

std::string superscript(std::string_view digits) {
  static constexpr std::array<std::string_view, 10> raised{"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string text;
  for (const char c : digits) text += raised.at(static_cast<std::size_t>(c - '0'));
  return text;
}

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

std::size_t past_digits(std::string_view text, std::size_t k) {
  while (k < text.size() && is_digit(text[k])) ++k;
  return k;
}

/// A number with an exponent: "2.5e+05".
struct Scientific {
  std::string_view mantissa, exponent;  ///< digits; those of the exponent without sign and leading zeros
  bool negative = false;
  std::size_t end = 0;
};

/// The number with an exponent that begins at a place; not within a name, and not where more of a name follows.
std::optional<Scientific> scientific_at(std::string_view text, std::size_t begin) {
  if (!is_digit(text[begin]) || (begin > 0 && (is_word(text[begin - 1]) || text[begin - 1] == '.')))
    return std::nullopt;
  std::size_t k = past_digits(text, begin);
  if (k + 1 < text.size() && text[k] == '.' && is_digit(text[k + 1])) k = past_digits(text, k + 1);
  Scientific number{.mantissa = text.substr(begin, k - begin), .exponent = {}};
  if (k >= text.size() || (text[k] != 'e' && text[k] != 'E')) return std::nullopt;
  ++k;
  if (k < text.size() && (text[k] == '+' || text[k] == '-')) number.negative = text[k++] == '-';
  number.end = past_digits(text, k);
  if (number.end == k) return std::nullopt;
  while (k + 1 < number.end && text[k] == '0') ++k;
  number.exponent = text.substr(k, number.end - k);
  const std::size_t after = text.find_first_not_of('.', number.end);
  if (after != std::string_view::npos && is_word(text[after])) return std::nullopt;
  return number;
}

/// Powers of ten: "1e-06" → "10⁻⁶", "2.5e+05" → "2.5·10⁵".
std::string with_powers(std::string_view text) {
  std::string out;
  for (std::size_t k = 0; k < text.size();) {
    const auto number = scientific_at(text, k);
    if (!number) {
      out += text[k++];
      continue;
    }
    if (number->mantissa != "1") out.append(number->mantissa).append("·");
    out.append("10").append(number->negative ? "⁻" : "").append(superscript(number->exponent));
    k = number->end;
  }
  return out;
}

/// A hyphen before a number, or between spaces, is a minus; in "two-way" it is none.
bool is_minus(std::string_view text, std::size_t k) {
  const char before = k > 0 ? text[k - 1] : ' ', after = k + 1 < text.size() ? text[k + 1] : ' ';
  if (before == ' ' && after == ' ') return true;
  return (is_digit(after) || after == '.') && (before == ' ' || before == '(' || before == '[');
}

}  // namespace

std::string one_line(std::string_view text) {
  std::string out = printable(text);
  std::ranges::replace_if(
      out, [](char c) { return c == '\n' || c == '\t'; }, ' ');
  return out;
}

std::string readable(std::string_view text) {
  const std::string powers = with_powers(one_line(text));
  std::string out;
  for (std::size_t k = 0; k < powers.size();) {
    const std::string_view rest = std::string_view(powers).substr(k);
    const auto sign = std::ranges::find_if(signs, [&](const Sign& s) { return rest.starts_with(s.written); });
    if (sign != signs.end()) {
      out += sign->shown;
      k += sign->written.size();
      continue;
    }
    const auto closing = rest[0] == '\'' ? rest.find('\'', 1) : std::string_view::npos;
    if (closing != std::string_view::npos && closing > 1 && rest.substr(1, closing - 1).find(' ') == rest.npos) {
      out += rest.substr(1, closing - 1);
      k += closing + 1;
    } else if (rest[0] == '-' && is_minus(powers, k)) {
      out += "−";
      ++k;
    } else {
      out += rest[0];
      ++k;
    }
  }
  return out;
}

}  // namespace fieldscan::analysis
