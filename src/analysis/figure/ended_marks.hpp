#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "along.hpp"
#include "svg.hpp"

/// Crosses at the upper edge of a plot, at abscissas at which every member of a group has ended without a number: what
/// maps have in a cell.
namespace fieldscan::analysis {

/// The abscissas of such numbers, as a curve without ordinates that looks like `like`; along time the last one at which
/// any network was seen. Without abscissas where none is known: the legend alone has it. Nothing where all numbers are.
std::optional<DrawnCurve> ended_points(const Along& along, const DrawnCurve& like);

/// That such a cross stands where networks were last seen; empty where none does.
std::string words_of_seen(const Along& along);

/// How far below the upper edge the crosses of each group stand, in units of the figure: groups that share an abscissa
/// below each other.
std::vector<double> ended_depths(const Panel& panel);

/// "all replicas diverged", "no replica has a number", of what marks say of how they ended; of all in a panel.
std::string_view words_of_none(Marks ends);
std::string_view ended_words(const Panel& panel);
/// "A cross at the upper edge: all replicas diverged"; empty where there is none.
std::string words_of_ended(const DrawnFigure& figure);
/// Whether a panel has such a cross; whether a group has nothing else.
bool has_ended(const Panel& panel);
bool is_only_ended(const Panel& panel, const DrawnCurve& ended);

void draw_ended_mark(std::string& svg, double x, double y);
void draw_ended(std::string& svg, const Frame& frame, const Panel& panel);

}  // namespace fieldscan::analysis
