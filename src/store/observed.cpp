#include "fieldscan/store/observed.hpp"

#include <algorithm>
#include <vector>

namespace fieldscan::store {

namespace {

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    if (end > 0) lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

}  // namespace

bool covers(std::string_view observed, std::string_view asked) {
  auto have = lines_of(observed), want = lines_of(asked);
  std::ranges::sort(have);
  std::ranges::sort(want);
  return std::ranges::includes(have, want);
}

}  // namespace fieldscan::store
