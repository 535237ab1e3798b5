#pragma once
#include "axis.hpp"
#include "figure.hpp"

namespace fieldscan::analysis {

/// The axes of a panel: around all measured points, and their intervals as far as those do not stretch a logarithmic
/// axis without end; around theories as far as two decades from what was measured (on a linear axis: twice its range,
/// or its size), so that one that diverges leaves the measurement its room. Points at 0 are not on a logarithmic axis;
/// where there are no others it is linear.
struct PanelAxes {
  PlotAxis x, y;
};
PanelAxes axes_of(const DrawnFigure& figure, const Panel& panel);
/// Which theories of a figure leave its frame, and how far: "nngp leaves the frame: up to 3·10⁶⁴"; and how many points
/// have no place on its logarithmic axis.
std::string cut_words(const DrawnFigure& figure);
/// The axis of its residuals: around zero, at least −3 … 3.
PlotAxis residual_axis(const Panel& panel);

}  // namespace fieldscan::analysis
