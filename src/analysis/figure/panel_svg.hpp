#pragma once
#include "svg.hpp"

namespace fieldscan::analysis {

/// One panel with its residuals and legend from `top` on; returns the height it takes.
double draw_panel(std::string& svg, const DrawnFigure& figure, const Panel& panel, double top);

}  // namespace fieldscan::analysis
