#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "../formula/definition.hpp"
#include "axis.hpp"
#include "fieldscan/scan/points/scan.hpp"

/// Figures: numbers first, drawing after.
namespace fieldscan::analysis {

/// How many groups one panel shows at most.
inline constexpr std::size_t most_curves = 12;
/// The colour of what belongs to no group.
inline constexpr std::size_t neutral_colour = most_curves;
/// Line styles: solid, those of theories (1 …), then that of fits.
inline constexpr std::size_t fit_dash = 5;

/// One curve of a panel.
struct DrawnCurve {
  enum class Style { points, line, steps };  ///< measurements with error bars; theories as lines; histograms
  std::string label;                         ///< the group: "width = 128"; empty where there is one
  std::string with;                          ///< theory, reference or fit; empty for what is plotted
  Style style = Style::points;
  std::size_t colour = 0;               ///< position in the palette: curves of one group share it
  std::size_t dash = 0;                 ///< which theory: position in the list of line styles
  std::vector<double> x, y, low, high;  ///< low and high: the 95 % interval
  std::vector<bool> censored;
};

/// Curves over one pair of axes, and below them, over the same abscissa, their residuals.
struct Panel {
  std::string title;
  std::vector<DrawnCurve> curves;
  std::vector<std::pair<std::string, double>> marks;   ///< vertical lines: defined numbers
  std::vector<std::pair<std::string, double>> levels;  ///< horizontal lines: bounds of tests
  std::optional<std::pair<double, double>> window;     ///< of a fit, shaded
  std::vector<DrawnCurve> residuals;                   ///< (measured − theory)/standard error of the difference
  std::string residual_label;                          ///< "difference from nngp"
  bool ordered = false;                                ///< groups ascend in a number: colours from dark to light
  std::size_t left_out = 0;                            ///< groups beyond most_curves
};

/// One cell of a map.
struct MapCell {
  std::string x, y;  ///< labels along the two abscissas
  double value = 0, low = 0, high = 0;
  std::string word;  ///< holds, fails, open; empty where the map shows numbers
};

/// A map over two abscissas, whose values stand side by side in equal cells.
struct Map {
  std::string title;
  std::vector<std::string> xs, ys;  ///< labels, ascending
  std::vector<MapCell> cells;
  bool percent = false;  ///< values are ratios less one, shown in per cent
};

struct DrawnFigure {
  std::string name;
  std::string slug;     ///< the name as a file name
  std::string caption;  ///< one sentence below the name
  std::string x_label, y_label;
  bool log_x = false, log_y = false;
  std::vector<Panel> panels;
  std::vector<Map> maps;  ///< instead of panels
  bool empty() const;
};

/// The figures of a scan: those that it declares, one for every test without a declared figure of the same formula, a map of validity for
/// every agreement over two axes, and the distribution of all residuals.
std::vector<DrawnFigure> make_figures(const Context& context, const std::vector<scan::Figure>& figures,
                                      const std::vector<scan::Test>& tests);

/// The axes of a panel: around all points, and their intervals as far as those do not stretch a logarithmic axis without end.
struct PanelAxes {
  PlotAxis x, y;
};
PanelAxes axes_of(const DrawnFigure& figure, const Panel& panel);
/// The axis of its residuals: around zero, at least −3 … 3.
PlotAxis residual_axis(const Panel& panel);

/// A file name: lower-case letters, digits and hyphens, a hundred at most; different from those in `taken`.
std::string slug_of(const std::string& name, std::vector<std::string>& taken);

/// The figure as inline SVG. Colours come from classes of the page's style sheet; `standalone` carries them with it.
enum class Surroundings { page, standalone };
std::string draw_svg(const DrawnFigure& figure, Surroundings surroundings);
/// The figure as one inline SVG per panel or map, for a page that sets them side by side.
std::vector<std::string> draw_pieces(const DrawnFigure& figure);

/// The figure's numbers, tidy, one line each. Curves: series, panel, curve, with, x, y, low, high; `series` counts the curves, those of
/// residuals last in their panel. Maps: panel, x, y, value, low, high, word.
std::string table_of(const DrawnFigure& figure);

/// Writes NAME.csv and the gnuplot script NAME.gp that draws NAME.svg and NAME.png from it, and runs the script. Without gnuplot
/// NAME.svg is the drawing of the page, and there is no NAME.png.
void write_figure_files(const DrawnFigure& figure, const std::filesystem::path& directory);

}  // namespace fieldscan::analysis
