#include "readable.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <regex>

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
  for (const char c : digits) text += c == '-' ? "⁻" : raised.at(static_cast<std::size_t>(c - '0'));
  return text;
}

/// Powers of ten: "1e-06" → "10⁻⁶", "2.5e+05" → "2.5·10⁵".
std::string with_powers(const std::string& text) {
  const std::regex number(R"((^|[^\w.])(\d+(?:\.\d+)?)[eE]([+-]?)0*(\d+)(?![\w.]*\w))");
  std::string out;
  auto from = text.cbegin();
  for (std::sregex_iterator match(text.begin(), text.end(), number), end; match != end; ++match) {
    const std::smatch& m = *match;
    out.append(from, m[0].first);
    const std::string mantissa = m[2].str() == "1" ? "" : m[2].str() + "·";
    out += m[1].str() + mantissa + "10" + superscript((m[3].str() == "-" ? "-" : "") + m[4].str());
    from = m[0].second;
  }
  return out.append(from, text.cend());
}

/// A hyphen before a number, or between spaces, is a minus; in "two-way" it is none.
bool is_minus(std::string_view text, std::size_t k) {
  const char before = k > 0 ? text[k - 1] : ' ', after = k + 1 < text.size() ? text[k + 1] : ' ';
  if (before == ' ' && after == ' ') return true;
  return (is_digit(after) || after == '.') && (before == ' ' || before == '(' || before == '[');
}

}  // namespace

std::string readable(std::string_view text) {
  const std::string powers = with_powers(std::string(text));
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
