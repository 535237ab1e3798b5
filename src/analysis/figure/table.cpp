#include <fmt/format.h>

#include "../export/export.hpp"
#include "fieldscan/core/text.hpp"
#include "figure.hpp"

namespace fieldscan::analysis {
namespace {

void add_curve(std::string& text, std::size_t series, const Panel& panel, const DrawnCurve& c,
               const std::string& with) {
  for (std::size_t k = 0; k < c.x.size(); ++k)
    text += fmt::format("{},{},{},{},{},{},{},{}\n", series, csv_field(panel.title), csv_field(c.label),
                        csv_field(with), shortest(c.x[k]), shortest(c.y[k]), shortest(c.low[k]), shortest(c.high[k]));
}

std::string table_of_curves(const DrawnFigure& figure) {
  std::string text = "series,panel,curve,with,x,y,low,high\n";
  std::size_t series = 0;
  for (const Panel& panel : figure.panels) {
    for (const DrawnCurve& c : panel.curves) add_curve(text, series++, panel, c, c.with);
    for (const DrawnCurve& c : panel.residuals) add_curve(text, series++, panel, c, panel.residual_label);
  }
  return text;
}

/// `column` and `row` count the cells of a panel from its lower left.
std::string table_of_maps(const DrawnFigure& figure) {
  std::string text = "panel,x,y,value,low,high,word,map,column,row,state\n";
  for (std::size_t m = 0; m < figure.maps.size(); ++m)
    for (const MapCell& cell : figure.maps[m].cells) {
      const Map& map = figure.maps[m];
      text += fmt::format("{},{},{},{},{},{},{},{},{},{},{}\n", csv_field(map.title), csv_field(cell.x),
                          csv_field(cell.y), shortest(cell.value), shortest(cell.low), shortest(cell.high), cell.word,
                          m, std::ranges::find(map.xs, cell.x) - map.xs.begin(),
                          std::ranges::find(map.ys, cell.y) - map.ys.begin(),
                          cell.word == "holds"   ? 1
                          : cell.word == "fails" ? -1
                                                 : 0);
    }
  return text;
}

}  // namespace

std::string table_of(const DrawnFigure& figure) {
  return figure.maps.empty() ? table_of_curves(figure) : table_of_maps(figure);
}

}  // namespace fieldscan::analysis
