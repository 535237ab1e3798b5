#include "svg.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "../readable.hpp"

namespace fieldscan::analysis {
namespace {

constexpr double right = 12, plot_height = 235, strip_height = 74, strip_gap = 12;

/// The rectangle of one pair of axes.
struct Frame {
  PlotAxis x, y;
  double x0 = 0, x1 = 0, y0 = 0, y1 = 0;  ///< left, right, bottom, top
  double px(double value) const { return x0 + x.position(value) * (x1 - x0); }
  double py(double value) const { return y0 - y.position(value) * (y0 - y1); }
  bool shows(double a, double b) const {
    return (!x.log || a > 0) && (!y.log || b > 0) && std::isfinite(a) && std::isfinite(b);
  }
};

enum class Labels { shown, hidden };

void draw_x_axis(std::string& svg, const Frame& f, Labels labels) {
  double free_from = -1;
  for (const auto& tick : f.x.ticks) {
    const double x = f.px(tick.value), half = 0.5 * letter * text_width(tick.label);
    const bool labelled = !tick.label.empty() && x - half > free_from && x + half < drawing_width;
    if (!tick.label.empty()) svg += fmt::format(R"(<path class="grid" d="M{0:.1f} {1:.1f}V{2:.1f}"/>)", x, f.y0, f.y1);
    svg += fmt::format(R"(<path class="axis" d="M{:.1f} {:.1f}v{}"/>)", x, f.y0, tick.label.empty() ? -3 : -5);
    if (!labelled || labels == Labels::hidden) continue;
    draw_text(svg, x, f.y0 + 16, "middle", "", tick.label);
    free_from = x + half + 5;
  }
}

void draw_y_axis(std::string& svg, const Frame& f) {
  double free_to = f.y0 + letter;
  for (const auto& tick : f.y.ticks) {
    const double y = f.py(tick.value);
    if (!tick.label.empty() && y < free_to) {
      svg += fmt::format(R"(<path class="grid" d="M{1:.1f} {0:.1f}H{2:.1f}"/>)", y, f.x0, f.x1);
      draw_text(svg, f.x0 - 6, y + 4, "end", "", tick.label);
      free_to = y - letter;
    }
    svg += fmt::format(R"(<path class="axis" d="M{:.1f} {:.1f}h{}"/>)", f.x0, y, tick.label.empty() ? 3 : 5);
  }
}

void draw_frame(std::string& svg, const Frame& f) {
  svg += fmt::format(R"(<path class="axis" d="M{:.1f} {:.1f}V{:.1f}H{:.1f}"/>)", f.x0, f.y1, f.y0, f.x1);
}

void draw_y_label(std::string& svg, const Frame& f, const std::string& text) {
  svg += fmt::format(R"svg(<text transform="translate(12 {:.1f}) rotate(-90)" text-anchor="middle">{}</text>)svg",
                     0.5 * (f.y0 + f.y1), escape(readable(text)));
}

std::string path_of(const Frame& f, const DrawnCurve& c, double shift = 0) {
  std::string d;
  bool pen_down = false;
  for (std::size_t k = 0; k < c.x.size(); ++k) {
    if (!f.shows(c.x[k], c.y[k])) {
      pen_down = false;
      continue;
    }
    d += fmt::format("{}{:.1f} {:.1f}", pen_down ? "L" : "M", f.px(c.x[k]) + shift, f.py(c.y[k]));
    pen_down = true;
  }
  return d;
}

/// The outline of a histogram.
std::string steps_of(const Frame& f, const DrawnCurve& c) {
  const double half = c.x.size() > 1 ? 0.5 * (f.px(c.x[1]) - f.px(c.x[0])) : 5;
  std::string d = fmt::format("M{:.1f} {:.1f}", f.px(c.x[0]) - half, f.y0);
  for (std::size_t k = 0; k < c.x.size(); ++k)
    d += fmt::format("V{:.1f}H{:.1f}", f.shows(c.x[k], c.y[k]) ? f.py(c.y[k]) : f.y0, f.px(c.x[k]) + half);
  return d + fmt::format("V{:.1f}", f.y0);
}

/// The interval of a theory (over data draws) as a light band; nothing where it has none.
std::string band_of(const Frame& f, const DrawnCurve& c) {
  if (c.low == c.high) return "";
  std::string there, back;
  for (std::size_t k = 0; k < c.x.size(); ++k) {
    if (!f.shows(c.x[k], c.low[k]) || !f.shows(c.x[k], c.high[k])) return "";
    const double low = std::min(f.py(c.low[k]), f.y0), high = std::max(f.py(c.high[k]), f.y1);
    there += fmt::format("{}{:.1f} {:.1f}", there.empty() ? "M" : "L", f.px(c.x[k]), high);
    back = fmt::format("L{:.1f} {:.1f}", f.px(c.x[k]), low) + back;
  }
  return fmt::format(R"(<path class="band" d="{}{}Z"/>)", there, back);
}

void draw_line(std::string& svg, const Frame& f, const DrawnCurve& c) {
  if (c.x.size() > 1)
    svg += fmt::format(R"({}<path class="line d{}" d="{}"/>)", band_of(f, c), c.dash, path_of(f, c));
  else if (f.shows(c.x[0], c.y[0]))
    svg += fmt::format(R"(<path class="line" d="M{:.1f} {:.1f}h14"/>)", f.px(c.x[0]) - 7, f.py(c.y[0]));
}

/// How far a curve's points are set aside, so that the intervals of several groups do not cover each other; not where the abscissas
/// are too close for it.
double aside(const Frame& f, const Panel& panel, const DrawnCurve& c) {
  double groups = 0, nearest = drawing_width;
  for (const DrawnCurve& other : panel.curves) {
    if (other.style != DrawnCurve::Style::points) continue;
    groups = std::max(groups, static_cast<double>(other.colour) + 1);
    for (std::size_t k = 1; k < other.x.size(); ++k)
      if (const double gap = f.px(other.x[k]) - f.px(other.x[k - 1]); gap > 0.01) nearest = std::min(nearest, gap);
  }
  const double step = std::min(3.5, 20 / groups);
  return step * groups > 0.4 * nearest ? 0 : step * (static_cast<double>(c.colour) - 0.5 * (groups - 1));
}

/// Points with their intervals; those of which only a bound is known are hollow.
void draw_points(std::string& svg, const Frame& f, const DrawnCurve& c, double shift) {
  if (c.x.size() > 1) svg += fmt::format(R"(<path class="faint" d="{}"/>)", path_of(f, c, shift));
  for (std::size_t k = 0; k < c.x.size(); ++k) {
    if (!f.shows(c.x[k], c.high[k])) continue;
    const double x = f.px(c.x[k]) + shift, low = f.shows(c.x[k], c.low[k]) ? std::min(f.py(c.low[k]), f.y0) : f.y0,
                 high = f.py(c.high[k]);
    if (low - high > 0.5)
      svg += fmt::format(R"(<path class="bar" d="M{0:.1f} {1:.1f}V{2:.1f}M{3:.1f} {2:.1f}h6{4}"/>)", x, low, high,
                         x - 3, low < f.y0 ? fmt::format("M{:.1f} {:.1f}h6", x - 3, low) : "");
    if (!f.shows(c.x[k], c.y[k])) continue;
    if (c.censored[k])
      svg += fmt::format(R"(<circle class="open" cx="{:.1f}" cy="{:.1f}" r="4"/>)", x, f.py(c.y[k]));
    else
      draw_marker(svg, x, f.py(c.y[k]), c.colour);
  }
}

void draw_curve(std::string& svg, const Frame& f, const Panel& panel, const DrawnCurve& c) {
  svg += fmt::format(R"(<g class="{}">)", colour_of(panel, c).name);
  if (c.style == DrawnCurve::Style::steps)
    svg += fmt::format(R"(<path class="line" d="{}"/>)", steps_of(f, c));
  else if (c.style == DrawnCurve::Style::line)
    draw_line(svg, f, c);
  else
    draw_points(svg, f, c, aside(f, panel, c));
  svg += "</g>";
}

void draw_window(std::string& svg, const Frame& f, const Panel& panel) {
  if (!panel.window) return;
  const auto inside = [&](double value) {
    if (f.x.log && value <= 0) return f.x0;
    return std::clamp(f.px(value), f.x0, f.x1);
  };
  const double a = inside(panel.window->first), b = inside(panel.window->second);
  svg += fmt::format(R"(<path class="window" d="M{:.1f} {:.1f}H{:.1f}V{:.1f}H{:.1f}Z"/>)", a, f.y0, b, f.y1, a);
}

/// Vertical lines of defined numbers, horizontal ones of bounds, with their names.
void draw_marks(std::string& svg, const Frame& f, const Panel& panel) {
  double line = 0;
  for (const auto& [name, x] : panel.marks) {
    if (!(f.x.log && x <= 0) && f.x.contains(x)) {
      const bool turn = f.px(x) > 0.6 * drawing_width;
      svg += fmt::format(R"(<path class="mark" d="M{0:.1f} {1:.1f}V{2:.1f}"/>)", f.px(x), f.y1, f.y0);
      draw_text(svg, f.px(x) + (turn ? -4 : 4), f.y1 + 10 + line, turn ? "end" : "start", "key",
                readable(fmt::format("{} = {:.3g}", name, x)));
      line += letter + 1;
    }
  }
  for (const auto& [name, y] : panel.levels)
    if (!(f.y.log && y <= 0) && f.y.contains(y)) {
      svg += fmt::format(R"(<path class="mark" d="M{:.1f} {:.1f}H{:.1f}"/>)", f.x0, f.py(y), f.x1);
      draw_text(svg, f.x1 - 2, f.py(y) - 4, "end", "key", readable(name));
    }
}

void draw_residuals(std::string& svg, const Frame& f, const Panel& panel) {
  const double inside = f.py(2), outside = f.py(-2);
  svg += fmt::format(R"(<path class="band" d="M{:.1f} {:.1f}H{:.1f}V{:.1f}H{:.1f}Z"/>)", f.x0, outside, f.x1, inside,
                     f.x0);
  svg += fmt::format(R"(<path class="faint" d="M{:.1f} {:.1f}H{:.1f}"/>)", f.x0, f.py(0), f.x1);
  for (const DrawnCurve& c : panel.residuals) {
    svg += fmt::format(R"(<g class="{}">)", colour_of(panel, c).name);
    for (std::size_t k = 0; k < c.x.size(); ++k)
      if (f.shows(c.x[k], c.y[k])) draw_marker(svg, f.px(c.x[k]) + aside(f, panel, c), f.py(c.y[k]), c.colour);
    svg += "</g>";
  }
}

double room_for(const PlotAxis& axis) {
  double widest = 1;
  for (const auto& tick : axis.ticks) widest = std::max(widest, text_width(tick.label));
  return 26 + letter * widest;
}

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

double draw_panel(std::string& svg, const DrawnFigure& figure, const Panel& panel, double top) {
  const PanelAxes axes = axes_of(figure, panel);
  const PlotAxis below = residual_axis(panel);
  const bool strip = !panel.residuals.empty();
  const double head = panel.title.empty() ? 8 : 24, left = std::max(room_for(axes.y), strip ? room_for(below) : 0.0);
  Frame f{axes.x, axes.y, left, drawing_width - right, top + head + plot_height, top + head};
  if (!panel.title.empty()) draw_text(svg, f.x0, f.y1 - 9, "start", "strong", readable(panel.title));
  draw_window(svg, f, panel);
  draw_x_axis(svg, f, strip ? Labels::hidden : Labels::shown);
  draw_y_axis(svg, f);
  draw_y_label(svg, f, figure.y_label);
  draw_marks(svg, f, panel);
  for (const DrawnCurve& c : panel.curves)
    if (!c.x.empty()) draw_curve(svg, f, panel, c);
  draw_frame(svg, f);
  if (strip) {
    f = {axes.x, below, left, drawing_width - right, f.y0 + strip_gap + strip_height, f.y0 + strip_gap};
    draw_residuals(svg, f, panel);
    draw_x_axis(svg, f, Labels::shown);
    draw_y_axis(svg, f);
    draw_y_label(svg, f, "Δ/s.e.");
    draw_frame(svg, f);
  }
  draw_text(svg, 0.5 * (f.x0 + f.x1), f.y0 + 33, "middle", "", readable(figure.x_label));
  const double bottom = f.y0 + 38;
  return bottom - top + draw_legend(svg, figure, panel, bottom);
}

PanelAxes axes_of(const DrawnFigure& figure, const Panel& panel) {
  std::vector<double> xs, ys;
  for (const auto& level : panel.levels) ys.push_back(level.second);
  for (const DrawnCurve& c : panel.curves) {
    const bool steps = c.style == DrawnCurve::Style::steps;
    if (c.dash != fit_dash) xs.insert(xs.end(), c.x.begin(), c.x.end());
    if (steps && c.x.size() > 1 && !figure.log_y) ys.push_back(0);
    ys.insert(ys.end(), c.y.begin(), c.y.end());
    for (std::size_t k = 0; k < c.x.size(); ++k) {
      // An interval that reaches to zero, or far beyond, has no end on a logarithmic axis: it stops at a fifth of the point, or at ten times it.
      const double least = figure.log_y ? 0.2 * std::max(c.y[k], 0.0) : c.low[k];
      const double most = figure.log_y && c.y[k] > 0 ? 10 * c.y[k] : c.high[k];
      ys.push_back(std::max(c.low[k], least));
      ys.push_back(std::min(c.high[k], most));
    }
  }
  return {make_axis(xs, figure.log_x, Ticks::at_values), make_axis(ys, figure.log_y)};
}

PlotAxis residual_axis(const Panel& panel) {
  double reach = 3;
  for (const DrawnCurve& c : panel.residuals)
    for (const double y : c.y) reach = std::max(reach, std::abs(y));
  const double power = std::pow(10.0, std::floor(std::log10(reach)));
  const double step = reach < 2 * power ? power : reach < 5 * power ? 2 * power : 5 * power;
  PlotAxis axis{.log = false, .low = -1.12 * reach, .high = 1.12 * reach, .ticks = {}};
  for (double k = -std::floor(reach / step); k * step <= reach; ++k)
    axis.ticks.push_back({k * step, readable(fmt::format("{:g}", k * step))});
  return axis;
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
