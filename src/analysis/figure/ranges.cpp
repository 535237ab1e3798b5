#include "ranges.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "../text/readable.hpp"

namespace fieldscan::analysis {

namespace {

/// A range of ordinates that grows with what it has to show.
struct Range {
  double low = std::numeric_limits<double>::infinity(), high = -std::numeric_limits<double>::infinity();
  bool empty() const { return !(low <= high); }
  void add(double y) {
    if (std::isfinite(y)) low = std::min(low, y), high = std::max(high, y);
  }
};

/// Whether a curve is beside what the panel is about: it may leave the frame.
bool is_beside(const DrawnCurve& c) { return !c.with.empty() && c.style == DrawnCurve::Style::line; }

/// Counts that are zero are no small numbers: a logarithmic axis has no place for them, nor for their intervals.
bool is_zero_of(const DrawnCurve& c, std::size_t k) { return c.style == DrawnCurve::Style::points && c.y[k] == 0; }

/// Whether the ordinates are logarithmic: as asked for, unless all that is measured is zero.
bool has_log_ordinates(const DrawnFigure& figure, const Panel& panel) {
  bool zeros = false, others = false;
  for (const DrawnCurve& c : panel.curves)
    for (std::size_t k = 0; k < c.y.size() && !is_beside(c); ++k) (is_zero_of(c, k) ? zeros : others) = true;
  return figure.log_y && (others || !zeros);
}

/// An interval that reaches to zero, or far beyond, has no end on a logarithmic axis: it stops at a fifth of the
/// point, or at ten times it.
void add_points(Range& range, const DrawnCurve& c, bool log) {
  for (std::size_t k = 0; k < c.x.size(); ++k) {
    if (log && (is_zero_of(c, k) || (!(c.y[k] > 0) && !(c.high[k] > 0)))) continue;
    const double least = log ? 0.2 * std::max(c.y[k], 0.0) : c.low[k];
    const double most = log && c.y[k] > 0 ? 10 * c.y[k] : c.high[k];
    for (const double y : {c.y[k], std::max(c.low[k], least), std::min(c.high[k], most)})
      if (!log || y > 0) range.add(y);
  }
}

/// As far as theories may stretch a range.
Range reach_from(const Range& measured, bool log) {
  constexpr double decades = 100, times = 2;
  if (log) return {measured.low / decades, measured.high * decades};
  const double size = std::max(std::abs(measured.low), std::abs(measured.high));
  const double more = std::max(times * (measured.high - measured.low), size);
  return {measured.low - more, measured.high + more};
}

/// The ordinates of a panel: of what is measured, and of theories where that lets them.
std::pair<Range, Range> ranges_of(const DrawnFigure& figure, const Panel& panel) {
  const bool log = has_log_ordinates(figure, panel);
  Range measured, all;
  for (const DrawnCurve& c : panel.curves)
    if (!is_beside(c)) add_points(measured, c, log);
  for (const auto& level : panel.levels)
    if (!log || level.second > 0) measured.add(level.second);
  all = measured;
  for (const DrawnCurve& c : panel.curves)
    if (is_beside(c)) add_points(all, c, log);
  return {measured, all};
}

}  // namespace

PanelAxes axes_of(const DrawnFigure& figure, const Panel& panel) {
  const bool log = has_log_ordinates(figure, panel);
  std::vector<double> xs;
  auto [measured, shown] = ranges_of(figure, panel);
  for (const DrawnCurve& c : panel.curves) {
    if (c.dash != fit_dash) xs.insert(xs.end(), c.x.begin(), c.x.end());
    if (c.style != DrawnCurve::Style::steps) continue;
    if (!log) shown.add(0);
    if (c.x.size() < 2) continue;
    const double half = 0.5 * (c.x[1] - c.x[0]);
    xs.push_back(c.x.front() - half);
    xs.push_back(c.x.back() + half);
  }
  if (!measured.empty()) {
    const Range most = reach_from(measured, log);
    shown.low = std::max(shown.low, most.low);
    shown.high = std::min(shown.high, most.high);
  }
  return {make_axis(xs, figure.log_x, Ticks::at_values), make_axis({shown.low, shown.high}, log)};
}

std::string cut_words(const DrawnFigure& figure) {
  std::map<std::string, double> farthest;
  std::size_t zeros = 0;
  for (const Panel& panel : figure.panels) {
    const PlotAxis axis = axes_of(figure, panel).y;
    for (const DrawnCurve& c : panel.curves)
      for (std::size_t k = 0; k < c.y.size(); ++k) {
        const double y = c.y[k];
        zeros += axis.log && is_zero_of(c, k) ? 1 : 0;
        if (!is_beside(c) || !std::isfinite(y) || axis.contains(y) || (axis.log && !(y > 0))) continue;
        double& most = farthest.try_emplace(c.with, y).first->second;
        if (std::abs(std::log(std::abs(y) + 1e-300)) > std::abs(std::log(std::abs(most) + 1e-300))) most = y;
      }
  }
  std::string text;
  for (const auto& [name, y] : farthest)
    text += fmt::format("{}{} leaves the frame, as far as {:.2g}", text.empty() ? "" : "; ", name, y);
  if (zeros > 0)
    text += fmt::format("{}{} at 0 {} no place on the logarithmic axis", text.empty() ? "" : "; ",
                        zeros == 1 ? "one point" : fmt::format("{} points", zeros), zeros == 1 ? "has" : "have");
  return text.empty() ? "" : text + ".";
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
