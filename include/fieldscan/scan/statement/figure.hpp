#pragma once
#include "fieldscan/scan/statement/figure/list.hpp"

namespace fieldscan::scan {

/// A figure: what every kind has, and the kind.
struct Figure {
  std::string name = {};
  std::vector<Formula> plot = {};
  std::vector<std::string> by = {};
  AxisName each = {};
  Formula where = {};
  std::string xlabel = {}, ylabel = {}, title = {};  ///< empty: from what is drawn
  FigureKind kind = {};
  Place place = {};

  static auto fields() {
    return std::tuple{
        field("plot", &Figure::plot, "the observable or expression on the vertical axis; several: curves, side by side")
            .required(),
        field("by", &Figure::by, "axes or dimensions with one curve per value"),
        field("each", &Figure::each, "the axis with one panel per value"),
        field("where", &Figure::where, "an expression that selects points"),
        field("xlabel", &Figure::xlabel, "what stands at the horizontal axis, instead of the glossary's words"),
        field("ylabel", &Figure::ylabel, "what stands at the vertical axis, instead of the glossary's words"),
        field("title", &Figure::title, "what stands above the drawing; nothing where nothing is said"),
    };
  }
};

/// What a figure shows, of several the first; empty where the file says nothing that can be read.
const Formula& plot_of(const Figure& figure);
/// The abscissas of a figure; a histogram has none.
const std::vector<Formula>& versus_of(const Figure& figure);

}  // namespace fieldscan::scan
