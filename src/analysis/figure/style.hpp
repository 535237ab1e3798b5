#pragma once
#include <string>
#include <string_view>

namespace fieldscan::analysis {

/// Text for XML and HTML.
std::string escape(std::string_view text);
/// The style sheet of figures: one palette for light and dark, safe for colour-blind readers.
std::string figure_style();
/// The style sheet of the page.
std::string page_style();
/// Hexadecimal colours of the palette (Okabe and Ito), for gnuplot.
std::string_view palette_colour(std::size_t k);
/// From light to dark, 0 … 1.
std::string map_colour(double part);

}  // namespace fieldscan::analysis
