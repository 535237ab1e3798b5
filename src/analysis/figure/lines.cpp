#include "lines.hpp"

#include <algorithm>
#include <string_view>

#include "axis.hpp"

namespace fieldscan::analysis {

namespace text_lines {
namespace {

/// Where a line of a text may end: behind one of these.
constexpr std::string_view between_words = " /)", between_parts = " /)_.(";
std::size_t cut_of(const std::string& text, std::size_t from, double room, std::string_view ends) {
  std::size_t cut = std::string::npos;
  for (std::size_t k = from; k < text.size(); ++k) {
    const bool fits = letter * text_width(text.substr(from, k - from)) <= room;
    if (cut != std::string::npos && !fits) return cut;
    if (ends.find(text[k]) != std::string_view::npos) cut = k + 1;
  }
  return letter * text_width(text.substr(from)) <= room || cut == std::string::npos ? text.size() : cut;
}

constexpr std::size_t most_lines = 3;
constexpr double smallest_letter = 0.75;

bool fits(const std::string& text, double room) { return letter * text_width(text) <= room; }

std::vector<std::string> split_lines(const std::string& text, double room, std::string_view ends) {
  std::vector<std::string> lines;
  for (std::size_t k = 0; k < text.size();) {
    const std::size_t cut = cut_of(text, k, room, ends);
    const auto end = text.find_last_not_of(' ', cut - 1);
    if (end != std::string::npos && end >= k) lines.push_back(text.substr(k, end + 1 - k));
    k = cut;
  }
  return lines;
}

/// The first, the last, and between them what there is of the others.
std::vector<std::string> three_at_most(std::vector<std::string> lines, double room) {
  if (lines.size() <= most_lines) return lines;
  std::string middle;
  for (std::size_t k = 1; k + 1 < lines.size(); ++k) middle += (k > 1 ? " " : "") + lines[k];
  return {lines.front(), shortened(middle, room), lines.back()};
}

/// Where characters begin, and the end.
std::vector<std::size_t> beginnings(const std::string& text) {
  std::vector<std::size_t> places;
  for (std::size_t k = 0; k < text.size(); ++k)
    if ((static_cast<unsigned char>(text[k]) & 0xC0U) != 0x80U) places.push_back(k);
  places.push_back(text.size());
  return places;
}

}  // namespace
}  // namespace text_lines

std::string shortened(const std::string& text, double room) {
  if (text_lines::fits(text, room)) return text;
  const std::vector<std::size_t> at = text_lines::beginnings(text);
  const std::size_t letters = at.size() - 1;
  for (std::size_t kept = letters; kept-- > 0;) {
    const std::string part = text.substr(0, at[(kept + 1) / 2]) + "…" + text.substr(at[letters - kept / 2]);
    if (text_lines::fits(part, room)) return part;
  }
  return "…";
}

std::vector<std::string> wrapped(const std::string& text, double room) {
  return text_lines::three_at_most(text_lines::split_lines(text, room, text_lines::between_words), room);
}

std::vector<std::string> lines_within(const std::string& text, double room) {
  std::vector<std::string> lines;
  for (const std::string& line : text_lines::split_lines(text, room, text_lines::between_words))
    for (std::string& part : text_lines::split_lines(line, room, text_lines::between_parts))
      lines.push_back(shortened(part, room));
  return text_lines::three_at_most(std::move(lines), room);
}

std::vector<std::string> label_lines(const std::string& text, double length) {
  std::vector<std::string> lines = wrapped(text, length);
  const bool large_enough = std::ranges::all_of(
      lines, [&](const std::string& line) { return text_lines::fits(line, length / text_lines::smallest_letter); });
  return large_enough ? lines : lines_within(text, length);
}

}  // namespace fieldscan::analysis
