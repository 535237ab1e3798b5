#include "along.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "../verdict/judge.hpp"

namespace fieldscan::analysis {

void add_point(DrawnCurve& curve, double x, const Quantity& y) {
  const Estimate e = estimate(y);
  const Interval i = std::isfinite(e.standard_error) ? interval(e) : Interval{e.value, e.value};
  curve.x.push_back(x);
  curve.y.push_back(y.value);
  curve.low.push_back(i.low);
  curve.high.push_back(i.high);
  curve.censored.push_back(y.censored != Censored::no);
  curve.members.push_back(members(y, e));
}

Along numbers_along(const Context& context, const scan::Mentions& formula, const Wish& wish,
                    const std::vector<Site>& sites, const std::string& theory, Draws draws) {
  Along along;
  for (const Site& site : sites) {
    const Quantity x = evaluate(context, wish.versus, site);
    if (!x.has_value() || !std::isfinite(x.value)) continue;
    along.numbers.push_back({x.value, evaluate(context, formula, site, theory, Power::plain, draws)});
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
  for (const auto& [x, y] : along.numbers) {
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
  for (const auto& [x, y] : along.numbers)
    if (y.has_value()) theories.insert(y.outside.begin(), y.outside.end());
  if (theories.empty()) return std::nullopt;
  return fmt::format("{} beyond {} stated range", fmt::join(theories, ", "), theories.size() == 1 ? "its" : "their");
}

std::string words_of_gaps(const Along& along, const std::string& what) {
  std::size_t missing = 0;
  std::string why;
  for (const auto& [x, y] : along.numbers) {
    if (y.has_value() || y.lack != Lack::not_applicable) continue;
    ++missing;
    if (why.empty()) why = y.problem;
  }
  if (missing == 0) return "";
  return fmt::format("{} is missing at {} of {} points: {}", what, missing, along.numbers.size(), why);
}

}  // namespace fieldscan::analysis
