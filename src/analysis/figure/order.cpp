#include "order.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace fieldscan::analysis {
namespace {

/// The number of "width = 128".
std::optional<double> number_in(const std::string& label) {
  const auto at = label.rfind(" = ");
  if (at == std::string::npos || label.find(',') != std::string::npos) return std::nullopt;
  const char *begin = label.data() + at + 3, *end = label.data() + label.size();
  double value = 0;
  const auto [rest, error] = std::from_chars(begin, end, value);
  return error == std::errc() && rest == end ? std::optional(value) : std::nullopt;
}

}  // namespace

std::vector<Group> sorted_groups(std::vector<Group> groups) {
  const auto is_number = [](const Group& group) { return number_in(group.label).has_value(); };
  if (std::ranges::all_of(groups, is_number))
    std::ranges::stable_sort(groups, {}, [](const Group& group) { return *number_in(group.label); });
  return groups;
}

bool ascend(const std::vector<Group>& groups) {
  return groups.size() >= 4 &&
         std::ranges::all_of(groups, [](const Group& g) { return number_in(g.label).has_value(); });
}

}  // namespace fieldscan::analysis
