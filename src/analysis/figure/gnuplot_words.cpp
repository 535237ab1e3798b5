#include "gnuplot_words.hpp"

#include <fmt/format.h>

#include "../text/readable.hpp"
#include "fieldscan/core/printable.hpp"

namespace fieldscan::analysis {
namespace {

/// A text as a word of gnuplot. Between single quotes nothing is replaced, while between double quotes gnuplot runs
/// what stands in backquotes. A quote in the text becomes ’: doubled ones end the word where several meet
/// (gnuplot 5.4). Every text of a script goes through here.
std::string as_word(const std::string& text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'')
      out += "’";
    else
      out += c;
  }
  return out + '\'';
}

}  // namespace

std::string gnuplot_text(const std::string& text) { return as_word(shortened(readable(text), longest_gnuplot_text)); }

std::string gnuplot_tick(const std::string& text) {
  std::string out;
  for (const char c : shortened(readable(text), longest_gnuplot_text)) out.append(c == '%' ? 2 : 1, c);
  return as_word(out);
}

std::string gnuplot_plot(const std::vector<std::string>& curves) {
  std::string text = "  plot ";
  for (std::size_t k = 0; k < curves.size(); ++k) text += (k ? ", \\\n       " : "") + curves[k];
  return text + "\n";
}

std::string gnuplot_rows(const std::string& slug, std::size_t series, std::string_view condition,
                         std::string_view abscissa) {
  return fmt::format("\"{}.csv\" skip 1 using ($1=={}{}{} ? {} : NaN)", slug, series, condition.empty() ? "" : " && ",
                     condition, abscissa);
}

std::string gnuplot_place(const Tile& tile, const Tile& canvas) {
  return fmt::format("  set origin {:.6f},{:.6f}\n  set size {:.6f},{:.6f}\n", tile.x / canvas.width,
                     1 - (tile.y + tile.height) / canvas.height, tile.width / canvas.width,
                     tile.height / canvas.height);
}

}  // namespace fieldscan::analysis
