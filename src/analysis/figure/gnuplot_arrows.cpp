#include "gnuplot_arrows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "gnuplot_words.hpp"

namespace fieldscan::analysis {
namespace {

/// Parts of the height and the width of the axes, as the other drawings have them.
constexpr double tip = 0.01, tail = 0.056, arrow = 0.065, left_tip = 0.007, left_tail = 0.045, drawn_height = 215;
/// Ends of intervals: the point where nothing tells them.
constexpr std::string_view low_end = "(valid(7)?$7:$6)", high_end = "(valid(8)?$8:$6)";

/// Rows at (x, y) with an arrow of that length.
std::string arrow_command(const std::string& rows, const std::string& y, const std::string& dx, const std::string& dy,
                          std::string_view colour) {
  return fmt::format("{}:({}):({}):({}) with vectors nofilled size screen 0.012,25 lw 1.5 lc rgb \"{}\" notitle", rows,
                     y, dx, dy, colour);
}

/// The same from one number to another one.
std::string arrow_command(const std::string& rows, double from, double to, std::string_view colour) {
  return arrow_command(rows, fmt::format("{:.12g}", from), "0", fmt::format("{:.12g}", to - from), colour);
}

/// A short horizontal line at y, at the rows that fulfil a condition.
std::string cap_command(const ScriptedCurve& s, const std::string& condition, const std::string& y) {
  constexpr double half = 0.01;
  const PlotAxis& x = s.axes.x;
  const double apart = x.log ? x.value_at(half) / x.low : x.value_at(half) - x.low;
  const auto at = [&](char sign) { return fmt::format("$5{}{:.6g}", sign, apart); };
  const std::string left = at(x.log ? '/' : '-'), right = at(x.log ? '*' : '+');
  return fmt::format("{}:({}):({}-({})):(0) with vectors nohead lw 1.5 lc rgb \"{}\" notitle",
                     gnuplot_rows(s.slug, s.series, condition, left), y, right, left, s.colour);
}

/// Whether a point of a curve fulfils something, of its number k.
template <class Test>
bool any_point(const DrawnCurve& c, Test test) {
  for (std::size_t k = 0; k < c.x.size(); ++k)
    if (std::isfinite(c.y[k]) && test(k)) return true;
  return false;
}

}  // namespace

std::vector<std::string> arrows_to_zero(const ScriptedCurve& s) {
  std::vector<std::string> commands;
  const PlotAxis &x = s.axes.x, &y = s.axes.y;
  const DrawnCurve& c = s.curve;
  const auto is_left = [&](std::size_t k) { return x.log && c.x[k] <= 0; };
  const auto is_below = [&](std::size_t k) { return y.log && c.y[k] <= 0 && !is_left(k); };
  const auto hangs = [&](std::size_t k) {
    return is_below(k) && c.style == DrawnCurve::Style::points && y.position(c.high[k]) > 0;
  };
  const std::string below = x.log ? "$6<=0 && $5>0" : "$6<=0", edge = fmt::format("{:.12g}", y.low);
  const auto rows = [&](const std::string& condition) { return gnuplot_rows(s.slug, s.series, condition); };
  if (any_point(c, [&](std::size_t k) { return is_below(k) && !hangs(k); })) {
    const bool hung = c.style == DrawnCurve::Style::points;
    commands.push_back(arrow_command(rows(hung ? fmt::format("{} && {}<={}", below, high_end, edge) : below),
                                     y.value_at(tail), y.value_at(tip), s.colour));
  }
  if (any_point(c, hangs)) {
    const std::string inside = rows(fmt::format("{} && {}>{}", below, high_end, edge));
    const double part = y.value_at(arrow) / y.low;  // of a logarithmic axis the same length everywhere
    const std::string top = fmt::format("min($8,{:.12g})", y.high);
    commands.push_back(
        arrow_command(inside, top, "0", fmt::format("max({0}/{1:.12g},{2})-{0}", top, part, edge), s.colour));
    commands.push_back(cap_command(s, fmt::format("{} && {}>{}", below, high_end, edge), top));
  }
  if (any_point(c, is_left)) {
    const std::string height = y.log ? fmt::format("($6>0?$6:{:.12g})", y.value_at(tail / 2)) : "$6",
                      at = fmt::format("{:.12g}", x.value_at(left_tail));
    commands.push_back(arrow_command(gnuplot_rows(s.slug, s.series, "$5<=0", at), height,
                                     fmt::format("{:.12g}", x.value_at(left_tip) - x.value_at(left_tail)), "0",
                                     s.colour));
  }
  return commands;
}

bool has_cut_intervals(const ScriptedCurve& s) {
  const PlotAxis& y = s.axes.y;
  return any_point(s.curve, [&](std::size_t k) {
    return (!y.log || s.curve.y[k] > 0) && (s.curve.low[k] < y.low || s.curve.high[k] > y.high);
  });
}

std::vector<std::string> cut_intervals(const ScriptedCurve& s) {
  const PlotAxis& y = s.axes.y;
  const std::string least = fmt::format("{:.12g}", y.low), most = fmt::format("{:.12g}", y.high),
                    low = y.log ? fmt::format("({0}>0?{0}:0.2*$6)", low_end) : std::string(low_end),
                    above = y.log ? "$6>0" : "", further = y.log ? " && " : "";
  const std::string from = fmt::format("max({},{})", low, least), to = fmt::format("min({},{})", high_end, most);
  const auto rows = [&](const std::string& condition) { return gnuplot_rows(s.slug, s.series, condition); };
  const auto caps = [&](int column, std::string_view is_inside, const std::string& edge) {
    return cap_command(s, fmt::format("{}{}valid({}) && ${}{}{}", above, further, column, column, is_inside, edge),
                       fmt::format("${}", column));
  };
  return {fmt::format("{}:({}):(0):({}-{}) with vectors nohead lw 1.5 lc rgb \"{}\" notitle", rows(above), from, to,
                      from, s.colour),
          caps(8, "<", most), caps(7, ">", least)};
}

std::vector<std::string> arrows_beyond(const std::string& slug, std::size_t series, const DrawnCurve& residuals,
                                       const PlotAxis& axis, std::string_view colour) {
  std::vector<std::string> commands;
  const double strip = 0.03, inner = 0.17;  // of a lower plot
  if (any_point(residuals, [&](std::size_t k) { return residuals.y[k] > axis.high; }))
    commands.push_back(arrow_command(gnuplot_rows(slug, series, fmt::format("$6>{:.12g}", axis.high)),
                                     axis.value_at(1 - inner), axis.value_at(1 - strip), colour));
  if (any_point(residuals, [&](std::size_t k) { return residuals.y[k] < axis.low; }))
    commands.push_back(arrow_command(gnuplot_rows(slug, series, fmt::format("$6<{:.12g}", axis.low)),
                                     axis.value_at(inner), axis.value_at(strip), colour));
  return commands;
}

std::string ended_command(const ScriptedCurve& s, double depth, const std::string& title) {
  constexpr double left_end = 0.02;
  const PlotAxis& x = s.axes.x;
  const std::string at = x.log ? fmt::format("($5>0?$5:{:.12g})", x.value_at(left_end)) : "$5";
  return fmt::format("{}:({:.12g}) with points pt 2 ps 0.9 lw 1.5 lc rgb \"{}\" {}",
                     gnuplot_rows(s.slug, s.series, "", at), s.axes.y.value_at(1 - depth / drawn_height), s.colour,
                     title.empty() ? "notitle" : "title " + gnuplot_text(title));
}

}  // namespace fieldscan::analysis
