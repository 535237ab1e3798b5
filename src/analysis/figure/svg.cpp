#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "axis.hpp"
#include "figure.hpp"
#include "style.hpp"

namespace fieldscan::analysis {
namespace {

constexpr double width = 640, plot_height = 360, left = 74, right = 16, top = 30, bottom = 52, legend_line = 19;

struct Frame {
  PlotAxis x, y;
  double offset = 0;  ///< of the panel from the top
  double px(double value) const { return left + x.position(value) * (width - left - right); }
  double py(double value) const {
    return offset + plot_height - bottom - y.position(value) * (plot_height - top - bottom);
  }
  bool shows(double a, double b) const {
    return (!x.log || a > 0) && (!y.log || b > 0) && std::isfinite(a) && std::isfinite(b);
  }
};

void add_axes(std::string& svg, const Frame& f, const DrawnFigure& figure, const Panel& panel) {
  const double x0 = left, x1 = width - right, y0 = f.offset + plot_height - bottom, y1 = f.offset + top;
  for (const auto& tick : f.x.ticks) {
    if (!tick.label.empty())
      svg += fmt::format(
          R"(<path class="grid" d="M{0:.1f} {1:.1f}V{2:.1f}"/><text class="tick" x="{0:.1f}" y="{3:.1f}" text-anchor="middle">{4}</text>)",
          f.px(tick.value), y0, y1, y0 + 17, tick.label);
    svg += fmt::format(R"(<path class="axis" d="M{:.1f} {:.1f}v{}"/>)", f.px(tick.value), y0,
                       tick.label.empty() ? -3 : -6);
  }
  for (const auto& tick : f.y.ticks) {
    if (!tick.label.empty())
      svg += fmt::format(
          R"(<path class="grid" d="M{1:.1f} {0:.1f}H{2:.1f}"/><text class="tick" x="{3:.1f}" y="{4:.1f}" text-anchor="end">{5}</text>)",
          f.py(tick.value), x0, x1, x0 - 7, f.py(tick.value) + 4, tick.label);
    svg +=
        fmt::format(R"(<path class="axis" d="M{:.1f} {:.1f}h{}"/>)", x0, f.py(tick.value), tick.label.empty() ? 3 : 6);
  }
  svg += fmt::format(R"(<path class="axis" d="M{:.1f} {:.1f}V{:.1f}H{:.1f}" fill="none"/>)", x0, y1, y0, x1);
  svg += fmt::format(R"(<text class="label" x="{:.1f}" y="{:.1f}" text-anchor="middle">{}</text>)", 0.5 * (x0 + x1),
                     y0 + 40, escape(figure.x_label));
  svg += fmt::format(
      R"svg(<text class="label" transform="translate(16 {:.1f}) rotate(-90)" text-anchor="middle">{}</text>)svg",
      0.5 * (y0 + y1), escape(figure.y_label));
  if (!panel.title.empty())
    svg += fmt::format(R"(<text class="label strong" x="{:.1f}" y="{:.1f}">{}</text>)", x0 + 4, y1 - 10,
                       escape(panel.title));
}

std::string path_of(const Frame& f, const DrawnCurve& c) {
  std::string d;
  bool pen_down = false;
  for (std::size_t k = 0; k < c.x.size(); ++k) {
    if (!f.shows(c.x[k], c.y[k])) {
      pen_down = false;
      continue;
    }
    d += fmt::format("{}{:.1f} {:.1f}", pen_down ? "L" : "M", f.px(c.x[k]), f.py(c.y[k]));
    pen_down = true;
  }
  return d;
}

/// The interval of a theory (over data draws) as a light band.
std::string band_of(const Frame& f, const DrawnCurve& c) {
  std::string there, back;
  for (std::size_t k = 0; k < c.x.size(); ++k) {
    if (!f.shows(c.x[k], c.low[k]) || !f.shows(c.x[k], c.high[k])) return "";
    there += fmt::format("{}{:.1f} {:.1f}", there.empty() ? "M" : "L", f.px(c.x[k]), f.py(c.high[k]));
    back = fmt::format("L{:.1f} {:.1f}", f.px(c.x[k]), f.py(c.low[k])) + back;
  }
  return there + back + "Z";
}

void add_marker(std::string& svg, double x, double y, std::size_t shape) {
  switch (shape % 4) {
    case 0:
      svg += fmt::format(R"(<circle cx="{:.1f}" cy="{:.1f}" r="4"/>)", x, y);
      break;
    case 1:
      svg += fmt::format(R"(<path d="M{:.1f} {:.1f}h7v7h-7z"/>)", x - 3.5, y - 3.5);
      break;
    case 2:
      svg += fmt::format(R"(<path d="M{:.1f} {:.1f}l4.6 8h-9.2z"/>)", x, y - 5);
      break;
    default:
      svg += fmt::format(R"(<path d="M{:.1f} {:.1f}l4.8 4.8l-4.8 4.8l-4.8 -4.8z"/>)", x, y - 4.8);
  }
}

void add_curve(std::string& svg, const Frame& f, const DrawnCurve& c) {
  svg += fmt::format(R"(<g class="c{}">)", c.colour);
  if (c.style == DrawnCurve::Style::line) {
    if (c.x.size() > 1)
      svg += fmt::format(R"(<path class="band" d="{}"/><path class="line d{}" d="{}"/>)", band_of(f, c), c.dash,
                         path_of(f, c));
    else if (f.shows(c.x[0], c.y[0]))
      svg += fmt::format(R"(<path class="line" d="M{:.1f} {:.1f}h14"/>)", f.px(c.x[0]) - 7, f.py(c.y[0]));
  } else {
    svg += fmt::format(R"(<path class="faint" d="{}"/>)", path_of(f, c));
    const double floor = f.offset + plot_height - bottom;
    for (std::size_t k = 0; k < c.x.size(); ++k) {
      if (!f.shows(c.x[k], c.high[k])) continue;
      const double x = f.px(c.x[k]), low = f.shows(c.x[k], c.low[k]) ? std::min(f.py(c.low[k]), floor) : floor,
                   high = f.py(c.high[k]);
      svg += fmt::format(R"(<path class="bar" d="M{0:.1f} {1:.1f}V{2:.1f}M{3:.1f} {2:.1f}h6{4}"/>)", x, low, high,
                         x - 3, low < floor ? fmt::format("M{:.1f} {:.1f}h6", x - 3, low) : "");
      if (f.shows(c.x[k], c.y[k])) add_marker(svg, x, f.py(c.y[k]), c.colour);
    }
  }
  svg += "</g>";
}

/// The legend stands below the plot, where it covers nothing. Returns its height.
double add_legend(std::string& svg, const Panel& panel, double y) {
  double x = left, row = 0;
  for (const DrawnCurve& c : panel.curves) {
    const double room = 40 + 7.0 * static_cast<double>(c.label.size());
    if (x + room > width - right && x > left) x = left, row += legend_line;
    svg += fmt::format(R"(<g class="c{}">)", c.colour);
    if (c.style == DrawnCurve::Style::line)
      svg += fmt::format(R"(<path class="line d{}" d="M{:.1f} {:.1f}h24"/>)", c.dash, x, y + row - 4);
    else
      add_marker(svg, x + 12, y + row - 4, c.colour);
    svg += fmt::format(R"(</g><text class="tick" x="{:.1f}" y="{:.1f}">{}</text>)", x + 30, y + row, escape(c.label));
    x += room;
  }
  return row + legend_line;
}

std::string draw_map(const DrawnFigure& figure, double& height) {
  const DrawnCurve& cells = figure.panels.at(0).curves.at(0);
  const Frame f{make_axis(cells.x, figure.log_x), make_axis(cells.low, figure.log_x), 0};
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (double z : cells.y) low = std::min(low, z), high = std::max(high, z);
  std::string svg;
  for (std::size_t k = 0; k < cells.x.size(); ++k) {
    const double part = high > low ? (cells.y[k] - low) / (high - low) : 0.5;
    svg += fmt::format(R"(<path class="cell" fill="{}" d="M{:.1f} {:.1f}h22v22h-22z"><title>{:.4g}</title></path>)",
                       map_colour(part), f.px(cells.x[k]) - 11, f.py(cells.low[k]) - 11, cells.y[k]);
  }
  add_axes(svg, f, figure, figure.panels[0]);
  svg += fmt::format(R"(<text class="tick" x="{}" y="{}">{} from {:.3g} (light) to {:.3g} (dark)</text>)", left,
                     plot_height + 12, escape(figure.panels[0].title), low, high);
  height = plot_height + 24;
  return svg;
}

std::string draw_panels(const DrawnFigure& figure, double& height) {
  std::string svg;
  for (const Panel& panel : figure.panels) {
    const PanelAxes axes = axes_of(figure, panel);
    const Frame f{axes.x, axes.y, height};
    add_axes(svg, f, figure, panel);
    for (const auto& [name, x] : panel.marks)
      if (f.shows(x, 1) && f.x.contains(x))
        svg += fmt::format(R"(<path class="mark" d="M{0:.1f} {1:.1f}V{2:.1f}"><title>{3} = {4:.4g}</title></path>)",
                           f.px(x), f.offset + top, f.offset + plot_height - bottom, escape(name), x);
    for (const DrawnCurve& c : panel.curves) add_curve(svg, f, c);
    height += plot_height + 10;
    height += add_legend(svg, panel, height);
  }
  return svg;
}

}  // namespace

PanelAxes axes_of(const DrawnFigure& figure, const Panel& panel) {
  std::vector<double> xs, ys;
  for (const DrawnCurve& c : panel.curves) {
    xs.insert(xs.end(), c.x.begin(), c.x.end());
    ys.insert(ys.end(), c.y.begin(), c.y.end());
    ys.insert(ys.end(), c.high.begin(), c.high.end());
    for (std::size_t k = 0; k < c.x.size(); ++k) {
      // An interval that reaches to zero has no end on a logarithmic axis: it stops at a fifth of the point.
      const double least = figure.log_y ? 0.2 * std::max(c.y[k], 0.0) : c.low[k];
      ys.push_back(std::max(c.low[k], least));
    }
  }
  return {make_axis(xs, figure.log_x), make_axis(ys, figure.log_y)};
}

std::string draw_svg(const DrawnFigure& figure, Surroundings surroundings) {
  if (figure.empty()) return "";
  double height = 0;
  const std::string body = figure.map ? draw_map(figure, height) : draw_panels(figure, height);
  const std::string style =
      surroundings == Surroundings::standalone ? fmt::format("<style>{}</style>", figure_style()) : "";
  return fmt::format(
      R"(<svg xmlns="http://www.w3.org/2000/svg" class="figure" role="img" aria-label="{}" viewBox="0 0 {} {:.0f}">{}{}</svg>)",
      escape(figure.name), width, height, style, body);
}

}  // namespace fieldscan::analysis
