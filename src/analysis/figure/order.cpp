#include "order.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>

namespace fieldscan::analysis {
namespace {

constexpr std::size_t enough_for_order = 4;

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
  return groups.size() >= enough_for_order &&
         std::ranges::all_of(groups, [](const Group& g) { return number_in(g.label).has_value(); });
}

void share_colours(std::vector<Panel>& panels) {
  std::vector<std::string> labels;
  // A group may have numbers beyond a theory's range alone.
  const auto is_group = [](const DrawnCurve& c) {
    return c.with.empty() || (c.dash == outside_dash && c.colour != neutral_colour);
  };
  for (const Panel& panel : panels)
    for (const auto* curves : {&panel.curves, &panel.ended})
      for (const DrawnCurve& c : *curves)
        if (is_group(c) && std::ranges::find(labels, c.name()) == labels.end()) labels.push_back(c.name());
  const bool unnamed = std::ranges::find(labels, "") != labels.end();  // the only group of a panel
  if (panels.size() < 2 || unnamed || labels.size() > most_curves) return;
  const auto is_number = [](const std::string& label) { return number_in(label).has_value(); };
  const bool numbers = std::ranges::all_of(labels, is_number);
  if (numbers) std::ranges::stable_sort(labels, {}, [](const std::string& label) { return *number_in(label); });
  const bool ordered = numbers && labels.size() >= enough_for_order;
  for (Panel& panel : panels) {
    std::map<std::size_t, std::size_t> shared{{neutral_colour, neutral_colour}};
    for (const auto* curves : {&panel.curves, &panel.ended})
      for (const DrawnCurve& c : *curves)
        if (is_group(c))
          shared[c.colour] = static_cast<std::size_t>(std::ranges::find(labels, c.name()) - labels.begin());
    const auto place = [&](std::size_t colour) { return shared.contains(colour) ? shared.at(colour) : colour; };
    for (auto* curves : {&panel.curves, &panel.ended, &panel.residuals})
      for (DrawnCurve& c : *curves) c.colour = place(c.colour);
    for (Mark& mark : panel.marks) mark.colour = place(mark.colour);
    panel.ordered = ordered;
    panel.groups = labels.size();
  }
}

}  // namespace fieldscan::analysis
