#pragma once
#include "../quantity/quantity.hpp"
#include "figure.hpp"

namespace fieldscan::analysis {

/// A number with its 95 % interval, as a cell.
MapCell cell_of(const Quantity& q, std::string x, std::string y);
/// Of several comparisons in one cell the worst stands.
void put(Map& map, MapCell cell);
/// Collects the labels of all cells: numbers in their order, words behind them as they came.
void finish(Map& map);

}  // namespace fieldscan::analysis
