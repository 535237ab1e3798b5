#pragma once
#include "axis.hpp"
#include "figure.hpp"

namespace fieldscan::analysis {

/// The axes of a panel: around all points, and their intervals as far as those do not stretch a logarithmic axis
/// without end.
struct PanelAxes {
  PlotAxis x, y;
};
PanelAxes axes_of(const DrawnFigure& figure, const Panel& panel);
/// The axis of its residuals: around zero, at least −3 … 3.
PlotAxis residual_axis(const Panel& panel);

}  // namespace fieldscan::analysis
