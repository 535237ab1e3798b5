#pragma once
#include <variant>

#include "fieldscan/scan/statement/figure/curves.hpp"
#include "fieldscan/scan/statement/figure/histogram.hpp"
#include "fieldscan/scan/statement/figure/map.hpp"
#include "fieldscan/scan/statement/figure/regions.hpp"

/// The kinds of figures. A new one is its header, its place in this list, and its drawing in src/analysis/figure.
namespace fieldscan::scan {

using FigureKind = std::variant<Curves, Map, Histogram, Regions>;

}  // namespace fieldscan::scan
