#include "ranges.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <span>
#include <string_view>

#include "../text/number.hpp"
#include "../text/readable.hpp"
#include "ended_marks.hpp"
#include "fewer.hpp"

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
bool is_beside(const DrawnCurve& c) {
  using enum DrawnCurve::Style;
  return !c.with.empty() && (c.style == line || c.style == draws);
}

/// How far beyond their points intervals stretch a linear axis: as far as the points themselves lie apart, or three
/// times what nine tenths of the intervals reach, of those that all replicas stand behind where there are any. A few
/// that are longer by far, and those of a few survivors, would flatten all the others.
double reach_of_intervals(std::span<const Panel> panels) {
  constexpr double times = 3;
  Range points;
  std::vector<double> whole, of_fewer;
  for (const Panel& panel : panels)
    for (const DrawnCurve& c : panel.curves) {
      if (is_beside(c)) continue;
      for (std::size_t k = 0; k < c.x.size(); ++k) {
        points.add(c.y[k]);
        const double one = std::max(c.high[k] - c.y[k], c.y[k] - c.low[k]);
        if (std::isfinite(one)) (is_fewer(c, k) ? of_fewer : whole).push_back(one);
      }
    }
  std::vector<double>& reach = whole.empty() ? of_fewer : whole;
  if (reach.empty()) return 0;
  const auto usual = reach.begin() + (std::ssize(reach) - 1) * 9 / 10;
  std::ranges::nth_element(reach, usual);
  return std::max(times * *usual, points.high - points.low);
}

/// How far intervals may stretch a linear axis, and those of fewer members than were asked for.
struct Reach {
  double whole, of_fewer;
};

/// An interval that reaches to zero, or far beyond, has no end on a logarithmic axis: it stops at a fifth of the
/// point, or at ten times it; on a linear one at its `reach`. What is not above zero has no place on a logarithmic
/// axis, and stretches nothing.
void add_points(Range& range, const DrawnCurve& c, bool log, Reach reach) {
  for (std::size_t k = 0; k < c.x.size(); ++k) {
    if (log && !(c.y[k] > 0)) continue;
    const double here = is_fewer(c, k) ? reach.of_fewer : reach.whole;
    const double least = log ? 0.2 * c.y[k] : c.y[k] - here, most = log ? 10 * c.y[k] : c.y[k] + here;
    for (const double y : {c.y[k], std::max(c.low[k], least), std::min(c.high[k], most)})
      if (!log || y > 0) range.add(y);
  }
}

/// A curve whose intervals are not drawn.
void add_line(Range& range, const DrawnCurve& c, bool log) {
  for (const double y : c.y)
    if (!log || y > 0) range.add(y);
}

/// As far as theories may stretch a range.
Range reach_from(const Range& measured, bool log) {
  constexpr double decades = 100, times = 2;
  if (log) return {measured.low / decades, measured.high * decades};
  const double size = std::max(std::abs(measured.low), std::abs(measured.high));
  const double more = std::max(times * (measured.high - measured.low), size);
  return {measured.low - more, measured.high + more};
}

/// The panels whose axes one of them has.
std::span<const Panel> together(const DrawnFigure& figure, const Panel& panel) {
  if (figure.ranges == DrawnFigure::Ranges::shared) return figure.panels;
  return {&panel, 1};
}

/// The ordinates that say whether an axis can be logarithmic: what was measured, of theories alone all. It can not
/// where none is above zero.
std::vector<double> deciding(std::span<const Panel> panels) {
  std::vector<double> measured, all;
  for (const Panel& panel : panels)
    for (const DrawnCurve& c : panel.curves)
      for (const double y : c.y) {
        if (!std::isfinite(y)) continue;
        all.push_back(y);
        if (!is_beside(c)) measured.push_back(y);
      }
  return measured.empty() ? all : measured;
}

bool any_above_zero(const std::vector<double>& values) {
  return std::ranges::any_of(values, [](double value) { return value > 0; });
}

/// "none of 3 points is above zero"
std::string none_above_zero(std::size_t count, std::string_view what) {
  if (count == 1) return fmt::format("its only {} is not above zero", what);
  return fmt::format("none of {} is above zero", counted(count, what));
}

/// The ordinates of panels: of what is measured, and of theories where that lets them.
std::pair<Range, Range> ranges_of(std::span<const Panel> panels, bool log) {
  const double reach = reach_of_intervals(panels), whole = std::numeric_limits<double>::infinity();
  Range measured, all;
  for (const Panel& panel : panels) {
    for (const DrawnCurve& c : panel.curves)
      if (!is_beside(c)) add_points(measured, c, log, {reach, reach});
    for (const auto& level : panel.levels)
      if (!log || level.second > 0) measured.add(level.second);
  }
  all = measured;
  for (const Panel& panel : panels)
    for (const DrawnCurve& c : panel.curves)
      if (is_beside(c) && panel.shows_bands())
        add_points(all, c, log, {whole, reach});
      else if (is_beside(c))
        add_line(all, c, log);
  return {measured, all};
}

/// The part of the height that the crosses of panels take, at its upper end: at most a third.
double room_for_ended(std::span<const Panel> panels) {
  constexpr double beside_cross = 6, height = 215, most = 0.35;
  double depth = 0;
  for (const Panel& panel : panels)
    if (has_ended(panel)) depth = std::max(depth, std::ranges::max(ended_depths(panel)) + beside_cross);
  return std::min(depth / height, most);
}

/// Raises the upper end of a range so far that its numbers leave that part of it free.
void leave_room(Range& range, double part, bool log) {
  if (range.empty() || part <= 0) return;
  const double share = part / (1 - part);
  range.high = log ? range.high * std::pow(range.high / range.low, share)
                   : range.high + share * std::max(range.high - range.low, 1e-3 * std::abs(range.high));
}

/// The abscissas of a curve, of which there may be no number; a histogram has half a bin more at either end.
void add_abscissas(const DrawnCurve& c, std::vector<double>& xs) {
  if (c.dash != fit_dash) xs.insert(xs.end(), c.x.begin(), c.x.end());
  if (c.style != DrawnCurve::Style::steps || c.x.size() < 2) return;
  const double half = 0.5 * (c.x[1] - c.x[0]);
  xs.push_back(c.x.front() - half);
  xs.push_back(c.x.back() + half);
}

}  // namespace

PanelAxes axes_of(const DrawnFigure& figure, const Panel& panel) {
  std::vector<double> xs;
  const std::span<const Panel> panels = together(figure, panel);
  const std::vector<double> ys = deciding(panels);
  const bool log = figure.log_y && any_above_zero(ys);
  bool densities = false;
  auto [measured, shown] = ranges_of(panels, log);
  for (const Panel& other : panels) {
    for (const DrawnCurve& c : other.ended) add_abscissas(c, xs);
    for (const DrawnCurve& c : other.curves) {
      add_abscissas(c, xs);
      if (c.style != DrawnCurve::Style::steps || log) continue;
      densities = true;
      shown.add(0);
    }
  }
  if (!measured.empty()) {
    const Range most = reach_from(measured, log);
    shown.low = std::max(shown.low, most.low);
    shown.high = std::min(shown.high, most.high);
  }
  leave_room(shown, room_for_ended(panels), log);
  PanelAxes axes{make_axis(xs, figure.log_x, Ticks::at_values), make_axis({shown.low, shown.high}, log), "", ""};
  if (densities) axes.y.low = 0;  // they stand on it
  if (figure.log_x && !axes.x.log) axes.x_linear = none_above_zero(std::set(xs.begin(), xs.end()).size(), "abscissa");
  if (figure.log_y && !axes.y.log) axes.y_linear = none_above_zero(ys.size(), "point");
  return axes;
}

std::string with_linear_note(const std::string& label, const std::string& why) {
  return why.empty() ? label : fmt::format("{}{}(linear: {})", label, label.empty() ? "" : " ", why);
}

std::string cut_words(const DrawnFigure& figure) {
  std::map<std::string, double> farthest;
  for (const Panel& panel : figure.panels) {
    const PlotAxis axis = axes_of(figure, panel).y;
    for (const DrawnCurve& c : panel.curves)
      for (const double y : c.y) {
        if (!is_beside(c) || !std::isfinite(y) || axis.contains(y) || (axis.log && !(y > 0))) continue;
        double& most = farthest.try_emplace(c.with, y).first->second;
        if (std::abs(std::log(std::abs(y) + 1e-300)) > std::abs(std::log(std::abs(most) + 1e-300))) most = y;
      }
  }
  std::string text;
  for (const auto& [name, y] : farthest)
    text += fmt::format("{}{} leaves the frame, as far as {:.2g}", text.empty() ? "" : "; ", name, y);
  return text.empty() ? "" : text + ".";
}

PlotAxis residual_axis(const DrawnFigure& figure, const Panel& panel) {
  constexpr double least = 3, shown = 10, spread = 3;  // a few that lie very far out do not flatten the others
  std::vector<double> size{least};
  for (const Panel& other : together(figure, panel))
    for (const DrawnCurve& c : other.residuals)
      for (const double y : c.y) size.push_back(std::abs(y));
  std::ranges::sort(size);
  const double most = size[(size.size() - 1) * 9 / 10];
  const double reach = std::clamp(std::max(shown, spread * most), least, size.back());
  const double power = std::pow(10.0, std::floor(std::log10(reach)));
  const double step = reach < 2 * power ? power : reach < 5 * power ? 2 * power : 5 * power;
  PlotAxis axis{.log = false, .low = -1.12 * reach, .high = 1.12 * reach, .ticks = {}};
  for (double k = -std::floor(reach / step); k * step <= reach; ++k)
    axis.ticks.push_back({k * step, readable(fmt::format("{:g}", k * step))});
  return axis;
}

}  // namespace fieldscan::analysis
