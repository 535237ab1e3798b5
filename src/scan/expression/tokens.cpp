#include "tokens.hpp"

#include <fmt/format.h>

#include <array>
#include <cctype>
#include <optional>

#include "fieldscan/scan/expression/expression.hpp"

namespace fieldscan::scan {
namespace {

bool letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) || c == '_'; }
bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)); }

std::size_t number_length(std::string_view s) {
  std::size_t n = 0;
  while (n < s.size() && is_digit(s[n])) ++n;
  if (n < s.size() && s[n] == '.') {
    ++n;
    while (n < s.size() && is_digit(s[n])) ++n;
  }
  if (n < s.size() && (s[n] == 'e' || s[n] == 'E')) {
    std::size_t m = n + 1;
    if (m < s.size() && (s[m] == '+' || s[m] == '-')) ++m;
    if (m < s.size() && is_digit(s[m])) {
      while (m < s.size() && is_digit(s[m])) ++m;
      n = m;
    }
  }
  return n;
}

/// A name: letters, digits, underscores, and dots between parts.
std::size_t name_length(std::string_view s) {
  std::size_t n = 1;
  while (n < s.size() && (letter(s[n]) || is_digit(s[n]) || (s[n] == '.' && n + 1 < s.size() && letter(s[n + 1])))) ++n;
  return n;
}

struct Lookalike {
  std::string_view text, meaning;
};
constexpr std::array<Lookalike, 10> lookalikes{{{"−", "-"},
                                                {"–", "-"},
                                                {"·", "*"},
                                                {"×", "*"},
                                                {"²", "^2"},
                                                {"³", "^3"},
                                                {"≥", ">="},
                                                {"≤", "<="},
                                                {"≠", "!="},
                                                {"√", "sqrt()"}}};

[[noreturn]] void fail_character(std::string_view text, std::size_t at) {
  for (const auto& [sign, meaning] : lookalikes)
    if (text.substr(at).starts_with(sign))
      throw ExpressionError("FS0401", at, fmt::format("'{}' is not an operator here", sign),
                            fmt::format("write {}", meaning));
  const auto byte = static_cast<unsigned char>(text[at]);
  if (byte >= 0x80)
    throw ExpressionError("FS0401", at, "a character that expressions do not know",
                          "names are of letters, digits and '_': sigma2, beta");
  const bool printable = std::isprint(byte);
  const std::string shown = printable ? fmt::format("'{}'", text[at]) : fmt::format("the byte 0x{:02x}", byte);
  const std::string help = text[at] == '%'                      ? "a share is a plain number: 0.03"
                           : text[at] == '"'                    ? "words stand in single quotes: activation == 'erf'"
                           : text[at] == '&' || text[at] == '|' ? "write && and ||"
                           : text[at] == '['                    ? "one of several values: width == 8 || width == 16"
                                                                : "operators: + - * / ^ == != < <= > >= && || ! ?:";
  throw ExpressionError("FS0401", at, fmt::format("{} has no meaning in an expression", shown), help);
}

/// 'erf' from its first quote to behind its last one.
std::string_view quoted_word(std::string_view text, std::size_t at) {
  const std::size_t close = text.find('\'', at + 1);
  if (close == std::string_view::npos)
    throw ExpressionError("FS0401", at, "a word whose quote is not closed", "words stand in single quotes: 'erf'");
  if (close == at + 1 && close + 1 < text.size() && letter(text[close + 1]))
    throw ExpressionError("FS0401", at, "two quotes where one belongs",
                          fmt::format("write '{}'", text.substr(close + 1, name_length(text.substr(close + 1)))));
  return text.substr(at, close + 1 - at);
}

std::optional<std::size_t> symbol_length(std::string_view s) {
  constexpr std::array<std::string_view, 6> two{"==", "!=", "<=", ">=", "&&", "||"};
  for (const auto symbol : two)
    if (s.starts_with(symbol)) return 2;
  if (std::string_view("+-*/^()<>!?:,=").find(s[0]) != std::string_view::npos) return 1;
  return std::nullopt;
}

}  // namespace

std::vector<Token> tokenize(std::string_view text) {
  std::vector<Token> tokens;
  std::size_t at = 0;
  while (at < text.size()) {
    const char c = text[at];
    const std::string_view rest = text.substr(at);
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      ++at;
    } else if (is_digit(c) || (c == '.' && rest.size() > 1 && is_digit(rest[1]))) {
      const std::size_t n = number_length(rest);
      tokens.push_back({Token::Kind::number, rest.substr(0, n), at});
      at += n;
    } else if (letter(c)) {
      const std::size_t n = name_length(rest);
      tokens.push_back({Token::Kind::name, rest.substr(0, n), at});
      at += n;
    } else if (c == '\'') {
      const std::string_view word = quoted_word(text, at);
      tokens.push_back({Token::Kind::word, word.substr(1, word.size() - 2), at});
      at += word.size();
    } else if (const auto n = symbol_length(rest)) {
      tokens.push_back({Token::Kind::symbol, rest.substr(0, *n), at});
      at += *n;
    } else {
      fail_character(text, at);
    }
  }
  tokens.push_back({Token::Kind::end, text.substr(text.size()), text.size()});
  return tokens;
}

}  // namespace fieldscan::scan
