#include "fieldscan/core/printable.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fieldscan {
namespace {

unsigned byte_at(std::string_view text, std::size_t k) {
  return k < text.size() ? static_cast<unsigned char>(text[k]) : 0U;
}

/// The number of the character with which a text begins.
unsigned code_point(std::string_view text, std::size_t length) {
  const unsigned first = byte_at(text, 0);
  if (length == 1) return first;
  unsigned code = first & (0xFFU >> (length + 1));
  for (std::size_t k = 1; k < length; ++k) code = (code << 6) | (byte_at(text, k) & 0x3FU);
  return code;
}

bool commands(unsigned code) {
  const auto within = [code](unsigned low, unsigned high) { return code >= low && code <= high; };
  if (code == '\t' || code == '\n') return false;
  return within(0, 0x1F) || within(0x7F, 0x9F) || within(0x200E, 0x200F) || within(0x2028, 0x202E) ||
         within(0x2066, 0x2069) || code == 0xFEFF;
}

}  // namespace

std::size_t character_length(std::string_view text) {
  if (text.empty()) return 0;
  const unsigned first = byte_at(text, 0), second = byte_at(text, 1);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4) return 0;
  for (std::size_t k = 1; k < length; ++k)
    if ((byte_at(text, k) & 0xC0U) != 0x80U) return 0;
  // Longer than need be, half of a surrogate pair, beyond the last character.
  const bool none = (first == 0xE0 && second < 0xA0) || (first == 0xED && second >= 0xA0) ||
                    (first == 0xF0 && second < 0x90) || (first == 0xF4 && second >= 0x90);
  return none ? 0 : length;
}

bool is_control(std::string_view text) {
  const std::size_t length = character_length(text);
  return length > 0 && commands(code_point(text, length));
}

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    const unsigned code = length > 0 ? code_point(text, length) : byte_at(text, 0);
    if (length == 0 || (length == 1 && commands(code)))
      out += fmt::format("\\x{:02x}", code);
    else if (commands(code))
      out += fmt::format("\\u{:04x}", code);
    else
      out += text.substr(0, length);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

std::string json_quoted(std::string_view text) {
  std::string out = "\"";
  out.reserve(text.size() + 2);
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    const unsigned code = length > 0 ? code_point(text, length) : 0xFFFDU;
    if (code == '"' || code == '\\')
      (out += '\\') += static_cast<char>(code);
    else if (length == 0 || code < 0x20 || commands(code))
      out += fmt::format("\\u{:04x}", code);
    else
      out += text.substr(0, length);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out + '"';
}

std::string shortened(std::string_view text, std::size_t most) {
  if (text.size() <= most) return std::string(text);
  std::size_t cut = most;
  while (cut > 0 && (byte_at(text, cut) & 0xC0U) == 0x80U) --cut;
  return std::string(text.substr(0, cut)) + "…";
}

}  // namespace fieldscan
