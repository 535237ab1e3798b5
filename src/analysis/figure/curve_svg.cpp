#include "curve_svg.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "../text/axis_words.hpp"
#include "../text/readable.hpp"
#include "fewer.hpp"

namespace fieldscan::analysis {
namespace {

struct Spot {
  double x, y;
};

/// The part of a segment that lies between the lower and the upper end of a frame; nothing where none does.
std::optional<std::pair<Spot, Spot>> clipped(const Frame& f, Spot a, Spot b) {
  const auto at = [&](double y) { return Spot{a.x + (b.x - a.x) * ((y - a.y) / (b.y - a.y)), y}; };
  const auto bring_in = [&](Spot p) { return p.y > f.y0 ? at(f.y0) : p.y < f.y1 ? at(f.y1) : p; };
  if (std::min(a.y, b.y) > f.y0 || std::max(a.y, b.y) < f.y1) return std::nullopt;
  return std::pair(bring_in(a), bring_in(b));
}

/// The line through a curve's points, as far as it lies in the frame.
std::string path_of(const Frame& f, const DrawnCurve& c, double shift = 0) {
  std::string d;
  std::optional<Spot> pen;
  for (std::size_t k = 1; k < c.x.size(); ++k) {
    if (!c.joined(k) || !f.shows(c.x[k - 1], c.y[k - 1]) || !f.shows(c.x[k], c.y[k])) continue;
    const auto part = clipped(f, {f.px(c.x[k - 1]) + shift, f.py(c.y[k - 1])}, {f.px(c.x[k]) + shift, f.py(c.y[k])});
    if (!part) continue;
    const auto& [from, to] = *part;
    if (!pen || pen->x != from.x || pen->y != from.y) d += fmt::format("M{:.1f} {:.1f}", from.x, from.y);
    d += fmt::format("L{:.1f} {:.1f}", to.x, to.y);
    pen = to;
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

/// The interval of a theory (over data draws) as a light band, in pieces where points between have none.
std::string band_of(const Frame& f, const DrawnCurve& c) {
  if (!c.has_band()) return "";
  std::string band, there, back;
  const auto close = [&] {
    if (!there.empty()) band += there + back + "Z";
    there.clear();
    back.clear();
  };
  for (std::size_t k = 0; k < c.x.size(); ++k) {
    if (!f.shows(c.x[k], c.high[k])) return "";
    const bool none = k < c.no_interval.size() && c.no_interval[k];
    if (!c.joined(k) || none) close();
    if (none) continue;
    const bool ends = f.shows(c.x[k], c.low[k]);  // else it reaches to zero, or below
    const double low = ends ? std::clamp(f.py(c.low[k]), f.y1, f.y0) : f.y0,
                 high = std::clamp(f.py(c.high[k]), f.y1, f.y0);
    there += fmt::format("{}{:.1f} {:.1f}", there.empty() ? "M" : "L", f.px(c.x[k]), high);
    back = fmt::format("L{:.1f} {:.1f}", f.px(c.x[k]), low) + back;
  }
  close();
  return fmt::format(R"(<path class="band" d="{}"/>)", band);
}

/// A number beyond the frame: an arrow towards it, at the edge.
void draw_beyond(std::string& svg, const Frame& f, double x, bool above) {
  const double edge = above ? f.y1 + 2 : f.y0 - 2, back = above ? 10 : -10, tip = above ? 4 : -4;
  svg += fmt::format(R"(<path class="bar" d="M{0:.1f} {1:.1f}v{2}M{3:.1f} {4:.1f}l3 {5}l3 {6}"/>)", x, edge, back,
                     x - 3, edge + tip, -tip, tip);
}

/// Whether a point is at an abscissa that the axis has, and its number, zero or below, nowhere on the other one.
bool lies_below(const Frame& f, double x, double y) { return f.y.log && y <= 0 && (!f.x.log || x > 0); }

/// A point whose abscissa is zero or below on a logarithmic axis: an arrow towards it at the left edge, at the height
/// of its number, or at the lower end where that is zero or below as well. Whether there is one.
bool draw_left_of(std::string& svg, const Frame& f, double x, double y) {
  if (!f.x.log || !(x <= 0) || !std::isfinite(y)) return false;
  const double at = f.y.log && y <= 0 ? f.y0 - 6 : std::clamp(f.py(y), f.y1, f.y0);
  svg += fmt::format(R"(<path class="bar" d="M{0:.1f} {1:.1f}h-10M{2:.1f} {3:.1f}l-4 3l4 3"/>)", f.x0 + 12, at,
                     f.x0 + 6, at - 3);
  return true;
}

/// A line, in pieces where it has gaps; a point between two of them is a dash, and one that is not above zero on a
/// logarithmic axis an arrow at its lower end. What was measured at very many places (the trace of a chain) is a thin
/// one.
void draw_line(std::string& svg, const Frame& f, const Panel& panel, const DrawnCurve& c) {
  constexpr std::size_t many = 150;
  const std::string_view thin = c.with.empty() && c.x.size() > many ? " thin" : "";
  if (c.x.size() > 1)
    svg += fmt::format(R"({}<path class="line{} d{}" d="{}"/>)", panel.shows_bands() ? band_of(f, c) : "", thin, c.dash,
                       path_of(f, c));
  for (std::size_t k = 0; k < c.x.size(); ++k) {
    const bool alone = !c.joined(k) && (k + 1 == c.x.size() || !c.joined(k + 1));
    if (alone && f.shows(c.x[k], c.y[k]) && f.y.contains(c.y[k]))
      svg += fmt::format(R"(<path class="line d{}" d="M{:.1f} {:.1f}h14"/>)", c.dash, f.px(c.x[k]) - 7, f.py(c.y[k]));
    const bool fit = c.dash == fit_dash;  // its abscissas are nobody's points
    if (!fit && lies_below(f, c.x[k], c.y[k])) draw_beyond(svg, f, f.px(c.x[k]), false);
    if (!fit) draw_left_of(svg, f, c.x[k], c.y[k]);
    if (c.with.empty() && c.is_unsettled(k) && f.shows(c.x[k], c.y[k]) && f.y.contains(c.y[k]))
      draw_marker(svg, f.px(c.x[k]), f.py(c.y[k]), c.colour, Marker::crossed);
    if (is_fewer(c, k) && f.shows(c.x[k], c.y[k]) && f.y.contains(c.y[k])) draw_fewer(svg, f.px(c.x[k]), f.py(c.y[k]));
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
  const double step = std::min(2.0, 8 / groups);
  return step * groups > 0.4 * nearest ? 0 : step * (static_cast<double>(c.colour) - 0.5 * (groups - 1));
}

/// What a point is, for who holds the pointer over it: "width = 64; 128: 0.31, 95 % interval 0.29 to 0.33; 96 members".
std::string point_words(const DrawnCurve& c, std::size_t k) {
  const std::string name = label_words(c.name());
  std::string text = fmt::format("{}{}{:.4g}: {:.4g}", name, name.empty() ? "" : "; ", c.x[k], c.y[k]);
  if (c.low[k] < c.high[k]) text += fmt::format(", 95 % interval {:.4g} to {:.4g}", c.low[k], c.high[k]);
  if (k < c.members.size() && c.members[k] > 0) text += fmt::format("; {} members", c.members[k]);
  if (c.is_unsettled(k)) text += fmt::format("; {:.0f} % of them have not settled", std::ceil(100 * c.unsettled[k]));
  if (k < c.basis.size() && c.basis[k].fewer())
    text += fmt::format("; {} of {} replicas{}{}", c.basis[k].members, c.basis[k].asked, c.basis[k].marks ? "; " : "",
                        words_of_marks(c.basis[k].marks));
  return text + (c.censored[k] ? "; only a bound" : "");
}

/// The interval of a point: a bar with caps; where it reaches beyond the frame it has none; on a logarithmic axis one
/// that reaches to zero or below ends without a cap at a fifth of the point, and of a point that is not above zero its
/// upper end has an arrow down.
void draw_bar(std::string& svg, const Frame& f, const DrawnCurve& c, std::size_t k, double x) {
  constexpr double arrow = 14;
  const double high = std::max(f.py(c.high[k]), f.y1);
  if (!f.shows(c.x[k], c.y[k])) {
    const double end = std::min(high + arrow, f.y0);
    if (f.y0 - high > 1)
      svg += fmt::format(R"(<path class="bar" d="M{0:.1f} {1:.1f}h6M{2:.1f} {1:.1f}V{3:.1f}m-3 -4l3 4l3 -4"/>)", x - 3,
                         high, x, end);
    else
      draw_beyond(svg, f, x, false);
    return;
  }
  const bool whole = f.shows(c.x[k], c.low[k]);
  const double low = std::min(f.py(whole ? c.low[k] : 0.2 * c.y[k]), f.y0);
  const auto cap = [&](bool inside, double y) { return inside ? fmt::format("M{:.1f} {:.1f}h6", x - 3, y) : ""; };
  if (low - high > 0.5)
    svg += fmt::format(R"(<path class="bar" d="M{:.1f} {:.1f}V{:.1f}{}{}"/>)", x, low, high, cap(high > f.y1, high),
                       cap(whole && low < f.y0, low));
}

Marker marker_of(const DrawnCurve& c, std::size_t k) {
  if (c.is_unsettled(k)) return Marker::crossed;
  return is_outside(c.dash) ? Marker::hollow : Marker::full;
}

/// Points with their intervals; those of which only a bound is known are open circles.
void draw_points(std::string& svg, const Frame& f, const DrawnCurve& c, double shift) {
  if (c.x.size() > 1) svg += fmt::format(R"(<path class="faint" d="{}"/>)", path_of(f, c, shift));
  for (std::size_t k = 0; k < c.x.size(); ++k) {
    if (draw_left_of(svg, f, c.x[k], c.y[k])) continue;
    if (!f.shows(c.x[k], c.high[k])) {
      if (lies_below(f, c.x[k], c.y[k])) draw_beyond(svg, f, f.px(c.x[k]) + shift, false);
      continue;
    }
    svg += fmt::format("<g><title>{}</title>", escape(readable(point_words(c, k))));
    const double x = f.px(c.x[k]) + shift;
    draw_bar(svg, f, c, k, x);
    if (f.shows(c.x[k], c.y[k])) {
      if (c.censored[k])
        svg += fmt::format(R"(<circle class="open" cx="{:.1f}" cy="{:.1f}" r="4"/>)", x, f.py(c.y[k]));
      else
        draw_marker(svg, x, f.py(c.y[k]), c.colour, marker_of(c, k));
      if (is_fewer(c, k)) draw_fewer(svg, x, f.py(c.y[k]));
    }
    svg += "</g>";
  }
}

/// Spots of no size, whose round ends are seen.
void draw_spots(std::string& svg, const Frame& f, const DrawnCurve& c, double shift) {
  std::string d;
  for (std::size_t k = 0; k < c.x.size(); ++k)
    if (f.shows(c.x[k], c.y[k]) && f.y.contains(c.y[k]))
      d += fmt::format("M{:.1f} {:.1f}h0", f.px(c.x[k]) + shift, f.py(c.y[k]));
  svg += fmt::format(R"(<path class="spots" d="{}"/>)", d);
}

}  // namespace

void draw_curve(std::string& svg, const Frame& f, const Panel& panel, const DrawnCurve& c) {
  svg += fmt::format(R"(<g class="{}" data-curve="{}">)", colour_of(panel, c).name, curve_keys(c));
  if (c.style == DrawnCurve::Style::steps)
    svg += fmt::format(R"(<path class="line" d="{}"/>)", steps_of(f, c));
  else if (c.style == DrawnCurve::Style::line)
    draw_line(svg, f, panel, c);
  else if (c.style == DrawnCurve::Style::draws)
    draw_spots(svg, f, c, aside(f, panel, c));
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
    svg += fmt::format(R"(<g class="{}" data-curve="g{}">)", colour_of(panel, c).name, c.colour);
    for (std::size_t k = 0; k < c.x.size(); ++k) {
      if (!f.shows(c.x[k], c.y[k])) continue;
      svg += fmt::format("<g><title>{}</title>",
                         escape(readable(fmt::format("{:.4g}: {:.2f} standard errors", c.x[k], c.y[k]))));
      const double x = f.px(c.x[k]) + aside(f, panel, c);
      if (f.y.contains(c.y[k]))
        draw_marker(svg, x, f.py(c.y[k]), c.colour, marker_of(c, k));
      else
        draw_beyond(svg, f, x, c.y[k] > 0);
      svg += "</g>";
    }
    svg += "</g>";
  }
}

}  // namespace fieldscan::analysis
