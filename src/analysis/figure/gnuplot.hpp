#pragma once
#include <string>

#include "figure.hpp"

namespace fieldscan::analysis {

/// The script that draws a figure's SVG and PNG from its table.
std::string script_of(const DrawnFigure& figure);

}  // namespace fieldscan::analysis
