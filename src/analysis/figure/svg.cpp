#include "svg.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "map_svg.hpp"
#include "panel_svg.hpp"

namespace fieldscan::analysis {
namespace {

std::string in_svg(const std::string& title, const std::string& body, double height) {
  return fmt::format(
      R"(<svg xmlns="http://www.w3.org/2000/svg" class="figure" role="img" aria-label="{}" viewBox="0 0 {} {:.0f}">{}</svg>)",
      escape(title), drawing_width, height, body);
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
  for (const Map& map : figure.maps) height += draw_map(body, figure, map, height);
  if (surroundings == Surroundings::page) return in_svg(figure.name, body, height);
  const std::string before = fmt::format(R"(<style>{}</style><path fill="#fff" d="M0 0H{}V{:.0f}H0Z"/>)",
                                         figure_style(), drawing_width, height);
  return in_svg(figure.name, before + body, height);
}

std::vector<std::string> draw_pieces(const DrawnFigure& figure) {
  std::vector<std::string> pieces;
  const auto add = [&](const std::string& title, const auto& draw) {
    std::string body;
    const double height = draw(body);
    pieces.push_back(in_svg(title.empty() ? figure.name : figure.name + ", " + title, body, height));
  };
  for (const Panel& panel : figure.panels)
    add(panel.title, [&](std::string& body) { return draw_panel(body, figure, panel, 0); });
  for (const Map& map : figure.maps) add(map.title, [&](std::string& body) { return draw_map(body, figure, map, 0); });
  return pieces;
}

}  // namespace fieldscan::analysis
