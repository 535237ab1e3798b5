#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "list.hpp"

namespace fieldscan::analysis {
namespace {

struct Point {
  double x = 0;
  Quantity y;
  std::string curve;  ///< labels along the axes that should not matter
};

/// y of the other curves at x, by a straight line between the nearest of their points on both sides; nullopt where one side has none.
std::optional<Quantity> of_others(const std::vector<Point>& points, const Point& point) {
  const Point *left = nullptr, *right = nullptr;
  for (const Point& other : points) {
    if (other.curve == point.curve) continue;
    if (other.x <= point.x && (!left || other.x > left->x)) left = &other;
    if (other.x >= point.x && (!right || other.x < right->x)) right = &other;
  }
  if (!left || !right) return std::nullopt;
  const double part = right->x > left->x ? (point.x - left->x) / (right->x - left->x) : 0;
  const std::array<Quantity, 2> ends{left->y, right->y};
  const std::array<double, 2> weights{1 - part, part};
  return combine((1 - part) * left->y.value + part * right->y.value, ends, weights);
}

Finding of_group(const std::vector<Point>& points, const scan::Margin& margin) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const Point& p : points) low = std::min(low, p.y.value), high = std::max(high, p.y.value);
  const Allowed allowed = around_zero(margin, high - low);
  std::vector<Finding> distances;
  for (const Point& p : points)
    if (const auto others = of_others(points, p)) {
      const Quantity d = difference(p.y, *others);
      distances.push_back(judge(d, allowed, members_for_mean));
      distances.back().statement = fmt::format("largest distance from the other curves {} at {} ({}), allowed ± {}",
                                               text_of(d), number(p.x), p.curve, number(allowed.high));
    }
  return worst_of(distances);
}

}  // namespace

/// Every point against the interpolation of the other curves; a relative margin (10 % where none is given) is a part of the range of
/// all values. The interpolation's own error counts: the grid must be fine enough.
std::vector<Finding> test_collapse(const Context& context, const scan::Test& test) {
  std::vector<Finding> findings;
  for (const scan::Formula& formula : test.of) {
    const Selection selection = selection_of(context, test, formula, test.over);
    const scan::Mentions versus = context.resolve(test.versus.at(0).text);
    const std::set<std::string> over = full_names(context, test.over);
    std::set<std::string> free = names_in(versus);
    free.insert(over.begin(), over.end());
    const std::vector<Site> sites = in_window(context, test, versus, select_sites(context, selection));
    for (const Group& group : group_sites(context, sites, free, test.by, &versus)) {
      std::vector<Point> points;
      for (const Site& site : group.sites) {
        const Quantity x = evaluate(context, versus, site), y = evaluate(context, selection.formulas[0], site);
        if (!x.has_value() || !y.has_value()) continue;
        std::string curve;
        for (const std::string& name : over)
          curve += (curve.empty() ? "" : ", ") + name + " = " + label_at(context, site, name);
        points.push_back({x.value, y, curve});
      }
      findings.push_back(of_group(points, test.within.value_or(scan::Margin{0.1, true})));
      findings.back().label = group.label;
    }
  }
  return findings;
}

}  // namespace fieldscan::analysis
