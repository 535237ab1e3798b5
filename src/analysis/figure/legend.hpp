#pragma once
#include "svg.hpp"

namespace fieldscan::analysis {

/// The legend below a panel, where it covers nothing; returns its height. Long names have several lines, or where it
/// would be taller than the plot one, shortened in the middle: whole for who holds the pointer over them.
double draw_legend(std::string& svg, const DrawnFigure& figure, const Panel& panel, double top);

}  // namespace fieldscan::analysis
