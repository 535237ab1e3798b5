#pragma once
#include <string>

#include "axis.hpp"
#include "figure.hpp"

namespace fieldscan::analysis {

/// The axes of a panel: around all measured points, and their intervals as far as those do not stretch a logarithmic
/// axis without end; around theories and single draws as far as two decades from what was measured (on a linear axis:
/// twice its range, or its size), so that one that diverges leaves the measurement its room.
struct PanelAxes {
  PlotAxis x, y;
  std::string x_linear, y_linear;  ///< why one that should be logarithmic is not: "none of 3 points is above zero"
};
/// Panels of shared ranges have the axes of all of them together. A logarithmic ordinate shows points above zero; where
/// nothing that was measured is, it is linear.
PanelAxes axes_of(const DrawnFigure& figure, const Panel& panel);
/// The label of an axis, with why it is not logarithmic where it should be: "loss (linear: none of 3 points is above
/// zero)".
std::string with_linear_note(const std::string& label, const std::string& why);
/// Which theories of a figure leave its frame, and how far: "nngp leaves the frame: up to 3·10⁶⁴".
std::string cut_words(const DrawnFigure& figure);
/// The axis of its residuals: around zero, at least −3 … 3, and all of them but few that lie beyond ten standard errors
/// and three times as far as nine in ten; shared where the axes are.
PlotAxis residual_axis(const DrawnFigure& figure, const Panel& panel);

}  // namespace fieldscan::analysis
