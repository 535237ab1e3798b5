#include "legend.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "../text/readable.hpp"

namespace fieldscan::analysis {
namespace {

constexpr double legend_left = 10, legend_right = 8, line_height = 17, symbol = 24, gap = 14;

/// A place in the legend, which flows from left to right and breaks where a line is full.
class Flow {
 public:
  explicit Flow(double top) : y_(top + line_height) {}
  /// Room for one entry; returns where it begins.
  std::pair<double, double> take(double room) {
    if (x_ > legend_left && x_ + room > drawing_width - legend_right) new_line();
    const std::pair<double, double> at{x_, y_};
    x_ += room + gap;
    return at;
  }
  void new_line() {
    if (x_ > legend_left) x_ = legend_left, y_ += line_height;
  }
  double bottom() const { return x_ > legend_left ? y_ : y_ - line_height; }

 private:
  double x_ = legend_left, y_;
};

/// "width = " where all groups are values of one name, else nothing.
std::string common_name(const std::vector<const DrawnCurve*>& groups) {
  if (groups.size() < 2) return "";
  const std::string& first = groups[0]->label;
  const auto at = first.find(" = ");
  if (at == std::string::npos) return "";
  const std::string name = first.substr(0, at + 3);
  const bool all = std::ranges::all_of(groups, [&](const DrawnCurve* c) {
    return c->label.starts_with(name) && c->label.find(", ") == std::string::npos;
  });
  return all ? name : "";
}

void add_symbol(std::string& svg, double x, double y, const DrawnCurve& curve, const Colour& colour) {
  svg += fmt::format(R"(<g class="{}">)", colour.name);
  if (curve.style == DrawnCurve::Style::points)
    draw_marker(svg, x + symbol / 2, y - 4, curve.colour);
  else
    svg += fmt::format(R"(<path class="line d{}" d="M{:.1f} {:.1f}h{}"/>)", curve.dash, x, y - 4, symbol - 4);
  svg += "</g>";
}

void add_entry(std::string& svg, Flow& flow, const DrawnCurve& curve, const Colour& colour, const std::string& text) {
  const auto [x, y] = flow.take(symbol + letter * text_width(text));
  add_symbol(svg, x, y, curve, colour);
  draw_text(svg, x + symbol + 1, y, "start", "", text);
}

}  // namespace

/// Groups by colour and marker first, then theories by line style, then fits, each with its exponent.
double draw_legend(std::string& svg, const DrawnFigure& figure, const Panel& panel, double top) {
  std::vector<const DrawnCurve*> groups;
  for (const DrawnCurve& c : panel.curves)
    if (c.with.empty()) groups.push_back(&c);
  Flow flow(top);
  const std::string name = common_name(groups);
  if (!name.empty()) {
    const std::string head = readable(name.substr(0, name.size() - 3));
    const auto [x, y] = flow.take(letter * text_width(head));
    draw_text(svg, x, y, "start", "key", head);
  }
  for (const DrawnCurve* c : groups)
    add_entry(svg, flow, *c, colour_of(panel, *c),
              readable(c->label.empty() ? figure.y_label : c->label.substr(name.size())));
  flow.new_line();
  std::vector<std::string> seen;
  for (const DrawnCurve& c : panel.curves) {
    const bool fit = c.dash == fit_dash;
    if (c.with.empty() || (!fit && std::ranges::find(seen, c.with) != seen.end())) continue;
    seen.push_back(c.with);
    add_entry(svg, flow, c, fit ? colour_of(panel, c) : palette_colour(neutral_colour), readable(c.with));
  }
  return flow.bottom() - top + 8;
}

}  // namespace fieldscan::analysis
