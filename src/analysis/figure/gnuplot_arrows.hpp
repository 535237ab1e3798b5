#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "figure.hpp"
#include "ranges.hpp"

/// What the drawings have at the edges of a plot (curve_svg.cpp, ended_marks.hpp), as pieces of gnuplot's `plot`.
namespace fieldscan::analysis {

/// One curve of a script: its number in the table of the figure of that name, its axes and its colour.
struct ScriptedCurve {
  const std::string& slug;
  std::size_t series = 0;
  const DrawnCurve& curve;
  const PanelAxes& axes;
  std::string_view colour;
};

/// Arrows towards points that are not above zero on logarithmic axes: down, from the upper end of the interval where
/// the axis has that, and to the left.
std::vector<std::string> arrows_to_zero(const ScriptedCurve& c);
/// Whether intervals reach beyond the axis, or to zero or below on a logarithmic one.
bool has_cut_intervals(const ScriptedCurve& c);
/// Such intervals as far as the axis goes, with caps where they end inside; one that reaches to zero ends at a fifth of
/// its point.
std::vector<std::string> cut_intervals(const ScriptedCurve& c);
/// Arrows towards residuals beyond their axis.
std::vector<std::string> arrows_beyond(const std::string& slug, std::size_t series, const DrawnCurve& residuals,
                                       const PlotAxis& axis, std::string_view colour);
/// Crosses at the upper edge, so far below it.
std::string ended_command(const ScriptedCurve& c, double depth, const std::string& title);

}  // namespace fieldscan::analysis
