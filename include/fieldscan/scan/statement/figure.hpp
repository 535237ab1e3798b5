#pragma once
#include "fieldscan/scan/statement/figure/list.hpp"

namespace fieldscan::scan {

/// A figure: what every kind has, and the kind.
struct Figure {
  std::string name = {};
  Formula plot = {};
  std::vector<std::string> by = {};
  AxisName each = {};
  Formula where = {};
  FigureKind kind = {};
  Place place = {};

  static auto fields() {
    return std::tuple{
        field("plot", &Figure::plot, "the observable or expression on the vertical axis").required(),
        field("by", &Figure::by, "axes or dimensions with one curve per value"),
        field("each", &Figure::each, "the axis with one panel per value"),
        field("where", &Figure::where, "an expression that selects points"),
    };
  }
};

/// The abscissas of a figure; a histogram has none.
const std::vector<Formula>& versus_of(const Figure& figure);

}  // namespace fieldscan::scan
