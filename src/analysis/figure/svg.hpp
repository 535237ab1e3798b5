#pragma once
#include <string>

#include "figure.hpp"
#include "style.hpp"

/// Pieces of the drawing. Lengths are in units of the figure, which is `drawing_width` of them wide.
namespace fieldscan::analysis {

inline constexpr double drawing_width = 430;
inline constexpr double letter = 12;  ///< height of a line of text

/// The colour of a curve's group in a panel.
Colour colour_of(const Panel& panel, const DrawnCurve& curve);

/// One panel with its residuals and legend from `top` on; returns the height it takes.
double draw_panel(std::string& svg, const DrawnFigure& figure, const Panel& panel, double top);
/// The legend below a panel, where it covers nothing; returns its height.
double draw_legend(std::string& svg, const DrawnFigure& figure, const Panel& panel, double top);
/// One map from `top` on; returns the height it takes.
double draw_map(std::string& svg, const DrawnFigure& figure, const Map& map, double top);

/// A marker of one of four shapes.
void draw_marker(std::string& svg, double x, double y, std::size_t shape);
void draw_text(std::string& svg, double x, double y, std::string_view anchor, std::string_view classes,
               const std::string& text);

}  // namespace fieldscan::analysis
