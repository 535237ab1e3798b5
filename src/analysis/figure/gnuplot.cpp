#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <sstream>

#include "../text/axis_words.hpp"
#include "../text/readable.hpp"
#include "fewer.hpp"
#include "fieldscan/core/printable.hpp"
#include "gnuplot.hpp"
#include "gnuplot_map.hpp"
#include "gnuplot_words.hpp"
#include "ranges.hpp"
#include "svg.hpp"

namespace fieldscan::analysis {
namespace {

std::string ticks(const char* axis, const PlotAxis& plot_axis) {
  std::string text;
  for (const auto& tick : plot_axis.ticks)
    text += fmt::format("{}{} {:.12g}{}", text.empty() ? "" : ", ", gnuplot_tick(tick.label), tick.value,
                        tick.label.empty() ? " 1" : "");
  return fmt::format("  set {}tics ({})\n", axis, text);
}

std::string range(const char* axis, const PlotAxis& a) {
  // A logarithmic axis does not bear the range of the panel before, nor a linear one's.
  return fmt::format("  unset logscale {0}\n  set {0}range [{1:.12g}:{2:.12g}]\n{3}", axis, a.low, a.high,
                     a.log ? fmt::format("  set logscale {}\n", axis) : "");
}

/// The rows of one curve, or of these those that also fulfil a condition: `using` picks them by their number.
std::string rows(const DrawnFigure& figure, std::size_t series, std::string_view condition = "") {
  return fmt::format("\"{}.csv\" skip 1 using ($1=={}{} ? $5 : NaN)", figure.slug, series, condition);
}

std::string label_of(const DrawnFigure& figure, const DrawnCurve& c) {
  const std::string quantity = quantity_words(figure, c), group = label_words(c.label),
                    name = quantity + (quantity.empty() || group.empty() ? "" : ", ") + group;
  const std::string label = !name.empty() || !c.with.empty()       ? name
                            : c.style == DrawnCurve::Style::points ? "measured"
                                                                   : figure.y_label;
  if (c.with.empty()) return label;
  return label.empty() ? c.with : c.with + ", " + label;
}

/// A point alone, or between gaps, has no line.
std::string_view line_style(const DrawnCurve& c) {
  if (c.x.size() == 1) return "linespoints pt 6 ps 1.1";
  return c.gaps.empty() ? "lines" : "linespoints pt 7 ps 0.3";
}

/// What is said of a measured curve in the key.
std::string_view unsettled_suffix(const DrawnCurve& c) {
  const auto settled = [](double share) { return share < 1; };
  if (!c.rests_on_unsettled()) return "";
  const bool some = std::ranges::any_of(c.unsettled, [&](double share) { return share > 0 && settled(share); });
  return some ? " (some not settled)" : " (none settled)";
}

/// Measured points: filled; hollow where not all members have settled, or a theory in them is beyond its range.
std::string points_command(const DrawnFigure& figure, const DrawnCurve& c, std::size_t series, std::string_view colour,
                           const std::string& label) {
  const auto part = [&](std::string_view condition, std::size_t marker, const std::string& title) {
    // Where there is no interval its ends are empty.
    return fmt::format(
        "{}:6:(valid(7)?$7:$6):(valid(8)?$8:$6) with yerrorbars lw 1.5 pt {} ps 0.9 lc rgb \"{}\" title {}",
        rows(figure, series, condition), marker, colour, gnuplot_text(title));
  };
  const std::size_t hollow = 4 + 2 * (c.colour % 4), filled = c.dash == outside_dash ? hollow : hollow + 1;
  if (!c.has_crosses()) return part("", filled, label);
  return part(" && $12==0", filled, label) + ", \\\n       " +
         part(" && $12>0", hollow, label + std::string(unsettled_suffix(c)));
}

/// The pattern that the other drawings have: gnuplot's own of these numbers are other ones. Its unit is smaller.
std::string dash_type(std::size_t dash) {
  constexpr int units = 3;
  std::istringstream lengths{std::string(dash_pattern(dash))};  // none of a solid line
  std::string pattern;
  for (int length = 0; lengths >> length;) pattern += fmt::format("{}{}", pattern.empty() ? "" : ",", units * length);
  return pattern.empty() ? "1" : "(" + pattern + ")";
}

/// A dot on points of fewer members than were asked for.
std::string fewer_command(const DrawnFigure& figure, std::size_t series) {
  return fmt::format("{}:6 with points pt 7 ps 0.4 lc rgb \"#ffffff\" notitle", rows(figure, series, " && $9<$10"));
}

std::string curve_command(const DrawnFigure& figure, const Panel& panel, const DrawnCurve& c, std::size_t series) {
  const std::string_view colour = colour_of(panel, c).hex;
  const std::string label = label_of(figure, c);
  if (c.style == DrawnCurve::Style::line)
    return fmt::format("{}:6 with {} lw 2 dt {} lc rgb \"{}\" title {}", rows(figure, series), line_style(c),
                       dash_type(c.dash), colour, gnuplot_text(label));
  if (c.style == DrawnCurve::Style::draws)
    return fmt::format("{}:6 with points pt 7 ps 0.5 lc rgb \"#b8{}\" title {}", rows(figure, series), colour.substr(1),
                       gnuplot_text(label));
  if (c.style == DrawnCurve::Style::steps)
    return fmt::format("{}:6 with histeps lw 2 lc rgb \"{}\" title {}", rows(figure, series), colour,
                       gnuplot_text(label + std::string(unsettled_suffix(c))));
  return points_command(figure, c, series, colour, label);
}

std::string levels_and_marks(const Panel& panel) {
  std::string text;
  if (panel.window)
    text += fmt::format(
        "  set object 1 rectangle from first {:.12g}, graph 0 to first {:.12g}, graph 1 fc rgb \"#f0f1f3\" fs solid "
        "noborder behind\n",
        panel.window->first, panel.window->second);
  for (const Mark& mark : panel.marks)
    text +=
        fmt::format("  set arrow from first {0:.12g}, graph 0 to first {0:.12g}, graph 1 nohead dt 2\n", mark.value);
  for (const auto& level : panel.levels)
    text +=
        fmt::format("  set arrow from graph 0, first {0:.12g} to graph 1, first {0:.12g} nohead dt 2\n", level.second);
  return text;
}

constexpr double canvas_width = 640, main_height = 360, residual_height = 150;
constexpr double key_letter = 9, key_row = 20;  ///< of the key's text, some

/// Columns of a panel's key: more than fit, and gnuplot leaves out the whole of it.
double key_columns(const DrawnFigure& figure, const Panel& panel) {
  std::size_t longest = 1;
  for (const DrawnCurve& c : panel.curves) longest = std::max(longest, label_of(figure, c).size());
  return std::max(1.0, std::floor(0.85 * canvas_width / (key_letter * static_cast<double>(longest) + 100)));
}

/// The height of a panel's main plot: its axes, and its key.
double height_of(const DrawnFigure& figure, const Panel& panel) {
  const auto crossed = std::ranges::count_if(panel.curves, &DrawnCurve::has_crosses);
  const double entries = static_cast<double>(panel.curves.size()) + static_cast<double>(crossed);
  return main_height + key_row * std::ceil(entries / key_columns(figure, panel));
}

/// The main plot and, where there are residuals, a lower one below it, from `top` on.
std::string panel_commands(const DrawnFigure& figure, const Panel& panel, const Tile& canvas, double top,
                           std::size_t& series) {
  const PanelAxes axes = axes_of(figure, panel);
  const double height = height_of(figure, panel);
  std::string text = gnuplot_place({.y = top, .width = canvas.width, .height = height}, canvas);
  text += range("x", axes.x) + ticks("x", axes.x) + range("y", axes.y) + ticks("y", axes.y);
  text += fmt::format(
      "  set title {}\n  set xlabel {}\n  set ylabel {}\n  set key below Left reverse maxcols {} samplen 3 font \",11\" title ' '\n",
      gnuplot_text(panel.title), gnuplot_text(figure.x_label), gnuplot_text(figure.y_label),
      key_columns(figure, panel));
  text += levels_and_marks(panel);
  std::vector<std::string> curves;
  for (const DrawnCurve& c : panel.curves) {
    curves.push_back(curve_command(figure, panel, c, series));
    if (has_fewer(c)) curves.push_back(fewer_command(figure, series));
    ++series;
  }
  text += gnuplot_plot(curves) + "  unset arrow\n  unset object\n";
  if (panel.residuals.empty()) return text;
  const PlotAxis below = residual_axis(figure, panel);
  text += gnuplot_place({.y = top + height, .width = canvas.width, .height = residual_height}, canvas);
  text += range("y", below) + ticks("y", below) + "  set title \"\"\n  unset key\n";
  text += fmt::format("  set ylabel {}\n", gnuplot_text("Δ/s.e."));
  curves = {"0 lt 1 lc rgb \"#888888\"", "2 dt 2 lc rgb \"#888888\"", "-2 dt 2 lc rgb \"#888888\""};
  for (const DrawnCurve& c : panel.residuals)
    curves.push_back(fmt::format("{}:6 with points pt {} ps 0.9 lc rgb \"{}\"", rows(figure, series++),
                                 5 + 2 * (c.colour % 4), colour_of(panel, c).hex));
  return text + gnuplot_plot(curves);
}

}  // namespace

/// The widest label beside a vertical axis, in letters.
std::size_t widest_label(const DrawnFigure& figure) {
  std::size_t widest = 1;
  const auto look_at = [&](const PlotAxis& axis) {
    for (const auto& tick : axis.ticks) {
      const std::string text = shortened(readable(tick.label), longest_gnuplot_text);
      const auto letters = std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; });
      widest = std::max(widest, static_cast<std::size_t>(letters));
    }
  };
  for (const Panel& panel : figure.panels) {
    look_at(axes_of(figure, panel).y);
    if (!panel.residuals.empty()) look_at(residual_axis(figure, panel));
  }
  return widest;
}

/// One script, three devices; a multiplot, whose parts are placed in pixels.
std::string script_of(const DrawnFigure& figure) {
  Tile canvas = figure.maps.empty() ? Tile{.width = canvas_width} : map_canvas(figure);
  for (const Panel& panel : figure.panels)
    canvas.height += height_of(figure, panel) + (panel.residuals.empty() ? 0 : residual_height);
  std::string body = figure.maps.empty() ? "" : map_commands(figure, canvas);
  std::size_t series = 0;
  double top = 0;
  for (const Panel& panel : figure.panels) {
    body += panel_commands(figure, panel, canvas, top, series);
    top += height_of(figure, panel) + (panel.residuals.empty() ? 0 : residual_height);
  }
  // Axes stand above each other: gnuplot by itself leaves every panel the margin that its own labels take.
  const std::string margin = figure.panels.empty() ? "" : fmt::format("set lmargin {}\n", widest_label(figure) + 6);
  return fmt::format(
      "# To begin from: draws {0}-gnuplot.svg, .pdf and .png from {0}.csv: gnuplot {0}.gp\n"
      "set encoding utf8\nset datafile separator \",\"\nset border 3\nset tics nomirror\n"
      "set grid lt 1 lw 1 lc rgb \"#e6e6e6\"\n{6}do for [device in \"svg pdf png\"] {{\n"
      "  if (device eq \"svg\") {{ set terminal svg noenhanced size {1:.0f},{2:.0f} font \"Sans,13\" background "
      "\"#ffffff\" }} else {{ if (device eq \"pdf\") {{ set terminal pdfcairo noenhanced size {7:.2f},{8:.2f} font "
      "\"Sans,10\" }} else {{ set terminal pngcairo noenhanced size {3:.0f},{4:.0f} font \"Sans,13\" fontscale 2 "
      "linewidth 2 pointscale 2 }} }}\n"
      "  set output \"{0}-gnuplot.\".device\n  set multiplot\n{5}  unset multiplot\n}}\n",
      figure.slug, canvas.width, canvas.height, 2 * canvas.width, 2 * canvas.height, body, margin, canvas.width / 96,
      canvas.height / 96);
}

}  // namespace fieldscan::analysis
