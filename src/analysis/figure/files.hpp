#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "figure.hpp"

namespace fieldscan::analysis {

/// Writes NAME.svg, one column (8.6 cm) wide or two, and from it NAME.pdf and NAME.png (300 dots per inch) where
/// rsvg-convert is there; its numbers as NAME.csv, and NAME.gp, a gnuplot script to begin another drawing from. Returns
/// the formats of the drawing that are written.
std::vector<std::string> write_figure_files(const DrawnFigure& figure, const std::filesystem::path& directory);

}  // namespace fieldscan::analysis
