#pragma once
#include <string>
#include <string_view>

namespace fieldscan::analysis {

/// Text for XML and HTML, which hold no control characters: those are spelled out.
std::string escape(std::string_view text);
/// The style sheet of figures: one palette for light and dark, safe for colour-blind readers.
std::string figure_style();
/// The style sheet of the page.
std::string page_style();

/// The colour of a group: its class in the style sheet, and as a hexadecimal number for gnuplot.
struct Colour {
  std::string name;
  std::string_view hex;
};
/// The k-th colour of the palette; k = neutral_colour is what belongs to no group.
Colour palette_colour(std::size_t k);
/// The k-th of n colours from dark to light: groups that ascend in a number.
Colour ramp_colour(std::size_t k, std::size_t n);

/// The lengths of dashes and gaps of a line style (DrawnCurve::dash): "4 2"; "none" of a solid line.
std::string_view dash_pattern(std::size_t dash);

/// The colour of a number on a map, from light to dark, 0 … 1.
std::string map_colour(double part);
/// The colour of a word on a map of validity: holds, fails, open.
std::string_view word_colour(std::string_view word);

}  // namespace fieldscan::analysis
