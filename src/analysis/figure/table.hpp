#pragma once
#include "figure.hpp"

namespace fieldscan::analysis {

/// The figure's numbers, tidy, one line each. Curves: series, panel, curve, with, x, y, low, high; `series` counts the
/// curves, those of residuals last in their panel. Maps: panel, x, y, value, low, high, word.
std::string table_of(const DrawnFigure& figure);

}  // namespace fieldscan::analysis
