#include "characters.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "fieldscan/core/printable.hpp"

namespace fieldscan::scan {
namespace {

constexpr std::size_t most_bytes = 4000000;  ///< of a file

}  // namespace

std::optional<BadCharacter> first_bad_character(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view rest = text.substr(at);
    const std::size_t length = character_length(rest);
    if (length == 0)
      return BadCharacter{at, fmt::format("the byte {}, which is no UTF-8", printable(rest.substr(0, 1)))};
    if (is_control(rest))
      return BadCharacter{at, fmt::format("the control character {}", printable(rest.substr(0, length)))};
    at += length;
  }
  return std::nullopt;
}

void reject_unreadable(const std::string& text, Report& report) {
  if (text.size() > most_bytes)
    return report.error("FS0008", {1, 1}, "", fmt::format("a scan file of more than {} bytes", most_bytes),
                        "use spacings, {logspace: [a, b], num: n}, and files of data");
  std::string_view rest = text;
  if (rest.starts_with("\xEF\xBB\xBF")) rest.remove_prefix(3);
  Place place{1, 1};
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    const auto bad = first_bad_character(line.ends_with('\r') ? line.substr(0, line.size() - 1) : line);
    if (bad) {
      for (const char c : line.substr(0, bad->offset)) place.column += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
      return report.error("FS0011", place, "", fmt::format("a text with {}", bad->what),
                          "save the file as UTF-8, without control characters");
    }
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    ++place.line;
  }
}

void reject_tabs(const std::string& text, Report& report) {
  int line = 1;
  std::size_t start = 0;
  while (start < text.size()) {
    std::size_t at = start;
    while (at < text.size() && text[at] == ' ') ++at;
    if (at < text.size() && text[at] == '\t') {
      const auto content = text.find_first_not_of(" \t", at);
      if (content != std::string::npos && text[content] != '\n' && text[content] != '#' && text[content] != '\r')
        report.error("FS0002", {line, static_cast<int>(at - start) + 1}, "", "a tab in the indentation",
                     "indent with spaces");
    }
    const auto end = text.find('\n', start);
    if (end == std::string::npos) break;
    start = end + 1;
    ++line;
  }
}

}  // namespace fieldscan::scan
