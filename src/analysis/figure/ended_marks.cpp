#include "ended_marks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "../text/axis_words.hpp"
#include "../text/readable.hpp"
#include "map_cells.hpp"

namespace fieldscan::analysis {
namespace {

constexpr double first_depth = 7, depth_step = 9, left_end = 6;

bool share_an_abscissa(const DrawnCurve& a, const DrawnCurve& b) {
  return std::ranges::any_of(a.x, [&](double x) { return std::ranges::find(b.x, x) != b.x.end(); });
}

/// "width = 8; 3: no number; 0 of 12 replicas; diverged"
std::string ended_title(const DrawnCurve& c, std::size_t k) {
  const std::string name = label_words(c.name());
  return fmt::format("{}{}{:.4g}: no number; {} of {} replicas; {}", name, name.empty() ? "" : "; ", c.x[k],
                     c.basis[k].members, c.basis[k].asked, words_of_marks(c.basis[k].marks));
}

}  // namespace

std::optional<DrawnCurve> ended_points(const Along& along, const DrawnCurve& like) {
  DrawnCurve curve = like;
  curve.style = DrawnCurve::Style::ended;
  bool any = false;
  for (const Along::Number& number : along.numbers) {
    if (!is_ended(number.y)) continue;
    any = true;
    const std::optional<double> x = number.placed ? std::optional(number.x) : number.seen;
    const bool there = std::ranges::any_of(
        along.numbers, [&](const Along::Number& other) { return other.x == x && other.y.has_value(); });
    if (!x || there || (!curve.x.empty() && curve.x.back() == *x)) continue;  // another point has a number there
    curve.x.push_back(*x);
    for (auto* list : {&curve.y, &curve.low, &curve.high}) list->push_back(std::numeric_limits<double>::quiet_NaN());
    curve.censored.push_back(false);
    curve.no_interval.push_back(true);
    curve.basis.push_back(marked_basis(number.y));
  }
  return any ? std::optional(std::move(curve)) : std::nullopt;
}

std::string words_of_seen(const Along& along) {
  const bool any = std::ranges::any_of(along.numbers, [](const Along::Number& n) { return n.seen.has_value(); });
  return any ? "Of curves without a number the cross stands where the last of their networks was seen" : "";
}

std::vector<double> ended_depths(const Panel& panel) {
  std::vector<std::size_t> rows;
  for (std::size_t k = 0; k < panel.ended.size(); ++k) {
    const auto taken = [&](std::size_t row) {
      for (std::size_t other = 0; other < k; ++other)
        if (rows[other] == row && share_an_abscissa(panel.ended[other], panel.ended[k])) return true;
      return false;
    };
    std::size_t row = 0;
    while (taken(row)) ++row;
    rows.push_back(row);
  }
  std::vector<double> depths;
  for (const std::size_t row : rows) depths.push_back(first_depth + depth_step * static_cast<double>(row));
  return depths;
}

std::string_view words_of_none(Marks ends) {
  return ends == mark_of(Outcome::diverged) ? "all replicas diverged" : "no replica has a number";
}

std::string_view ended_words(const Panel& panel) {
  Marks ends = 0;
  for (const DrawnCurve& c : panel.ended)
    for (const Basis& basis : c.basis) ends |= basis.marks;
  return words_of_none(ends);
}

std::string words_of_ended(const DrawnFigure& figure) {
  Panel all;
  for (const Panel& panel : figure.panels) all.ended.insert(all.ended.end(), panel.ended.begin(), panel.ended.end());
  return has_ended(all) ? fmt::format("A cross at the upper edge: {}", ended_words(all)) : "";
}

bool has_ended(const Panel& panel) {
  return std::ranges::any_of(panel.ended, [](const DrawnCurve& c) { return !c.x.empty(); });
}

bool is_only_ended(const Panel& panel, const DrawnCurve& ended) {
  return std::ranges::none_of(panel.curves, [&](const DrawnCurve& c) {
    return c.colour == ended.colour && (c.with.empty() || is_outside(c.dash));
  });
}

void draw_ended_mark(std::string& svg, double x, double y) {
  svg += fmt::format(R"(<path class="bar" d="M{:.1f} {:.1f}l7 7m0 -7l-7 7"/>)", x - 3.5, y - 3.5);
}

void draw_ended(std::string& svg, const Frame& frame, const Panel& panel) {
  const std::vector<double> depths = ended_depths(panel);
  for (std::size_t k = 0; k < panel.ended.size(); ++k) {
    const DrawnCurve& c = panel.ended[k];
    svg += fmt::format(R"(<g class="{}" data-curve="{}">)", colour_of(panel, c).name, curve_keys(c));
    for (std::size_t i = 0; i < c.x.size(); ++i) {
      const bool left = frame.x.log && c.x[i] <= 0;  // it has no place on the axis: at its left end
      svg += fmt::format("<g><title>{}</title>", escape(readable(ended_title(c, i))));
      draw_ended_mark(svg, left ? frame.x0 + left_end : frame.px(c.x[i]), frame.y1 + depths[k]);
      svg += "</g>";
    }
    svg += "</g>";
  }
}

}  // namespace fieldscan::analysis
