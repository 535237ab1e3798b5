#include "along.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "../quantity/observed.hpp"
#include "../verdict/judge.hpp"
#include "map_cells.hpp"

namespace fieldscan::analysis {

namespace along {
namespace {

/// The last time at which any network of a point has a row, which may be one that diverged after it.
std::optional<TimePick> last_seen(const TablePoint& point) {
  std::optional<double> last;
  for (const Member& member : point.measured.members)
    for (const Row& row : member.rows)
      if (std::isfinite(row.time)) last = std::max(last.value_or(row.time), row.time);
  return last ? std::optional(TimePick{TimePick::Kind::exact, *last}) : std::nullopt;
}

/// A number that is to stand along time, and has none: nothing says at which.
Along::Number without_abscissa(const Context& context, const scan::Mentions& versus, const Site& site, double x,
                               Quantity y) {
  Along::Number number{.x = x, .y = std::move(y), .placed = false};
  if (const auto time = last_seen(context.table->points.at(site.point))) {
    const Quantity at = evaluate(context, versus, {site.point, *time, site.coordinate, site.dimension});
    if (at.has_value() && std::isfinite(at.value)) number.seen = at.value;
  }
  return number;
}

}  // namespace
}  // namespace along

void add_point(DrawnCurve& curve, double x, const Quantity& y) {
  const std::optional<Uncertainty> known = uncertainty_of(y);
  const Interval i = known ? known->interval : Interval{y.value, y.value};
  curve.x.push_back(x);
  curve.y.push_back(y.value);
  curve.low.push_back(i.low);
  curve.high.push_back(i.high);
  curve.censored.push_back(y.censored != Censored::no);
  curve.members.push_back(members(y, estimate(y)));
  const Unsettled unsettled = unsettled_of(y);
  curve.unsettled.push_back(std::max(unsettled.chains, unsettled.networks));
  curve.basis.push_back(marked_basis(y));
  curve.no_interval.push_back(!known);
}

Along numbers_along(const Context& context, const scan::Mentions& formula, const Wish& wish,
                    const std::vector<Site>& sites, const std::string& theory, Draws draws) {
  Along along;
  const bool in_time = names_in(wish.versus).contains("time");
  for (const Site& site : sites) {
    if (after_training(context.table->points.at(site.point), site.time)) {
      along.ended = true;
      continue;
    }
    const Quantity x = evaluate(context, wish.versus, site);
    if (!x.has_value() || !std::isfinite(x.value)) continue;
    Quantity y = evaluate(context, formula, site, theory, Power::plain, draws);
    const bool placed = site.time.kind == TimePick::Kind::exact || !in_time || !is_ended(y);
    along.numbers.push_back(placed ? Along::Number{.x = x.value, .y = std::move(y)}
                                   : along::without_abscissa(context, wish.versus, site, x.value, std::move(y)));
  }
  // At one abscissa what has a value comes first.
  std::ranges::stable_sort(along.numbers, {}, [](const auto& n) { return std::pair(n.x, !n.y.has_value()); });
  if (theory.empty()) return along;
  const auto same = [](const auto& a, const auto& b) { return a.x == b.x; };
  along.numbers.erase(std::unique(along.numbers.begin(), along.numbers.end(), same), along.numbers.end());
  return along;
}

DrawnCurve curve_of(const Along& along, Stated part) {
  DrawnCurve curve;
  for (const auto& [x, y, seen, placed] : along.numbers) {
    const bool outside = !y.outside.empty();
    if (y.has_value() && outside == (part == Stated::outside))
      add_point(curve, x, y);
    else if (!curve.x.empty() && curve.x.back() != x)
      curve.gaps.push_back(x);
  }
  while (!curve.gaps.empty() && curve.gaps.back() > curve.x.back()) curve.gaps.pop_back();
  return curve;
}

std::optional<std::string> name_outside(const Along& along) {
  std::set<std::string> theories;
  for (const auto& [x, y, seen, placed] : along.numbers)
    if (y.has_value()) theories.insert(y.outside.begin(), y.outside.end());
  if (theories.empty()) return std::nullopt;
  return fmt::format("{} beyond {} stated range", fmt::join(theories, ", "), theories.size() == 1 ? "its" : "their");
}

std::vector<DrawnCurve> curves_of(const Along& along, const DrawnCurve& like) {
  std::vector<DrawnCurve> curves;
  for (const Stated part : {Stated::inside, Stated::outside}) {
    DrawnCurve curve = curve_of(along, part);
    if (curve.x.empty()) continue;
    curve.label = like.label;
    curve.quantity = like.quantity;
    curve.with = like.with;
    curve.style = like.style;
    curve.colour = like.colour;
    curve.dash = like.dash;
    if (part == Stated::outside) {
      curve.with = *name_outside(along);
      curve.dash = outside_dash + like.dash;
    }
    curves.push_back(std::move(curve));
  }
  return curves;
}

std::string words_of_gaps(const Along& along, const std::string& what) {
  std::size_t missing = 0;
  std::string why;
  for (const auto& [x, y, seen, placed] : along.numbers) {
    if (y.has_value() || (y.lack != Lack::not_applicable && y.lack != Lack::undefined)) continue;
    ++missing;
    if (why.empty()) why = y.problem;
  }
  if (missing == 0) return "";
  return fmt::format("{} is missing at {} of {} points: {}", what, missing, along.numbers.size(), why);
}

std::string words_of_nothing(const Along& along, const std::string& what) {
  if (along.numbers.empty() || std::ranges::any_of(along.numbers, [](const auto& n) { return n.y.has_value(); }))
    return "";
  return fmt::format("{} is not drawn: {}", what, along.numbers.front().y.problem);
}

std::string words_of_ends(const Along& along) {
  return along.ended ? "Curves end where the training of all networks had (`stop`)" : "";
}

Unsettled unsettled_of(const Along& along) {
  Unsettled all;
  for (const auto& [x, y, seen, placed] : along.numbers)
    if (y.has_value()) all.join(unsettled_of(y));
  return all;
}

std::string words_without_errors(const Along& along) {
  bool pairs = false, alone = false;
  for (const auto& [x, y, seen, placed] : along.numbers) {
    if (!y.has_value()) continue;
    const bool one_left = y.basis.members == 1 && y.basis.asked > 1;
    pairs = pairs || y.without_error;
    alone = alone || (one_left && !uncertainty_of(y));
  }
  if (!pairs && !alone) return "";
  return fmt::format("Nothing tells the error of {}{}{}: no interval is drawn there", alone ? "one member alone" : "",
                     alone && pairs ? ", or of " : "",
                     pairs ? "what is formed from one pair of data draws, or of networks" : "");
}

}  // namespace fieldscan::analysis
