#pragma once
#include <utility>

#include "../quantity/quantity.hpp"
#include "figure.hpp"

namespace fieldscan::analysis {

/// Whether there is no number since every replica has ended without: a cell that says so.
bool is_ended(const Quantity& q);
/// A number with its 95 % interval, as a cell.
MapCell cell_of(const Quantity& q, std::string x, std::string y);
/// A number as it stands in a cell: two digits, of per cent one decimal below ten.
std::string cell_text(const Map& map, double value);
/// What shown values are multiplied by: 100 where they are in per cent.
double cell_unit(const Map& map);
/// The words that the colours of a map mean, the good one first; none where it shows numbers alone.
std::vector<std::string_view> key_words(const Map& map);
/// What the numbers in the cells are, for the key: beside words of colours "numbers: difference in %"; else they are
/// those of the colours.
std::string numbers_text(const Map& map);
/// A label beside the map: a number of many digits is rounded to two.
std::string short_label(const std::string& label);
/// What a mark in cells means.
struct CellNote {
  enum class Mark { fewer, unsettled, none } mark;
  std::string words;
};
/// The marks that a map has: of cells of fewer replicas than were asked for, of some that have not settled, and of none
/// that has a number.
std::vector<CellNote> notes_of(const Map& map);
/// The same as sentences of a caption; empty where there are no such cells.
std::string remark_on_cells(const std::vector<Map>& maps);
/// Whether a label is a word, which is not told by its neighbours as one of numbers is.
bool is_word(const std::string& label);
/// The least and the largest number of the cells of all maps of a figure that show the same as one of them: they have
/// one scale of colours. Infinite and reversed where there is none.
std::pair<double, double> range_of(const DrawnFigure& figure, const Map& map);
/// Of several comparisons in one cell the worst stands, of several replicas' ends the number.
void put(Map& map, MapCell cell);
/// Collects the labels of all cells: numbers in their order, words behind them as they came.
void finish(Map& map);

}  // namespace fieldscan::analysis
