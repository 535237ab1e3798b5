#include "panel_svg.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "../text/axis_words.hpp"
#include "../text/readable.hpp"
#include "curve_svg.hpp"
#include "ended_marks.hpp"
#include "legend.hpp"
#include "ranges.hpp"

namespace fieldscan::analysis {
namespace {

constexpr double right = 12, plot_height = 215, strip_height = 70, strip_gap = 12;

enum class Labels { shown, hidden };

void draw_x_axis(std::string& svg, const Frame& f, Labels labels) {
  double free_from = -1;
  for (const auto& tick : f.x.ticks) {
    const double x = f.px(tick.value);
    const bool labelled = !tick.label.empty() && centred_ends(x, tick.label).first > free_from;
    if (!tick.label.empty()) svg += fmt::format(R"(<path class="grid" d="M{0:.1f} {1:.1f}V{2:.1f}"/>)", x, f.y0, f.y1);
    svg += fmt::format(R"(<path class="axis" d="M{:.1f} {:.1f}v{}"/>)", x, f.y0, tick.label.empty() ? -3 : -5);
    if (!labelled || labels == Labels::hidden) continue;
    free_from = draw_centred(svg, x, f.y0 + 16, "", tick.label).second + 5;
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

void draw_window(std::string& svg, const Frame& f, const Panel& panel) {
  if (!panel.window) return;
  const auto inside = [&](double value) {
    if (f.x.log && value <= 0) return f.x0;
    return std::clamp(f.px(value), f.x0, f.x1);
  };
  const double a = inside(panel.window->first), b = inside(panel.window->second);
  svg += fmt::format(R"(<path class="window" d="M{:.1f} {:.1f}H{:.1f}V{:.1f}H{:.1f}Z"/>)", a, f.y0, b, f.y1, a);
}

/// Whether a point of a curve lies under a text that begins at x and stands on y.
bool covers_a_point(const Frame& f, const Panel& panel, double x, double y, const std::string& text) {
  const auto under = [&](double px, double py) {
    return px > x - 5 && px < x + letter * text_width(text) + 5 && py > y - letter - 5 && py < y + 5;
  };
  for (const DrawnCurve& c : panel.curves)
    for (std::size_t k = 0; k < c.x.size(); ++k)
      if (f.shows(c.x[k], c.y[k]) && under(f.px(c.x[k]), f.py(c.y[k]))) return true;
  return false;
}

/// The name of a horizontal line, on it: to the right, or where it would cover points there, to the left.
void draw_level_name(std::string& svg, const Frame& f, const Panel& panel, double y, const std::string& words) {
  const std::string name = shortened(words, f.x1 - f.x0 - 8);
  const bool turn = covers_a_point(f, panel, f.x1 - 2 - letter * text_width(name), y, name);
  draw_text(svg, turn ? f.x0 + 6 : f.x1 - 2, y, turn ? "start" : "end", "halo", name);
}

/// Vertical lines of defined numbers, each in the colour of its curve where there are several, horizontal ones of
/// bounds; with their names, each once.
void draw_marks(std::string& svg, const Frame& f, const Panel& panel) {
  double line = 0;
  std::set<std::string> named;
  for (const auto& [name, x, colour] : panel.marks) {
    if ((f.x.log && x <= 0) || !f.x.contains(x)) continue;
    const bool turn = f.px(x) > 0.6 * drawing_width, alone = panel.marks.size() == 1;
    const std::string words = readable(fmt::format("{} = {:.3g}", name, x));
    svg += fmt::format(
        R"(<g class="{}" data-curve="g{}"><title>{}</title><path class="mark" d="M{:.1f} {:.1f}V{:.1f}"/></g>)",
        alone ? palette_colour(neutral_colour).name : colour_of(panel, colour).name, colour, escape(words), f.px(x),
        f.y1, f.y0);
    if (!named.insert(name).second) continue;
    draw_text(svg, f.px(x) + (turn ? -4 : 4), f.y1 + 10 + line, turn ? "end" : "start", "halo",
              shortened(alone ? words : readable(name), (turn ? f.px(x) : drawing_width - f.px(x)) - 8));
    line += letter + 1;
  }
  for (const auto& [name, y] : panel.levels)
    if (!(f.y.log && y <= 0) && f.y.contains(y)) {
      svg += fmt::format(R"(<path class="mark" d="M{:.1f} {:.1f}H{:.1f}"/>)", f.x0, f.py(y), f.x1);
      draw_level_name(svg, f, panel, f.py(y) - 4, readable(name));
    }
}

/// What the numbers of a strip are differences from: a line above it.
void draw_strip_name(std::string& svg, const Frame& f, const Panel& panel) {
  if (panel.residual_label.empty()) return;
  draw_text(svg, f.x0, f.y1 - 4, "start", "key", shortened("Δ: " + readable(panel.residual_label), f.x1 - f.x0));
}

/// Room left of an axis for its ticks; the label stands left of that.
double room_for(const PlotAxis& axis) {
  double widest = 1;
  for (const auto& tick : axis.ticks) widest = std::max(widest, text_width(tick.label));
  return 12 + letter * widest;
}

}  // namespace

double draw_panel(std::string& svg, const DrawnFigure& figure, const Panel& panel, double top) {
  const PanelAxes axes = axes_of(figure, panel);
  const PlotAxis below = residual_axis(figure, panel);
  const bool strip = !panel.residuals.empty();
  const std::string y_label = with_linear_note(figure.y_label, axes.y_linear);
  const double label = y_label_room(plot_height, y_label);
  const double left = label + std::max(room_for(axes.y), strip ? room_for(below) : 0.0);
  const auto title = lines_within(readable(label_words(panel.title)), bold_share * (drawing_width - right - left));
  const double head = title.empty() ? 8 : 9 + (letter + 3) * static_cast<double>(title.size());
  Frame f{axes.x, axes.y, left, drawing_width - right, top + head + plot_height, top + head};
  for (std::size_t k = 0; k < title.size(); ++k)
    draw_text(svg, f.x0, f.y1 - 9 - (letter + 3) * static_cast<double>(title.size() - 1 - k), "start", "strong",
              title[k]);
  draw_window(svg, f, panel);
  draw_x_axis(svg, f, strip ? Labels::hidden : Labels::shown);
  draw_y_axis(svg, f);
  draw_y_label(svg, label - 2, f.y0, f.y1, y_label);
  for (const DrawnCurve& c : panel.curves)
    if (!c.x.empty()) draw_curve(svg, f, panel, c);
  draw_ended(svg, f, panel);
  draw_marks(svg, f, panel);
  draw_frame(svg, f);
  if (strip) {
    const double gap = strip_gap + (panel.residual_label.empty() ? 0 : letter);
    f = {axes.x, below, left, drawing_width - right, f.y0 + gap + strip_height, f.y0 + gap};
    draw_strip_name(svg, f, panel);
    draw_residuals(svg, f, panel);
    draw_x_axis(svg, f, Labels::shown);
    draw_y_axis(svg, f);
    draw_y_label(svg, label - 2, f.y0, f.y1, "Δ/s.e.");
    draw_frame(svg, f);
  }
  double bottom = f.y0 + 18;
  for (const std::string& line : lines_within(readable(with_linear_note(figure.x_label, axes.x_linear)), f.x1 - f.x0))
    draw_centred(svg, 0.5 * (f.x0 + f.x1), bottom += letter + 3, "", line);
  bottom += 5;
  return bottom - top + draw_legend(svg, figure, panel, bottom);
}

}  // namespace fieldscan::analysis
