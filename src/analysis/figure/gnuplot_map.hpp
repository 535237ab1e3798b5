#pragma once
#include "figure.hpp"
#include "gnuplot_words.hpp"

namespace fieldscan::analysis {

/// The canvas of a figure of maps: in as many columns as make it no taller than some one and a half times its width, an
/// even number of them, so that what was measured and what a theory claims stand side by side.
Tile map_canvas(const DrawnFigure& figure);

/// The commands that draw all maps of a figure on that canvas, each with what its colours and numbers mean below it.
std::string map_commands(const DrawnFigure& figure, const Tile& canvas);

}  // namespace fieldscan::analysis
