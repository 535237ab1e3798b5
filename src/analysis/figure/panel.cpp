#include "panel.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "../formula/groups.hpp"
#include "along.hpp"
#include "beside.hpp"
#include "draws.hpp"
#include "ended.hpp"
#include "ended_marks.hpp"
#include "order.hpp"
#include "overlay.hpp"

namespace fieldscan::analysis {
namespace {

DrawnCurve::Style style_of(const Wish& wish, const scan::Curves& kind) {
  if (kind.style == scan::Curves::Style::lines) return DrawnCurve::Style::line;
  if (kind.style == scan::Curves::Style::points) return DrawnCurve::Style::points;
  const bool measured = mentions_measurement(wish.plot) || wish.plot.any(scan::ResolvedName::Kind::definition);
  return measured ? DrawnCurve::Style::points : DrawnCurve::Style::line;
}

/// How many colours the groups of a panel have, those too that have numbers beyond a theory's range alone, or none.
std::size_t colours_of(const Panel& panel) {
  std::size_t count = 0;
  for (const auto* curves : {&panel.curves, &panel.ended})
    for (const DrawnCurve& c : *curves)
      if (c.colour != neutral_colour) count = std::max(count, c.colour + 1);
  return count;
}

/// The axes along which the curves of defined numbers went: such a number has no place on them, and stands at the first
/// of their points. Those that none of its keys has.
std::set<std::string> used_up(const Context& context, const scan::Mentions& formula) {
  std::set<std::string> axes;
  for (const auto& atom : formula.atoms) {
    if (atom.kind != scan::ResolvedName::Kind::definition) return {};
    const auto numbers = context.definitions.find(atom.name);
    if (numbers == context.definitions.end()) return {};
    for (const Axis& axis : context.table->axes)
      if (std::ranges::none_of(numbers->second, [&](const auto& number) { return number.key.contains(axis.path); }))
        axes.insert(axis.path);
  }
  return axes;
}

/// Which groups a panel has no room for.
std::string words_without_room(const std::vector<std::string>& labels, const std::string& title,
                               const std::string& quantity) {
  if (labels.empty()) return "";
  std::string where = title;
  if (!quantity.empty()) where += (where.empty() ? "" : ", ") + quantity;
  return fmt::format("Not drawn{}{}, for there is room for {} curves: {}", where.empty() ? "" : " of ", where,
                     most_curves, fmt::join(labels, "; "));
}

/// The curves of one quantity.
void add_quantity(const Context& context, const Wish& wish, const scan::Curves& kind, const std::vector<Site>& sites,
                  const std::string& quantity, Panel& panel) {
  std::vector<Beside> references = references_of(context, wish, kind);
  std::set<std::string> free = wish.free;
  free.merge(used_up(context, wish.plot));
  Drawn drawn{.first_colour = colours_of(panel), .quantity = quantity};
  std::string nothing, seen;
  Ended ended(scan::versus_of(wish.figure).at(0).text), without_theory = ended;
  std::vector<Group> groups = sorted_groups(group_sites(context, sites, free, wish.figure.by, &wish.versus));
  std::vector<std::string> left_out;
  std::size_t with_numbers = 0;
  const bool room = drawn.first_colour + groups.size() <= most_curves;  // else those that have numbers come first
  for (Group& group : groups) {
    const Along along = numbers_along(context, wish.plot, wish, group.sites, "", Draws::paired);
    const DrawnCurve like{.label = group.label,
                          .quantity = quantity,
                          .with = {},
                          .style = style_of(wish, kind),
                          .colour = drawn.first_colour + drawn.groups.size()};
    std::vector<DrawnCurve> curves = curves_of(along, like);
    ended.add(along, like.label);
    std::optional<DrawnCurve> without = ended_points(along, like);
    if (curves.empty()) {
      if (nothing.empty()) nothing = words_of_nothing(along, wish.of);
      if (!without || !room) continue;
      panel.ended.push_back(std::move(*without));
      if (seen.empty()) seen = words_of_seen(along);
      drawn.groups.push_back(std::move(group));
      continue;
    }
    if (like.colour >= most_curves) {
      ++panel.left_out;
      left_out.push_back(like.label);
      continue;
    }
    ++with_numbers;
    if (without) panel.ended.push_back(std::move(*without));
    if (kind.draws && mentions_measurement(wish.plot)) add_draws(along, like, panel);
    for (DrawnCurve& curve : curves) panel.curves.push_back(std::move(curve));
    panel.add_remark(words_of_gaps(along, wish.of));
    panel.add_remark(words_of_ends(along));
    panel.add_remark(words_without_errors(along));
    panel.unsettled.join(unsettled_of(along));
    add_references(context, wish, kind, references, group, like, panel, without_theory);
    for (const scan::Formula& mark : kind.mark) {
      if (drawn.first_colour > 0) break;  // those of the first quantity are those of all
      const Quantity q = evaluate(context, context.resolve(mark.text), group.sites.front());
      if (q.has_value()) panel.marks.push_back({mark.text, q.value, like.colour});
    }
    drawn.groups.push_back(std::move(group));
  }
  if (drawn.groups.empty() && ended.empty()) panel.add_remark(nothing);
  if (with_numbers > 0) panel.add_remark(seen);
  ended.tell(panel, quantity);
  without_theory.tell(panel, quantity.empty() ? "" : "theories beside " + quantity);
  panel.add_remark(words_without_room(left_out, panel.title, quantity));
  if (quantity.empty()) free_common_theories(panel, references, with_numbers);
  panel.ordered = quantity.empty() && ascend(drawn.groups);
  add_tests(context, wish, drawn, panel);
}

}  // namespace

Panel make_panel(const Context& context, const std::vector<Wish>& wishes, const scan::Curves& kind,
                 const std::string& title, const std::vector<Site>& sites) {
  Panel panel;
  panel.title = title;
  for (const Wish& wish : wishes) add_quantity(context, wish, kind, sites, wishes.size() > 1 ? wish.of : "", panel);
  return panel;
}

}  // namespace fieldscan::analysis
