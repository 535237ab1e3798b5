#include "curve_svg.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace fieldscan::analysis {
namespace {

std::string path_of(const Frame& f, const DrawnCurve& c, double shift = 0) {
  std::string d;
  bool pen_down = false;
  for (std::size_t k = 0; k < c.x.size(); ++k) {
    pen_down = pen_down && c.joined(k);
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
  std::string band, there, back;
  const auto close = [&] {
    if (!there.empty()) band += there + back + "Z";
    there.clear();
    back.clear();
  };
  for (std::size_t k = 0; k < c.x.size(); ++k) {
    if (!f.shows(c.x[k], c.low[k]) || !f.shows(c.x[k], c.high[k])) return "";
    if (!c.joined(k)) close();
    const double low = std::min(f.py(c.low[k]), f.y0), high = std::max(f.py(c.high[k]), f.y1);
    there += fmt::format("{}{:.1f} {:.1f}", there.empty() ? "M" : "L", f.px(c.x[k]), high);
    back = fmt::format("L{:.1f} {:.1f}", f.px(c.x[k]), low) + back;
  }
  close();
  return fmt::format(R"(<path class="band" d="{}"/>)", band);
}

/// A line, in pieces where it has gaps; a point between two of them is a dash.
void draw_line(std::string& svg, const Frame& f, const DrawnCurve& c) {
  if (c.x.size() > 1) svg += fmt::format(R"({}<path class="line d{}" d="{}"/>)", band_of(f, c), c.dash, path_of(f, c));
  for (std::size_t k = 0; k < c.x.size(); ++k) {
    const bool alone = !c.joined(k) && (k + 1 == c.x.size() || !c.joined(k + 1));
    if (alone && f.shows(c.x[k], c.y[k]))
      svg += fmt::format(R"(<path class="line" d="M{:.1f} {:.1f}h14"/>)", f.px(c.x[k]) - 7, f.py(c.y[k]));
  }
}

/// How far a curve's points are set aside, so that the intervals of several groups do not cover each other; not where
/// the abscissas are too close for it.
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

}  // namespace

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

}  // namespace fieldscan::analysis
