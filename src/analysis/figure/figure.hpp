#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "../definition.hpp"
#include "axis.hpp"
#include "fieldscan/scan/scan.hpp"

/// Figures: numbers first, drawing after.
namespace fieldscan::analysis {

/// One curve of a panel.
struct DrawnCurve {
  enum class Style { points, line };  ///< measurements with error bars; theories as lines
  std::string label;
  Style style = Style::points;
  std::size_t colour = 0;               ///< position in the palette: curves of one group share it
  std::size_t dash = 0;                 ///< which theory: position in the list of line styles
  std::vector<double> x, y, low, high;  ///< low and high: the 95 % interval
  std::vector<bool> censored;
};

struct Panel {
  std::string title;
  std::vector<DrawnCurve> curves;
  std::vector<std::pair<std::string, double>> marks;  ///< vertical lines: defined numbers
};

struct DrawnFigure {
  std::string name;
  std::string slug;  ///< the name as a file name
  std::string x_label, y_label;
  bool log_x = false, log_y = false;
  bool map = false;  ///< two abscissas: the first curve's `low` holds the second abscissa
  std::vector<Panel> panels;
  bool empty() const;
};

/// The figures of a scan: those that it declares, and one for every test without a declared figure of the same formula.
std::vector<DrawnFigure> make_figures(const Context& context, const std::vector<scan::Figure>& figures,
                                      const std::vector<scan::Test>& tests);

/// The axes of a panel: around all points, and their intervals as far as those do not stretch a logarithmic axis without end.
struct PanelAxes {
  PlotAxis x, y;
};
PanelAxes axes_of(const DrawnFigure& figure, const Panel& panel);

/// A file name: lower-case letters, digits and hyphens; different from those in `taken`.
std::string slug_of(const std::string& name, std::vector<std::string>& taken);

/// The figure as inline SVG. Colours come from classes of the page's style sheet; `standalone` carries them with it.
enum class Surroundings { page, standalone };
std::string draw_svg(const DrawnFigure& figure, Surroundings surroundings);

/// Writes NAME.svg, NAME.csv and the script NAME.gp that draws NAME.png from the table; draws it where gnuplot is installed.
void write_figure_files(const DrawnFigure& figure, const std::filesystem::path& directory);

}  // namespace fieldscan::analysis
