#pragma once
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "axis.hpp"
#include "figure.hpp"
#include "lines.hpp"
#include "style.hpp"

/// Pieces of the drawing. Lengths are in units of the figure, which is `drawing_width` of them wide: in a column of
/// 8.6 cm its letters have 7.7 points.
namespace fieldscan::analysis {

inline constexpr double drawing_width = 380;

/// The colour of a group in a panel, by its place among them; that of a curve.
Colour colour_of(const Panel& panel, std::size_t place);
Colour colour_of(const Panel& panel, const DrawnCurve& curve);

/// By what entries of the legend a curve is meant: its group, and its theory or fit.
std::string curve_keys(const DrawnCurve& curve);

/// The rectangle of one pair of axes.
struct Frame {
  PlotAxis x, y;
  double x0 = 0, x1 = 0, y0 = 0, y1 = 0;  ///< left, right, bottom, top
  double px(double value) const { return x0 + x.position(value) * (x1 - x0); }
  double py(double value) const { return y0 - y.position(value) * (y0 - y1); }
  bool shows(double a, double b) const {
    return (!x.log || a > 0) && (!y.log || b > 0) && std::isfinite(a) && std::isfinite(b);
  }
};

/// A marker of one of four shapes: filled; hollow, where a theory in it is beyond its stated range; hollow with a
/// cross, where not all members have settled.
enum class Marker { full, hollow, crossed };
void draw_marker(std::string& svg, double x, double y, std::size_t shape, Marker marker = Marker::full);
void draw_text(std::string& svg, double x, double y, std::string_view anchor, std::string_view classes,
               const std::string& text);
/// A text around x, or as near to it as lets it end inside the drawing; returns the ends of what it covers.
std::pair<double, double> draw_centred(std::string& svg, double x, double y, std::string_view classes,
                                       const std::string& text);
/// The same, without drawing it: where it would begin and end.
std::pair<double, double> centred_ends(double x, const std::string& text);
/// A label beside a vertical axis from y0 up to y1, in lines that end at x; a little smaller where its longest word
/// needs it, shortened where that is not enough.
void draw_y_label(std::string& svg, double x, double y0, double y1, const std::string& text);
/// How much room that label takes.
double y_label_room(double length, const std::string& text);

/// The figure as inline SVG. Colours come from classes of the page's style sheet; `standalone` carries them with it.
enum class Surroundings { page, standalone };
std::string draw_svg(const DrawnFigure& figure, Surroundings surroundings);
/// The figure as one inline SVG per panel or map, for a page that sets them side by side.
std::vector<std::string> draw_pieces(const DrawnFigure& figure);

}  // namespace fieldscan::analysis
