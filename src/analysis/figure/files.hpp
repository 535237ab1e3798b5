#pragma once
#include <filesystem>

#include "figure.hpp"

namespace fieldscan::analysis {

/// Writes NAME.csv and the gnuplot script NAME.gp that draws NAME.svg and NAME.png from it, and runs the script.
/// Without gnuplot NAME.svg is the drawing of the page, and there is no NAME.png.
void write_figure_files(const DrawnFigure& figure, const std::filesystem::path& directory);

}  // namespace fieldscan::analysis
