#include "svg.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <type_traits>

#include "../text/readable.hpp"
#include "map_svg.hpp"
#include "panel_svg.hpp"

namespace fieldscan::analysis {
namespace {

/// `size`: attributes of the physical size; empty on a page.
std::string in_svg(const std::string& title, const std::string& body, double width, double height,
                   const std::string& size) {
  return fmt::format(
      R"(<svg xmlns="http://www.w3.org/2000/svg" class="figure" role="img" aria-label="{}"{} viewBox="0 0 {} {:.0f}">{}</svg>)",
      escape(title), size, width, std::ceil(height), body);
}

/// Where the m-th of so many begins, two of them beside each other: a last map alone stands in the middle, a last panel
/// below the one whose axis it has.
template <class Part>
double begin_of(std::size_t m, std::size_t parts) {
  const bool alone = std::is_same_v<Part, Map> && parts > 1 && m % 2 == 0 && m + 1 == parts;
  return alone ? 0.5 * drawing_width : m % 2 == 0 ? 0.0 : drawing_width;
}

/// All panels or maps, two beside each other; returns the height at which they end.
template <class Part, class Draw>
double draw_parts(std::string& body, const DrawnFigure& figure, const std::vector<Part>& parts, double top, Draw draw) {
  double row = 0;
  for (std::size_t m = 0; m < parts.size(); ++m) {
    if (m % 2 == 0) top += row, row = 0;
    body += fmt::format("<g transform=\"translate({},0)\">", begin_of<Part>(m, parts.size()));
    row = std::max(row, draw(body, figure, parts[m], top));
    body += "</g>";
  }
  return top + row;
}

double draw_title(std::string& body, const std::string& title) {
  double top = 0;
  if (title.empty()) return top;
  for (const std::string& line : lines_within(readable(title), bold_share * (drawing_width - 20)))
    draw_text(body, 10, top += letter + 3, "start", "strong", line);
  return top + 2;
}

constexpr double y_line = letter + 2;
constexpr double free_edge = 2;  ///< of the drawing, that stays free

}  // namespace

Colour colour_of(const Panel& panel, std::size_t place) {
  if (!panel.ordered || place == neutral_colour) return palette_colour(place);
  std::size_t groups = panel.groups;
  for (const auto* curves : {&panel.curves, &panel.ended})
    for (const DrawnCurve& c : *curves)
      if (c.colour != neutral_colour) groups = std::max(groups, c.colour + 1);
  return ramp_colour(place, groups);
}

Colour colour_of(const Panel& panel, const DrawnCurve& curve) { return colour_of(panel, curve.colour); }

std::string curve_keys(const DrawnCurve& curve) {
  const std::string group = curve.colour == neutral_colour ? "" : fmt::format("g{}", curve.colour);
  if (curve.with.empty()) return group;
  return fmt::format("{}{}t{}", group, group.empty() ? "" : " ", curve.dash);
}

void draw_text(std::string& svg, double x, double y, std::string_view anchor, std::string_view classes,
               const std::string& text) {
  const std::string style = classes.empty() ? "" : fmt::format(R"( class="{}")", classes);
  svg += fmt::format(R"(<text{} x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>)", style, x, y, anchor, escape(text));
}

void draw_marker(std::string& svg, double x, double y, std::size_t shape, Marker marker) {
  const std::string_view look = marker == Marker::full ? "" : R"(class="hollow" )";
  switch (shape % 4) {
    case 0:
      svg += fmt::format(R"(<circle {}cx="{:.1f}" cy="{:.1f}" r="3.6"/>)", look, x, y);
      break;
    case 1:
      svg += fmt::format(R"(<path {}d="M{:.1f} {:.1f}h6.4v6.4h-6.4z"/>)", look, x - 3.2, y - 3.2);
      break;
    case 2:
      svg += fmt::format(R"(<path {}d="M{:.1f} {:.1f}l4.2 7.4h-8.4z"/>)", look, x, y - 4.6);
      break;
    default:
      svg += fmt::format(R"(<path {}d="M{:.1f} {:.1f}l4.4 4.4l-4.4 4.4l-4.4 -4.4z"/>)", look, x, y - 4.4);
  }
  if (marker == Marker::crossed)
    svg += fmt::format(R"(<path class="bar" d="M{:.1f} {:.1f}l9 9m0 -9l-9 9"/>)", x - 4.5, y - 4.5);
}

std::pair<double, double> centred_ends(double x, const std::string& text) {
  const double half = 0.5 * letter * text_width(text);
  const double at = std::max(free_edge + half, std::min(x, drawing_width - free_edge - half));
  return {at - half, at + half};
}

std::pair<double, double> draw_centred(std::string& svg, double x, double y, std::string_view classes,
                                       const std::string& text) {
  const std::string shown = shortened(text, drawing_width - 2 * free_edge);
  const auto ends = centred_ends(x, shown);
  draw_text(svg, 0.5 * (ends.first + ends.second), y, "middle", classes, shown);
  return ends;
}

double y_label_room(double length, const std::string& text) {
  return y_line * static_cast<double>(label_lines(readable(text), length).size());
}

void draw_y_label(std::string& svg, double x, double y0, double y1, const std::string& text) {
  const std::vector<std::string> lines = label_lines(readable(text), y0 - y1);
  x -= y_line * (static_cast<double>(lines.size()) - 1);
  for (const std::string& line : lines) {
    const double size = std::floor(10 * letter * std::min(1.0, (y0 - y1) / (letter * text_width(line)))) / 10;
    const std::string style = size < letter ? fmt::format(R"( style="font-size:{:.1f}px")", size) : "";
    svg +=
        fmt::format(R"svg(<text{} transform="translate({:.1f} {:.1f}) rotate(-90)" text-anchor="middle">{}</text>)svg",
                    style, x, 0.5 * (y0 + y1), escape(line));
    x += y_line;
  }
}

std::string draw_svg(const DrawnFigure& figure, Surroundings surroundings) {
  if (figure.empty()) return "";
  std::string body;
  double height = draw_title(body, figure.title);
  height = draw_parts(body, figure, figure.panels, height, draw_panel);
  height = draw_parts(body, figure, figure.maps, height, draw_map);
  const double columns = figure.maps.size() > 1 || figure.panels.size() > 1 ? 2 : 1, width = columns * drawing_width;
  if (surroundings == Surroundings::page) return in_svg(figure.name, body, width, height, "");
  const std::string before =
      fmt::format(R"(<style>{}</style><path fill="#fff" d="M0 0H{}V{:.0f}H0Z"/>)", figure_style(), width, height);
  const double column = 86 / drawing_width;  // millimetres
  return in_svg(figure.name, before + body, width, height,
                fmt::format(R"( width="{:.2f}mm" height="{:.2f}mm")", column * width, column * std::ceil(height)));
}

std::vector<std::string> draw_pieces(const DrawnFigure& figure) {
  std::vector<std::string> pieces;
  const auto add = [&](const std::string& title, const auto& draw) {
    std::string body;
    const double height = draw(body);
    pieces.push_back(in_svg(title.empty() ? figure.name : figure.name + ", " + title, body, drawing_width, height, ""));
  };
  const bool alone = figure.panels.size() + figure.maps.size() == 1;
  const auto head = [&](std::string& body) { return alone ? draw_title(body, figure.title) : 0; };
  for (const Panel& panel : figure.panels)
    add(panel.title, [&](std::string& body) {
      const double top = head(body);
      return top + draw_panel(body, figure, panel, top);
    });
  for (const Map& map : figure.maps)
    add(map.title, [&](std::string& body) {
      const double top = head(body);
      return top + draw_map(body, figure, map, top);
    });
  return pieces;
}

}  // namespace fieldscan::analysis
