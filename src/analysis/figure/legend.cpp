#include "legend.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "../text/axis_words.hpp"
#include "../text/readable.hpp"
#include "ended_marks.hpp"
#include "fewer.hpp"

namespace fieldscan::analysis {
namespace {

constexpr double legend_left = 10, legend_right = 8, line_height = 17, symbol = 24, gap = 14;
constexpr std::ptrdiff_t most_fits = 3;  ///< that have a line each
constexpr double tallest = 215;          ///< with names in several lines: as tall as the plot
/// Whether long names have several lines, or are shortened to one.
enum class Names { wrapped, shortened };

/// A place in the legend, which flows from left to right and breaks where a line is full.
class Flow {
 public:
  explicit Flow(double top) : y_(top + line_height) {}
  /// Room for one entry of so many lines, where there are several all to itself; returns where it begins.
  std::pair<double, double> take(double room, std::size_t lines = 1) {
    if (x_ > legend_left && (lines > 1 || x_ + room > drawing_width - legend_right)) new_line();
    const std::pair<double, double> at{x_, y_};
    x_ += room + gap;
    if (lines > 1) {
      y_ += line_height * static_cast<double>(lines - 1);
      new_line();
    }
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
    return c->quantity.empty() && c->label.starts_with(name) && c->label.find(", ") == std::string::npos;
  });
  return all ? name : "";
}

/// What a plotted curve is called: its value of the common name, its group, its quantity, or that it was measured.
std::string group_text(const DrawnFigure& figure, const DrawnCurve& c, const std::string& common) {
  if (!common.empty()) return short_value(c.label.substr(common.size()));
  const std::string group = label_words(c.label), quantity = quantity_words(figure, c);
  if (!quantity.empty()) return quantity + (group.empty() ? "" : ", " + group);
  if (!group.empty()) return group;
  return c.style == DrawnCurve::Style::points ? "measured" : figure.y_label;
}

/// The plotted curves, one per entry: a group that has numbers beyond a theory's range alone, or none since all of its
/// members have ended without, stands there as well.
std::vector<const DrawnCurve*> plotted_groups(const Panel& panel) {
  std::vector<const DrawnCurve*> groups;
  const auto is_there = [&](std::size_t colour) {
    return colour == neutral_colour ||
           std::ranges::any_of(panel.curves,
                               [&](const DrawnCurve& c) { return c.with.empty() && c.colour == colour; }) ||
           std::ranges::find(groups, colour, &DrawnCurve::colour) != groups.end();
  };
  for (const DrawnCurve& c : panel.curves)
    if (c.with.empty() || (is_outside(c.dash) && !is_there(c.colour))) groups.push_back(&c);
  for (const DrawnCurve& c : panel.ended)
    if (is_only_ended(panel, c))
      groups.insert(std::ranges::find_if(groups, [&](const DrawnCurve* g) { return g->colour > c.colour; }), &c);
  return groups;
}

void add_symbol(std::string& svg, double x, double y, const DrawnCurve& curve, const Colour& colour) {
  svg += fmt::format(R"(<g class="{}">)", colour.name);
  if (curve.style == DrawnCurve::Style::points)
    draw_marker(svg, x + symbol / 2, y - 4, curve.colour, is_outside(curve.dash) ? Marker::hollow : Marker::full);
  else if (curve.style == DrawnCurve::Style::ended)
    draw_ended_mark(svg, x + symbol / 2, y - 4);
  else if (curve.style == DrawnCurve::Style::draws)
    svg += fmt::format(R"(<path class="spots" d="M{:.1f} {:.1f}h0m7 3h0m7 -5h0"/>)", x + symbol / 2 - 7, y - 4);
  else
    svg += fmt::format(R"(<path class="line d{}" d="M{:.1f} {:.1f}h{}"/>)", curve.dash, x, y - 4, symbol - 4);
  if (curve.style == DrawnCurve::Style::steps && curve.rests_on_unsettled())
    draw_marker(svg, x + symbol / 2 - 2, y - 4, 0, Marker::crossed);
  svg += "</g>";
}

/// `key`: of the curves that it stands for, as curve_keys() has it.
void add_entry(std::string& svg, Flow& flow, const DrawnCurve& curve, const Colour& colour, const std::string& text,
               const std::string& key, Names names) {
  const double room = drawing_width - legend_left - legend_right - symbol - 1;
  auto lines = names == Names::wrapped ? lines_within(text, room) : std::vector{shortened(text, room)};
  if (lines.empty()) lines.emplace_back();  // a name of spaces alone
  const auto [x, y] = flow.take(symbol + 1 + letter * text_width(lines.front()), lines.size());
  svg += fmt::format(R"(<g data-key="{}">)", key);
  const bool cut = std::ranges::any_of(lines, [](const auto& line) { return line.find("…") != std::string::npos; });
  if (cut) svg += fmt::format("<title>{}</title>", escape(text));
  add_symbol(svg, x, y, curve, colour);
  for (std::size_t k = 0; k < lines.size(); ++k)
    draw_text(svg, x + symbol + 1, y + line_height * static_cast<double>(k), "start", "", lines[k]);
  svg += "</g>";
}

/// What crosses stand for, where there are any.
void add_crosses(std::string& svg, Flow& flow, const Panel& panel) {
  if (std::ranges::none_of(panel.curves, &DrawnCurve::rests_on_unsettled)) return;
  const std::string text(unsettled_marks(panel).words());
  const auto [x, y] = flow.take(symbol + 1 + letter * text_width(text));
  svg += fmt::format(R"(<g class="{}">)", palette_colour(neutral_colour).name);
  draw_marker(svg, x + symbol / 2, y - 4, 0, Marker::crossed);
  svg += "</g>";
  draw_text(svg, x + symbol + 1, y, "start", "", text);
  flow.new_line();
}

/// What a dot beside a point stands for, where there is one.
void add_fewer(std::string& svg, Flow& flow, const Panel& panel) {
  if (!has_fewer(panel)) return;
  const auto [x, y] = flow.take(symbol + 1 + letter * text_width(fewer_words));
  svg += fmt::format(R"(<g class="{}">)", palette_colour(neutral_colour).name);
  draw_marker(svg, x + symbol / 2, y - 4, 0);
  draw_fewer(svg, x + symbol / 2, y - 4);
  svg += "</g>";
  draw_text(svg, x + symbol + 1, y, "start", "", fewer_words);
  flow.new_line();
}

/// What a cross at the upper edge stands for, where there is one, or a group that has nothing else.
void add_ended(std::string& svg, Flow& flow, const Panel& panel) {
  if (panel.ended.empty()) return;
  const std::string text(ended_words(panel));
  const auto [x, y] = flow.take(symbol + 1 + letter * text_width(text));
  svg += fmt::format(R"(<g class="{}">)", palette_colour(neutral_colour).name);
  draw_ended_mark(svg, x + symbol / 2, y - 4);
  svg += "</g>";
  draw_text(svg, x + symbol + 1, y, "start", "", text);
  flow.new_line();
}

/// Groups by colour and marker first, then what crosses and dots mean, then theories by line style, then fits, each
/// with its exponent.
double draw_entries(std::string& svg, const DrawnFigure& figure, const Panel& panel, double top, Names names) {
  const std::vector<const DrawnCurve*> groups = plotted_groups(panel);
  Flow flow(top);
  const std::string name = common_name(groups);
  if (!name.empty()) {
    const std::string head =
        shortened(readable(axis_words(name.substr(0, name.size() - 3))), drawing_width - legend_left - legend_right);
    const auto [x, y] = flow.take(letter * text_width(head));
    draw_text(svg, x, y, "start", "key", head);
  }
  for (const DrawnCurve* c : groups)
    add_entry(svg, flow, *c, colour_of(panel, *c), readable(group_text(figure, *c, name)),
              fmt::format("g{}", c->colour), names);
  flow.new_line();
  add_crosses(svg, flow, panel);
  add_fewer(svg, flow, panel);
  add_ended(svg, flow, panel);
  std::vector<std::string> seen;
  const bool many_fits = std::ranges::count(panel.curves, fit_dash, &DrawnCurve::dash) > most_fits;
  const bool unjudged =
      std::ranges::any_of(panel.curves, [](const auto& c) { return c.with.starts_with(unjudged_fit); });
  const std::string all_fits = std::string("fits, one per curve") + (unjudged ? " (some not judged)" : "");
  for (const DrawnCurve& c : panel.curves) {
    const bool fit = c.dash == fit_dash;
    const std::string text = fit && many_fits ? all_fits : c.with;
    if (text.empty() || ((!fit || many_fits) && std::ranges::find(seen, text) != seen.end())) continue;
    seen.push_back(text);
    add_entry(svg, flow, c, fit && !many_fits ? colour_of(panel, c) : palette_colour(neutral_colour), readable(text),
              fmt::format("t{}", c.dash), names);
  }
  return flow.bottom() - top + 8;
}

}  // namespace

double draw_legend(std::string& svg, const DrawnFigure& figure, const Panel& panel, double top) {
  std::string drawn;
  double height = draw_entries(drawn, figure, panel, top, Names::wrapped);
  if (height > tallest) {
    drawn.clear();
    height = draw_entries(drawn, figure, panel, top, Names::shortened);
  }
  svg += drawn;
  return height;
}

}  // namespace fieldscan::analysis
