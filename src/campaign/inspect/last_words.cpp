#include "last_words.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>
#include <string_view>

namespace fieldscan::campaign {

namespace last_lines {
namespace {

constexpr std::streamoff most_of_log = 65536;
/// Events after which a run does nothing any more.
constexpr std::array<std::string_view, 4> endings{"store_gone", "broken", "end", "why"};

std::string tail_of(const std::filesystem::path& file) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(std::filesystem::symlink_status(file, ignored))) return "";
  std::ifstream in(file, std::ios::binary | std::ios::ate);
  const std::streamoff size = in.tellg();
  if (size <= 0) return "";
  in.seekg(std::max<std::streamoff>(size - most_of_log, 0));
  return {std::istreambuf_iterator<char>(in), {}};
}

/// The text behind a key of a line that this program wrote, its quotes and backslashes as they were.
std::string text_of(std::string_view line, std::string_view key) {
  const std::string before = std::string("\"") + std::string(key) + "\": \"";
  const auto found = line.find(before);
  if (found == std::string_view::npos) return "";
  std::string text;
  for (std::size_t k = found + before.size(); k < line.size() && line[k] != '"'; ++k) {
    if (line[k] == '\\' && k + 1 < line.size()) ++k;
    text += line[k];
  }
  return text;
}

}  // namespace
}  // namespace last_lines

LastWords last_words(const std::filesystem::path& directory) {
  using namespace last_lines;
  LastWords last;
  std::istringstream lines(tail_of(directory / "run.jsonl"));
  for (std::string line; std::getline(lines, line);) {
    if (!line.ends_with('}')) continue;  // cut off, by a disk that was full or by the beginning of the tail
    const std::string event = text_of(line, "event"), text = text_of(line, "text");
    if (event == "start") last = {};
    const bool ends = std::ranges::find(endings, event) != endings.end();
    const bool reason = ends && !(event == "end" && last.ended);
    if (reason || text_of(line, "level") == "error") last.words = text;
    last.ended = ends;
  }
  return last;
}

}  // namespace fieldscan::campaign
