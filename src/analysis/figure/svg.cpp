#include "svg.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "map_svg.hpp"
#include "panel_svg.hpp"

namespace fieldscan::analysis {
namespace {

std::string in_svg(const std::string& title, const std::string& body, double width, double height) {
  return fmt::format(
      R"(<svg xmlns="http://www.w3.org/2000/svg" class="figure" role="img" aria-label="{}" viewBox="0 0 {} {:.0f}">{}</svg>)",
      escape(title), width, height, body);
}

/// All maps, two beside each other; returns the height they take.
double draw_maps(std::string& body, const DrawnFigure& figure) {
  double top = 0, row = 0;
  for (std::size_t m = 0; m < figure.maps.size(); ++m) {
    if (m % 2 == 0) top += row, row = 0;
    body += fmt::format("<g transform=\"translate({},0)\">", m % 2 == 0 ? 0.0 : drawing_width);
    row = std::max(row, draw_map(body, figure, figure.maps[m], top));
    body += "</g>";
  }
  return top + row;
}

}  // namespace

Colour colour_of(const Panel& panel, const DrawnCurve& curve) {
  if (!panel.ordered || curve.colour == neutral_colour) return palette_colour(curve.colour);
  std::size_t groups = 0;
  for (const DrawnCurve& c : panel.curves)
    if (c.colour != neutral_colour) groups = std::max(groups, c.colour + 1);
  return ramp_colour(curve.colour, groups);
}

void draw_text(std::string& svg, double x, double y, std::string_view anchor, std::string_view classes,
               const std::string& text) {
  const std::string style = classes.empty() ? "" : fmt::format(R"( class="{}")", classes);
  svg += fmt::format(R"(<text{} x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>)", style, x, y, anchor, escape(text));
}

void draw_marker(std::string& svg, double x, double y, std::size_t shape) {
  switch (shape % 4) {
    case 0:
      svg += fmt::format(R"(<circle cx="{:.1f}" cy="{:.1f}" r="3.6"/>)", x, y);
      break;
    case 1:
      svg += fmt::format(R"(<path d="M{:.1f} {:.1f}h6.4v6.4h-6.4z"/>)", x - 3.2, y - 3.2);
      break;
    case 2:
      svg += fmt::format(R"(<path d="M{:.1f} {:.1f}l4.2 7.4h-8.4z"/>)", x, y - 4.6);
      break;
    default:
      svg += fmt::format(R"(<path d="M{:.1f} {:.1f}l4.4 4.4l-4.4 4.4l-4.4 -4.4z"/>)", x, y - 4.4);
  }
}

std::string draw_svg(const DrawnFigure& figure, Surroundings surroundings) {
  if (figure.empty()) return "";
  double height = 0;
  std::string body;
  for (const Panel& panel : figure.panels) height += draw_panel(body, figure, panel, height);
  height += draw_maps(body, figure);
  const double width = figure.maps.size() > 1 ? 2 * drawing_width : drawing_width;
  if (surroundings == Surroundings::page) return in_svg(figure.name, body, width, height);
  const std::string before =
      fmt::format(R"(<style>{}</style><path fill="#fff" d="M0 0H{}V{:.0f}H0Z"/>)", figure_style(), width, height);
  return in_svg(figure.name, before + body, width, height);
}

std::vector<std::string> draw_pieces(const DrawnFigure& figure) {
  std::vector<std::string> pieces;
  const auto add = [&](const std::string& title, const auto& draw) {
    std::string body;
    const double height = draw(body);
    pieces.push_back(in_svg(title.empty() ? figure.name : figure.name + ", " + title, body, drawing_width, height));
  };
  for (const Panel& panel : figure.panels)
    add(panel.title, [&](std::string& body) { return draw_panel(body, figure, panel, 0); });
  for (const Map& map : figure.maps) add(map.title, [&](std::string& body) { return draw_map(body, figure, map, 0); });
  return pieces;
}

}  // namespace fieldscan::analysis
