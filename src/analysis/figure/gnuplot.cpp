#include <fmt/format.h>

#include <algorithm>

#include "../text/readable.hpp"
#include "fieldscan/core/printable.hpp"
#include "gnuplot.hpp"
#include "ranges.hpp"
#include "svg.hpp"

namespace fieldscan::analysis {
namespace {

/// A longer text fits on no drawing, and gnuplot's own buffers are short.
constexpr std::size_t longest_text = 300;

/// A text as a word of gnuplot. Between single quotes nothing is replaced, while between double quotes gnuplot runs
/// what stands in backquotes. A quote in the text becomes ’: doubled ones end the word where several meet
/// (gnuplot 5.4). Every text of a script goes through here.
std::string as_word(const std::string& text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'')
      out += "’";
    else
      out += c;
  }
  return out + '\'';
}

std::string in_quotes(const std::string& text) { return as_word(shortened(readable(text), longest_text)); }

/// The label of a tick, which gnuplot takes for a format of printf.
std::string as_tick_label(const std::string& text) {
  std::string out;
  for (const char c : shortened(readable(text), longest_text)) out.append(c == '%' ? 2 : 1, c);
  return as_word(out);
}

std::string ticks(const char* axis, const PlotAxis& plot_axis) {
  std::string text;
  for (const auto& tick : plot_axis.ticks)
    text += fmt::format("{}{} {:.12g}{}", text.empty() ? "" : ", ", as_tick_label(tick.label), tick.value,
                        tick.label.empty() ? " 1" : "");
  return fmt::format("  set {}tics ({})\n", axis, text);
}

std::string range(const char* axis, const PlotAxis& a) {
  // A logarithmic axis does not bear the range of the panel before, nor a linear one's.
  return fmt::format("  unset logscale {0}\n  set {0}range [{1:.12g}:{2:.12g}]\n{3}", axis, a.low, a.high,
                     a.log ? fmt::format("  set logscale {}\n", axis) : "");
}

/// The rows of one curve: `using` picks them by their number.
std::string rows(const DrawnFigure& figure, std::size_t series) {
  return fmt::format("\"{}.csv\" skip 1 using ($1=={} ? $5 : NaN)", figure.slug, series);
}

std::string curve_command(const DrawnFigure& figure, const Panel& panel, const DrawnCurve& c, std::size_t series) {
  const std::string_view colour = colour_of(panel, c).hex;
  std::string label = c.label.empty() && c.with.empty() ? figure.y_label : c.label;
  if (!c.with.empty()) label = label.empty() ? c.with : c.with + ", " + label;
  if (c.style == DrawnCurve::Style::line)
    return fmt::format("{}:6 with {} lw 2 dt {} lc rgb \"{}\" title {}", rows(figure, series),
                       c.gaps.empty() ? "lines" : "linespoints pt 7 ps 0.3",  // a point between gaps has no line
                       std::max<std::size_t>(c.dash, 1), colour, in_quotes(label));
  if (c.style == DrawnCurve::Style::steps)
    return fmt::format("{}:6 with histeps lw 2 lc rgb \"{}\" title {}", rows(figure, series), colour, in_quotes(label));
  return fmt::format("{}:6:7:8 with yerrorbars lw 1.5 pt {} ps 0.9 lc rgb \"{}\" title {}", rows(figure, series),
                     5 + 2 * (c.colour % 4), colour, in_quotes(label));
}

std::string plot_command(const std::vector<std::string>& curves) {
  std::string text = "  plot ";
  for (std::size_t k = 0; k < curves.size(); ++k) text += (k ? ", \\\n       " : "") + curves[k];
  return text + "\n";
}

std::string levels_and_marks(const Panel& panel) {
  std::string text;
  if (panel.window)
    text += fmt::format(
        "  set object 1 rectangle from first {:.12g}, graph 0 to first {:.12g}, graph 1 fc rgb \"#f0f1f3\" fs solid "
        "noborder behind\n",
        panel.window->first, panel.window->second);
  for (const auto& mark : panel.marks)
    text +=
        fmt::format("  set arrow from first {0:.12g}, graph 0 to first {0:.12g}, graph 1 nohead dt 2\n", mark.second);
  for (const auto& level : panel.levels)
    text +=
        fmt::format("  set arrow from graph 0, first {0:.12g} to graph 1, first {0:.12g} nohead dt 2\n", level.second);
  return text;
}

std::string panel_commands(const DrawnFigure& figure, const Panel& panel, std::size_t& series) {
  const PanelAxes axes = axes_of(figure, panel);
  std::string text = range("x", axes.x) + ticks("x", axes.x) + range("y", axes.y) + ticks("y", axes.y);
  text += fmt::format("  set title {}\n  set xlabel {}\n  set ylabel {}\n  set key below title ' '\n",
                      in_quotes(panel.title), in_quotes(figure.x_label), in_quotes(figure.y_label));
  text += levels_and_marks(panel);
  std::vector<std::string> curves;
  for (const DrawnCurve& c : panel.curves) curves.push_back(curve_command(figure, panel, c, series++));
  text += plot_command(curves) + "  unset arrow\n  unset object\n";
  if (panel.residuals.empty()) return text;
  const PlotAxis below = residual_axis(panel);
  text += range("y", below) + ticks("y", below) + "  set title \"\"\n  unset key\n";
  text += fmt::format("  set ylabel {}\n", in_quotes("Δ/s.e."));
  curves = {"0 lt 1 lc rgb \"#888888\"", "2 dt 2 lc rgb \"#888888\"", "-2 dt 2 lc rgb \"#888888\""};
  for (const DrawnCurve& c : panel.residuals)
    curves.push_back(fmt::format("{}:6 with points pt {} ps 0.9 lc rgb \"{}\"", rows(figure, series++),
                                 5 + 2 * (c.colour % 4), colour_of(panel, c).hex));
  return text + plot_command(curves);
}

std::string words(const char* axis, const std::vector<std::string>& labels) {
  std::string text;
  for (std::size_t k = 0; k < labels.size(); ++k)
    text += fmt::format("{}{} {}", k ? ", " : "", as_tick_label(labels[k]), k);
  return fmt::format("  set {0}range [-0.5:{1}]\n  set {0}tics ({2})\n", axis, static_cast<double>(labels.size()) - 0.5,
                     text);
}

std::string map_commands(const DrawnFigure& figure, std::size_t m) {
  const Map& map = figure.maps[m];
  const bool verdicts = !map.cells.front().word.empty();
  std::string text = words("x", map.xs) + words("y", map.ys);
  text += fmt::format("  set title {}\n  set xlabel {}\n  set ylabel {}\n  unset key\n", in_quotes(map.title),
                      in_quotes(figure.x_label), in_quotes(figure.y_label));
  if (verdicts)
    text +=
        "  set palette defined (-1 \"#d55e00\", 0 \"#b9bfc5\", 1 \"#009e73\")\n  set cbrange [-1:1]\n  unset "
        "colorbox\n";
  else
    text += "  set palette defined (0 \"#deebf7\", 1 \"#08306b\")\n";
  const std::string cell = fmt::format("\"{}.csv\" skip 1 using ($8=={} ? $9 : NaN):10", figure.slug, m);
  return text +
         plot_command(
             {fmt::format("{}:(0.48):(0.48):{} with boxxyerror fs solid noborder lc palette", cell, verdicts ? 11 : 4),
              fmt::format("{}:(sprintf(\"%.2g\", $4{})) with labels", cell, map.percent ? "*100" : "")});
}

}  // namespace

/// The widest label beside a vertical axis, in letters.
std::size_t widest_label(const DrawnFigure& figure) {
  std::size_t widest = 1;
  const auto look_at = [&](const PlotAxis& axis) {
    for (const auto& tick : axis.ticks) {
      const std::string text = shortened(readable(tick.label), longest_text);
      const auto letters = std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; });
      widest = std::max(widest, static_cast<std::size_t>(letters));
    }
  };
  for (const Panel& panel : figure.panels) {
    look_at(axes_of(figure, panel).y);
    if (!panel.residuals.empty()) look_at(residual_axis(panel));
  }
  return widest;
}

/// One script, two devices; a multiplot where there are several panels or residuals.
std::string script_of(const DrawnFigure& figure) {
  std::size_t plots = figure.maps.size();
  for (const Panel& panel : figure.panels) plots += panel.residuals.empty() ? 1 : 2;
  std::string body;
  std::size_t series = 0;
  for (const Panel& panel : figure.panels) body += panel_commands(figure, panel, series);
  for (std::size_t m = 0; m < figure.maps.size(); ++m) body += map_commands(figure, m);
  const std::size_t height = 420 * plots;
  // Axes stand above each other: gnuplot by itself leaves every panel the margin that its own labels take.
  const std::string margin = figure.panels.empty() ? "" : fmt::format("set lmargin {}\n", widest_label(figure) + 6);
  return fmt::format(
      "# Draws {0}.svg and {0}.png from {0}.csv: gnuplot {0}.gp\n"
      "set encoding utf8\nset datafile separator \",\"\nset border 3\nset tics nomirror\n"
      "set grid lt 1 lw 1 lc rgb \"#e6e6e6\"\n{5}do for [device in \"svg png\"] {{\n"
      "  if (device eq \"svg\") {{ set terminal svg noenhanced size 640,{1} font \"Sans,13\" background \"#ffffff\" }} "
      "else {{ set terminal pngcairo noenhanced size 1280,{2} font \"Sans,13\" fontscale 2 linewidth 2 pointscale 2 "
      "}}\n"
      "  set output \"{0}.\".device\n  set multiplot layout {3},1\n{4}  unset multiplot\n}}\n",
      figure.slug, height, 2 * height, plots, body, margin);
}

}  // namespace fieldscan::analysis
