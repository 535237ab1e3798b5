#include "fieldscan/core/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>

namespace fieldscan {

namespace {

char folded(char c) { return c == '-' ? '_' : static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

}  // namespace

int edit_distance(std::string_view a, std::string_view b) {
  // Three rows of the table of Damerau and Levenshtein: here, one above, two above.
  std::vector<int> above2(b.size() + 1), above(b.size() + 1), here(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) above[j] = static_cast<int>(j);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    here[0] = static_cast<int>(i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = folded(a[i - 1]) == folded(b[j - 1]);
      here[j] = std::min({above[j] + 1, here[j - 1] + 1, above[j - 1] + (same ? 0 : 1)});
      if (i > 1 && j > 1 && folded(a[i - 1]) == folded(b[j - 2]) && folded(a[i - 2]) == folded(b[j - 1]))
        here[j] = std::min(here[j], above2[j - 2] + 1);
    }
    std::swap(above2, above);
    std::swap(above, here);
  }
  return above[b.size()];
}

std::vector<std::string_view> nearest(std::string_view word, std::span<const std::string_view> candidates) {
  const int limit = std::max(1, static_cast<int>(word.size()) / 3);
  std::vector<std::pair<int, std::string_view>> found;
  for (const std::string_view candidate : candidates) {
    const auto longer = static_cast<int>(word.size()) - static_cast<int>(candidate.size());
    if (std::abs(longer) > limit) continue;  // so many insertions at least
    if (const int distance = edit_distance(word, candidate); distance <= limit) found.emplace_back(distance, candidate);
  }
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string_view> names;
  for (const auto& [distance, name] : found)
    if (names.size() < 3 && std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  return names;
}

std::string join_or(std::span<const std::string_view> words) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) out += i + 1 == words.size() ? " or " : ", ";
    out += words[i];
  }
  return out;
}

std::string shortest(double value) { return fmt::format("{}", value == 0 ? 0.0 : value); }

}  // namespace fieldscan
