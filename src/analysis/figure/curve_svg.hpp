#pragma once
#include "svg.hpp"

namespace fieldscan::analysis {

/// A curve as points with error bars, a line with its band, or steps.
void draw_curve(std::string& svg, const Frame& f, const Panel& panel, const DrawnCurve& c);
/// The residuals of a panel, with the band of two standard errors.
void draw_residuals(std::string& svg, const Frame& f, const Panel& panel);

}  // namespace fieldscan::analysis
