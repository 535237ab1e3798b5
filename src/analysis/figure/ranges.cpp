#include "ranges.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "../text/readable.hpp"

namespace fieldscan::analysis {

PanelAxes axes_of(const DrawnFigure& figure, const Panel& panel) {
  std::vector<double> xs, ys;
  for (const auto& level : panel.levels) ys.push_back(level.second);
  for (const DrawnCurve& c : panel.curves) {
    const bool steps = c.style == DrawnCurve::Style::steps;
    if (c.dash != fit_dash) xs.insert(xs.end(), c.x.begin(), c.x.end());
    if (steps && !figure.log_y) ys.push_back(0);
    if (steps && c.x.size() > 1) {
      const double half = 0.5 * (c.x[1] - c.x[0]);
      xs.push_back(c.x.front() - half);
      xs.push_back(c.x.back() + half);
    }
    ys.insert(ys.end(), c.y.begin(), c.y.end());
    for (std::size_t k = 0; k < c.x.size(); ++k) {
      // An interval that reaches to zero, or far beyond, has no end on a logarithmic axis: it stops at a fifth of the
      // point, or at ten times it.
      const double least = figure.log_y ? 0.2 * std::max(c.y[k], 0.0) : c.low[k];
      const double most = figure.log_y && c.y[k] > 0 ? 10 * c.y[k] : c.high[k];
      ys.push_back(std::max(c.low[k], least));
      ys.push_back(std::min(c.high[k], most));
    }
  }
  return {make_axis(xs, figure.log_x, Ticks::at_values), make_axis(ys, figure.log_y)};
}

PlotAxis residual_axis(const Panel& panel) {
  double reach = 3;
  for (const DrawnCurve& c : panel.residuals)
    for (const double y : c.y) reach = std::max(reach, std::abs(y));
  const double power = std::pow(10.0, std::floor(std::log10(reach)));
  const double step = reach < 2 * power ? power : reach < 5 * power ? 2 * power : 5 * power;
  PlotAxis axis{.log = false, .low = -1.12 * reach, .high = 1.12 * reach, .ticks = {}};
  for (double k = -std::floor(reach / step); k * step <= reach; ++k)
    axis.ticks.push_back({k * step, readable(fmt::format("{:g}", k * step))});
  return axis;
}

}  // namespace fieldscan::analysis
