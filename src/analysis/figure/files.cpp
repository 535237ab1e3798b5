#include <fmt/format.h>

#include <cstdlib>
#include <fstream>

#include "fieldscan/core/error.hpp"
#include "fieldscan/core/text.hpp"
#include "figure.hpp"
#include "style.hpp"

namespace fieldscan::analysis {
namespace {

namespace fs = std::filesystem;

void write(const fs::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  if (!file.flush())
    throw EnvironmentError(
        fmt::format("{} can not be written; is the disk full, or the directory read-only?", path.string()));
}

/// A text with every occurrence of one character replaced.
std::string replaced(std::string_view text, char what, std::string_view by) {
  std::string out;
  for (const char c : text) {
    if (c == what)
      out += by;
    else
      out += c;
  }
  return out;
}

std::string quoted(const std::string& text) { return fmt::format("\"{}\"", replaced(text, '"', "\"\"")); }

/// One block per curve, two empty lines between them: gnuplot's `index`.
std::string table_of(const DrawnFigure& figure) {
  std::string text;
  for (const Panel& panel : figure.panels)
    for (const DrawnCurve& c : panel.curves) {
      if (!text.empty()) text += "\n\n";
      text += figure.map ? "panel,curve,x,y,value\n" : "panel,curve,x,y,low,high\n";
      for (std::size_t k = 0; k < c.x.size(); ++k) {
        text += fmt::format("{},{},{},", quoted(panel.title), quoted(c.label), shortest(c.x[k]));
        text += figure.map ? fmt::format("{},{}\n", shortest(c.low[k]), shortest(c.y[k]))
                           : fmt::format("{},{},{}\n", shortest(c.y[k]), shortest(c.low[k]), shortest(c.high[k]));
      }
    }
  return text;
}

std::string gnuplot_text(std::string_view text) { return replaced(replaced(text, '\\', "\\\\"), '"', "\\\""); }

std::string curve_commands(const DrawnFigure& figure, const DrawnCurve& c, std::size_t index) {
  const std::string_view colour = palette_colour(c.colour);
  const std::string title = c.label.empty() ? "notitle" : fmt::format("title \"{}\"", gnuplot_text(c.label));
  if (figure.map)
    return fmt::format("\"{}.csv\" index {} skip 1 using 3:4:5 with points pt 5 ps 3 lc palette notitle", figure.slug,
                       index);
  if (c.style == DrawnCurve::Style::line)
    return fmt::format("\"{}.csv\" index {} skip 1 using 3:4 with lines lw 2 dt {} lc rgb \"{}\" {}", figure.slug,
                       index, c.dash + 1, colour, title);
  return fmt::format("\"{}.csv\" index {} skip 1 using 3:4:5:6 with yerrorbars lw 1.5 pt {} ps 1.1 lc rgb \"{}\" {}",
                     figure.slug, index, 5 + 2 * (c.colour % 4), colour, title);
}

std::string script_of(const DrawnFigure& figure) {
  const auto panels = static_cast<int>(figure.panels.size());
  std::string text = fmt::format(
      "# Draws {0}.png from {0}.csv: gnuplot {0}.gp\nset terminal pngcairo noenhanced size 960,{1} font "
      "\"Sans,12\"\nset output \"{0}.png\"\nset datafile separator \",\"\nset key below\nset border 3\nset tics "
      "nomirror\nset grid lt 1 lw 1 lc rgb \"#e6e6e6\"\n",
      figure.slug, 600 * panels);
  if (figure.log_x) text += "set logscale x\n";
  if (figure.log_y || (figure.map && figure.log_x)) text += "set logscale y\n";
  text +=
      fmt::format("set xlabel \"{}\"\nset ylabel \"{}\"\n", gnuplot_text(figure.x_label), gnuplot_text(figure.y_label));
  if (panels > 1) text += fmt::format("set multiplot layout {},1\n", panels);
  std::size_t index = 0;
  for (const Panel& panel : figure.panels) {
    if (!figure.map) {
      const PanelAxes axes = axes_of(figure, panel);
      text += fmt::format("set xrange [{:g}:{:g}]\nset yrange [{:g}:{:g}]\n", axes.x.low, axes.x.high, axes.y.low,
                          axes.y.high);
    }
    text += fmt::format("set title \"{}\"\nplot ", gnuplot_text(panel.title.empty() ? figure.name : panel.title));
    for (std::size_t k = 0; k < panel.curves.size(); ++k)
      text += (k ? ", \\\n     " : "") + curve_commands(figure, panel.curves[k], index++);
    text += "\n";
  }
  return text + (panels > 1 ? "unset multiplot\n" : "");
}

}  // namespace

void write_figure_files(const DrawnFigure& figure, const fs::path& directory) {
  if (figure.empty()) return;
  write(directory / (figure.slug + ".svg"), draw_svg(figure, Surroundings::standalone));
  write(directory / (figure.slug + ".csv"), table_of(figure));
  write(directory / (figure.slug + ".gp"), script_of(figure));
  // The slug has letters, digits and hyphens only; the directory is quoted for the shell.
  const std::string folder = replaced(fs::absolute(directory).string(), '\'', "'\\''");
  const std::string command = fmt::format(
      "cd '{}' && command -v gnuplot >/dev/null 2>&1 && gnuplot {}.gp >/dev/null 2>&1", folder, figure.slug);
  [[maybe_unused]] const int status =
      std::system(command.c_str());  // without gnuplot there is no PNG; page, SVG and table are complete
}

}  // namespace fieldscan::analysis
