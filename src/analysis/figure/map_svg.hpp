#pragma once
#include "svg.hpp"

namespace fieldscan::analysis {

/// One map from `top` on; returns the height it takes.
double draw_map(std::string& svg, const DrawnFigure& figure, const Map& map, double top);

}  // namespace fieldscan::analysis
