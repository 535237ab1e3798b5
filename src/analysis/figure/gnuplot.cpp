#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <sstream>

#include "../text/axis_words.hpp"
#include "../text/readable.hpp"
#include "ended_marks.hpp"
#include "fewer.hpp"
#include "fieldscan/core/printable.hpp"
#include "gnuplot.hpp"
#include "gnuplot_arrows.hpp"
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
  if (!c.rests_on_unsettled()) return "";
  bool some = false, none = false;
  for (const double share : c.unsettled) (share >= 1 ? none : some) |= share > 0;
  return some && none ? " (some or all not settled)" : some ? " (some not settled)" : " (none settled)";
}

/// The marker of points whose members have not all settled.
std::size_t hollow_marker(const DrawnCurve& c) { return 4 + 2 * (c.colour % 4); }

/// Measured points: filled; hollow where not all members have settled, or a theory in them is beyond its range.
std::vector<std::string> points_commands(const ScriptedCurve& s, const std::string& label) {
  const bool cut = has_cut_intervals(s);
  const DrawnCurve& c = s.curve;
  const auto part = [&](std::string_view condition, std::size_t marker, const std::string& title) {
    // Where there is no interval its ends are empty.
    return fmt::format("{}:6{} lw 1.5 pt {} ps 0.9 lc rgb \"{}\" title {}", gnuplot_rows(s.slug, s.series, condition),
                       cut ? " with points" : ":(valid(7)?$7:$6):(valid(8)?$8:$6) with yerrorbars", marker, s.colour,
                       gnuplot_text(title));
  };
  std::vector<std::string> commands = cut ? cut_intervals(s) : std::vector<std::string>{};
  const std::size_t hollow = hollow_marker(c), filled = is_outside(c.dash) ? hollow : hollow + 1;
  commands.push_back(part(c.has_crosses() ? "$12==0" : "", filled, label));
  if (c.has_crosses()) commands.push_back(part("$12>0", hollow, label + std::string(unsettled_suffix(c))));
  return commands;
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
  return fmt::format("{}:6 with points pt 7 ps 0.4 lc rgb \"#ffffff\" notitle",
                     gnuplot_rows(figure.slug, series, "$9<$10"));
}

/// A line, with hollow points where not all members have settled.
std::vector<std::string> line_commands(const ScriptedCurve& s, const std::string& label) {
  const DrawnCurve& c = s.curve;
  std::vector<std::string> commands{fmt::format("{}:6 with {} lw 2 dt {} lc rgb \"{}\" title {}",
                                                gnuplot_rows(s.slug, s.series), line_style(c), dash_type(c.dash),
                                                s.colour, gnuplot_text(label))};
  if (c.rests_on_unsettled())
    commands.push_back(fmt::format("{}:6 with points lw 1.5 pt {} ps 0.9 lc rgb \"{}\" title {}",
                                   gnuplot_rows(s.slug, s.series, "$12>0"), hollow_marker(c), s.colour,
                                   gnuplot_text(label + std::string(unsettled_suffix(c)))));
  return commands;
}

std::vector<std::string> curve_commands(const DrawnFigure& figure, const ScriptedCurve& s) {
  const DrawnCurve& c = s.curve;
  const std::string label = label_of(figure, c), all = gnuplot_rows(s.slug, s.series);
  if (c.style == DrawnCurve::Style::draws)
    return {fmt::format("{}:6 with points pt 7 ps 0.5 lc rgb \"#b8{}\" title {}", all, s.colour.substr(1),
                        gnuplot_text(label))};
  if (c.style == DrawnCurve::Style::steps)
    return {fmt::format("{}:6 with histeps lw 2 lc rgb \"{}\" title {}", all, s.colour,
                        gnuplot_text(label + std::string(unsettled_suffix(c))))};
  std::vector<std::string> commands =
      c.style == DrawnCurve::Style::line ? line_commands(s, label) : points_commands(s, label);
  if (c.dash == fit_dash) return commands;
  for (std::string& arrow : arrows_to_zero(s)) commands.push_back(std::move(arrow));
  if (has_fewer(c)) commands.push_back(fewer_command(figure, s.series));
  return commands;
}

/// The crosses of a panel, and last what they mean.
std::vector<std::string> ended_commands(const DrawnFigure& figure, const Panel& panel, const PanelAxes& axes,
                                        std::size_t& series) {
  std::vector<std::string> commands;
  const std::vector<double> depths = ended_depths(panel);
  for (std::size_t k = 0; k < panel.ended.size(); ++k) {
    const DrawnCurve& c = panel.ended[k];
    commands.push_back(ended_command({figure.slug, series++, c, axes, colour_of(panel, c).hex}, depths[k],
                                     is_only_ended(panel, c) ? label_of(figure, c) : ""));
  }
  if (!panel.ended.empty())
    commands.push_back(fmt::format("NaN with points pt 2 ps 0.9 lw 1.5 lc rgb \"{}\" title {}",
                                   palette_colour(neutral_colour).hex, gnuplot_text(std::string(ended_words(panel)))));
  return commands;
}

/// As far as the axes have them.
std::string levels_and_marks(const Panel& panel, const PanelAxes& axes) {
  std::string text;
  if (panel.window)
    text += fmt::format(
        "  set object 1 rectangle from first {:.12g}, graph 0 to first {:.12g}, graph 1 fc rgb \"#f0f1f3\" fs solid "
        "noborder behind\n",
        std::clamp(panel.window->first, axes.x.low, axes.x.high),
        std::clamp(panel.window->second, axes.x.low, axes.x.high));
  for (const Mark& mark : panel.marks)
    if (axes.x.contains(mark.value))
      text +=
          fmt::format("  set arrow from first {0:.12g}, graph 0 to first {0:.12g}, graph 1 nohead dt 2\n", mark.value);
  for (const auto& level : panel.levels)
    if (axes.y.contains(level.second))
      text += fmt::format("  set arrow from graph 0, first {0:.12g} to graph 1, first {0:.12g} nohead dt 2\n",
                          level.second);
  return text;
}

/// The lines of a label beside the vertical axis that says why it is not logarithmic; of another one the label.
std::vector<std::string> lines_of_label(const std::string& label, const PanelAxes& axes) {
  constexpr double length = 215;  // as in the other drawings
  if (axes.y_linear.empty()) return {label};
  return label_lines(readable(with_linear_note(label, axes.y_linear)), length);
}

std::string y_label_text(const std::string& label, const PanelAxes& axes) {
  std::string text;
  for (const std::string& line : lines_of_label(label, axes))
    text += (text.empty() ? "" : ".\"\\n\".") + gnuplot_text(line);
  return text;
}

constexpr double canvas_width = 640, main_height = 360, residual_height = 150;
constexpr double key_letter = 9, key_row = 20;  ///< of the key's text, some

/// Columns of a panel's key: more than fit, and gnuplot leaves out the whole of it.
double key_columns(const DrawnFigure& figure, const Panel& panel) {
  std::size_t longest = 1;
  for (const auto* curves : {&panel.curves, &panel.ended})
    for (const DrawnCurve& c : *curves) longest = std::max(longest, label_of(figure, c).size());
  return std::max(1.0, std::floor(0.85 * canvas_width / (key_letter * static_cast<double>(longest) + 100)));
}

/// The height of a panel's main plot: its axes, and its key.
double height_of(const DrawnFigure& figure, const Panel& panel) {
  const auto crossed = std::ranges::count_if(panel.curves, &DrawnCurve::rests_on_unsettled);
  const double entries = static_cast<double>(panel.curves.size()) + static_cast<double>(crossed) +
                         (panel.ended.empty() ? 0 : 1 + static_cast<double>(panel.ended.size()));
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
      gnuplot_text(panel.title), gnuplot_text(with_linear_note(figure.x_label, axes.x_linear)),
      y_label_text(figure.y_label, axes), key_columns(figure, panel));
  text += levels_and_marks(panel, axes);
  std::vector<std::string> curves;
  const auto add = [&](std::vector<std::string> commands) {
    for (std::string& command : commands) curves.push_back(std::move(command));
  };
  for (const DrawnCurve& c : panel.curves)
    add(curve_commands(figure, {figure.slug, series++, c, axes, colour_of(panel, c).hex}));
  add(ended_commands(figure, panel, axes, series));
  text += gnuplot_plot(curves) + "  unset arrow\n  unset object\n";
  if (panel.residuals.empty()) return text;
  const PlotAxis below = residual_axis(figure, panel);
  text += gnuplot_place({.y = top + height, .width = canvas.width, .height = residual_height}, canvas);
  text += range("y", below) + ticks("y", below) + "  set title \"\"\n  unset key\n";
  text += fmt::format("  set ylabel {}\n", gnuplot_text("Δ/s.e."));
  curves = {"0 lt 1 lc rgb \"#888888\"", "2 dt 2 lc rgb \"#888888\"", "-2 dt 2 lc rgb \"#888888\""};
  for (const DrawnCurve& c : panel.residuals) {
    const std::string_view colour = colour_of(panel, c).hex;
    curves.push_back(fmt::format("{}:6 with points pt {} ps 0.9 lc rgb \"{}\"", gnuplot_rows(figure.slug, series),
                                 5 + 2 * (c.colour % 4), colour));
    add(arrows_beyond(figure.slug, series++, c, below, colour));
  }
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
  std::size_t lines = 1;
  for (const Panel& panel : figure.panels)
    lines = std::max(lines, lines_of_label(figure.y_label, axes_of(figure, panel)).size());
  const std::string margin =
      figure.panels.empty() ? "" : fmt::format("set lmargin {}\n", widest_label(figure) + 4 + 2 * lines);
  return fmt::format(
      "# To begin from: draws {0}-gnuplot.svg, .pdf and .png from {0}.csv: gnuplot {0}.gp\n"
      "set encoding utf8\nset datafile separator \",\"\nset border 3\nset tics nomirror\n"
      "set grid lt 1 lw 1 lc rgb \"#e6e6e6\"\nmax(a,b) = a > b ? a : b\nmin(a,b) = a < b ? a : b\n{6}do for [device in \"svg pdf png\"] {{\n"
      "  if (device eq \"svg\") {{ set terminal svg noenhanced size {1:.0f},{2:.0f} font \"Sans,13\" background "
      "\"#ffffff\" }} else {{ if (device eq \"pdf\") {{ set terminal pdfcairo noenhanced size {7:.2f},{8:.2f} font "
      "\"Sans,10\" }} else {{ set terminal pngcairo noenhanced size {3:.0f},{4:.0f} font \"Sans,13\" fontscale 2 "
      "linewidth 2 pointscale 2 }} }}\n"
      "  set output \"{0}-gnuplot.\".device\n  set multiplot\n{5}  unset multiplot\n}}\n",
      figure.slug, canvas.width, canvas.height, 2 * canvas.width, 2 * canvas.height, body, margin, canvas.width / 96,
      canvas.height / 96);
}

}  // namespace fieldscan::analysis
