#pragma once
#include "svg.hpp"

namespace fieldscan::analysis {

/// The legend below a panel, where it covers nothing; returns its height.
double draw_legend(std::string& svg, const DrawnFigure& figure, const Panel& panel, double top);

}  // namespace fieldscan::analysis
