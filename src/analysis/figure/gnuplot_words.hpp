#pragma once
#include <string>
#include <string_view>
#include <vector>

/// Texts as words of gnuplot.
namespace fieldscan::analysis {

/// A longer text fits on no drawing, and gnuplot's own buffers are short.
inline constexpr std::size_t longest_gnuplot_text = 300;

/// A text between single quotes, readable, and none of it run as a command.
std::string gnuplot_text(const std::string& text);
/// The label of a tick, which gnuplot takes for a format of printf.
std::string gnuplot_tick(const std::string& text);
/// One `plot` of several curves.
std::string gnuplot_plot(const std::vector<std::string>& curves);

/// The rows of one curve in a figure's table, or of these those that also fulfil a condition ("$6>0"), at an abscissa
/// ("$5"); "$1" numbers the curves.
std::string gnuplot_rows(const std::string& slug, std::size_t series, std::string_view condition = "",
                         std::string_view abscissa = "$5");

/// A part of the canvas, in its pixels from its upper left.
struct Tile {
  double x = 0, y = 0, width = 0, height = 0;
};
/// The commands that place the next plot there, on a canvas of that size.
std::string gnuplot_place(const Tile& tile, const Tile& canvas);

}  // namespace fieldscan::analysis
