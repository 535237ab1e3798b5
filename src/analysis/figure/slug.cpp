#include "slug.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace fieldscan::analysis {

namespace {

/// Longer names of files are hard to read, and no file system takes those beyond 255 letters.
constexpr std::size_t longest_slug = 100;

}  // namespace

std::string slug_of(const std::string& name, std::vector<std::string>& taken) {
  std::string slug;
  for (const char c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)))
      slug += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    else if (!slug.empty() && slug.back() != '-')
      slug += '-';
  }
  slug.resize(std::min(slug.size(), longest_slug));
  while (!slug.empty() && slug.back() == '-') slug.pop_back();
  if (slug.empty()) slug = "figure";
  std::string unique = slug;
  for (int k = 2; std::ranges::find(taken, unique) != taken.end(); ++k) unique = fmt::format("{}-{}", slug, k);
  taken.push_back(unique);
  return unique;
}

}  // namespace fieldscan::analysis
