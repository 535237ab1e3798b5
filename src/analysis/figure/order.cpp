#include "order.hpp"

#include <algorithm>
#include <charconv>
#include <functional>
#include <map>
#include <optional>
#include <set>

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

/// A group may have numbers beyond a theory's range alone.
bool is_group(const DrawnCurve& c) { return c.with.empty() || (is_outside(c.dash) && c.colour != neutral_colour); }

bool has_group(const Panel& panel, const std::string& label) {
  const auto is_it = [&](const DrawnCurve& c) { return is_group(c) && c.name() == label; };
  return std::ranges::any_of(panel.curves, is_it) || std::ranges::any_of(panel.ended, is_it);
}

/// Of more groups than there are colours those that most panels have, in their order; none where a panel would be left
/// without, or where panels share none.
std::vector<std::string> most_widespread(const std::vector<Panel>& panels, const std::vector<std::string>& labels) {
  const auto panels_with = [&](const std::string& label) {
    return std::ranges::count_if(panels, [&](const Panel& panel) { return has_group(panel, label); });
  };
  std::vector<std::string> chosen = labels;
  std::ranges::stable_sort(chosen, std::greater{}, panels_with);
  if (panels_with(chosen.front()) < 2) return {};
  chosen.resize(most_curves);
  for (const Panel& panel : panels)
    if (std::ranges::none_of(chosen, [&](const std::string& label) { return has_group(panel, label); })) return {};
  std::vector<std::string> kept;
  for (const std::string& label : labels)
    if (std::ranges::find(chosen, label) != chosen.end()) kept.push_back(label);
  return kept;
}

/// Takes the groups out of a panel that have none of the shared colours, with all that is theirs.
void take_out(Panel& panel, const std::vector<std::string>& labels) {
  std::set<std::size_t> without;
  for (const auto* curves : {&panel.curves, &panel.ended})
    for (const DrawnCurve& c : *curves)
      if (is_group(c) && std::ranges::find(labels, c.name()) == labels.end()) without.insert(c.colour);
  const auto is_without = [&](const auto& drawn) { return without.contains(drawn.colour); };
  for (auto* curves : {&panel.curves, &panel.ended, &panel.residuals}) std::erase_if(*curves, is_without);
  std::erase_if(panel.marks, is_without);
  panel.left_out += without.size();
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
  for (const Panel& panel : panels)
    for (const auto* curves : {&panel.curves, &panel.ended})
      for (const DrawnCurve& c : *curves)
        if (is_group(c) && std::ranges::find(labels, c.name()) == labels.end()) labels.push_back(c.name());
  const bool unnamed = std::ranges::find(labels, "") != labels.end();  // the only group of a panel
  if (panels.size() < 2 || unnamed) return;
  if (labels.size() > most_curves) labels = most_widespread(panels, labels);
  if (labels.empty()) return;
  const auto is_number = [](const std::string& label) { return number_in(label).has_value(); };
  const bool numbers = std::ranges::all_of(labels, is_number);
  if (numbers) std::ranges::stable_sort(labels, {}, [](const std::string& label) { return *number_in(label); });
  const bool ordered = numbers && labels.size() >= enough_for_order;
  for (Panel& panel : panels) {
    take_out(panel, labels);
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
