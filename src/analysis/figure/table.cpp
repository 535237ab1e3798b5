#include "table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "../text/csv.hpp"
#include "../text/readable.hpp"
#include "fieldscan/core/text.hpp"
#include "map_cells.hpp"

namespace fieldscan::analysis {
namespace {

/// A text as a field of one line: gnuplot reads tables line by line, whatever their quotes.
std::string field(const std::string& text) { return csv_field(one_line(text)); }

/// A number, or an end of an interval; empty where there is none.
std::string end_text(double end, bool none) { return none ? "" : shortest(end); }

/// Whether point k has no interval: nothing tells its error, or the curve is drawn without: a fit, a difference in
/// standard errors, a histogram of counts.
bool is_without_interval(const DrawnCurve& c, const std::string& with, std::size_t k) {
  const bool whole = c.dash == fit_dash || c.style == DrawnCurve::Style::steps || with != c.with;
  return (whole && !(c.low[k] < c.high[k])) || (k < c.no_interval.size() && c.no_interval[k]);
}

void add_curve(std::string& text, std::size_t series, const Panel& panel, const DrawnCurve& c,
               const std::string& with) {
  const std::string of = fmt::format("{},{},{},{}", series, field(panel.title), field(c.name()), field(with));
  for (std::size_t k = 0; k < c.x.size(); ++k) {
    for (const double gap : c.gaps)  // where gnuplot takes the pen up
      if (k > 0 && c.x[k - 1] < gap && gap < c.x[k]) text += fmt::format("{},{},NaN,NaN,NaN,,,,0\n", of, shortest(gap));
    const bool none = is_without_interval(c, with, k);
    const std::string y = end_text(c.y[k], c.style == DrawnCurve::Style::ended);
    text += fmt::format("{},{},{},{},{},{},{}\n", of, shortest(c.x[k]), y, end_text(c.low[k], none),
                        end_text(c.high[k], none), k < c.basis.size() ? columns_of(c.basis[k]) : ",,",
                        c.is_unsettled(k) ? shortest(c.unsettled[k]) : "0");
  }
}

std::string table_of_curves(const DrawnFigure& figure) {
  std::string text = "series,panel,curve,with,x,y,low,high,members,asked,flag,unsettled\n";
  std::size_t series = 0;
  for (const Panel& panel : figure.panels) {
    for (const auto* curves : {&panel.curves, &panel.ended})
      for (const DrawnCurve& c : *curves) add_curve(text, series++, panel, c, c.with);
    for (const DrawnCurve& c : panel.residuals) add_curve(text, series++, panel, c, panel.residual_label);
  }
  return text;
}

/// 1 where a theory holds, or says so; −1 where not.
int state_of(const MapCell& cell) {
  if (cell.word == "holds" || cell.word == "inside") return 1;
  return cell.word == "fails" || cell.word == "outside" ? -1 : 0;
}

/// `column` and `row` count the cells of a panel from its lower left; `shown` is what stands in the cell.
std::string table_of_maps(const DrawnFigure& figure) {
  std::string text = "panel,x,y,value,low,high,word,map,column,row,state,shown,members,asked,flag,unsettled\n";
  for (std::size_t m = 0; m < figure.maps.size(); ++m)
    for (const MapCell& cell : figure.maps[m].cells) {
      const Map& map = figure.maps[m];
      text += fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{},{}\n", field(map.title), field(cell.x), field(cell.y),
                          end_text(cell.value, !std::isfinite(cell.value)), end_text(cell.low, cell.no_interval),
                          end_text(cell.high, cell.no_interval), cell.word, m,
                          std::ranges::find(map.xs, cell.x) - map.xs.begin(),
                          std::ranges::find(map.ys, cell.y) - map.ys.begin(), state_of(cell),
                          std::isfinite(cell.value) ? field(cell_text(map, cell.value)) : "", columns_of(cell.basis),
                          shortest(std::max(cell.unsettled.chains, cell.unsettled.networks)));
    }
  return text;
}

}  // namespace

std::string table_of(const DrawnFigure& figure) {
  return figure.maps.empty() ? table_of_curves(figure) : table_of_maps(figure);
}

}  // namespace fieldscan::analysis
