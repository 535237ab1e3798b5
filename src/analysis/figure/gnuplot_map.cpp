#include "gnuplot_map.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "map_cells.hpp"
#include "style.hpp"

namespace fieldscan::analysis {
namespace {

/// The states of a map's words in the table, in the order of its key.
constexpr std::array<int, 3> states{1, -1, 0};
constexpr double single_width = 640, column_width = 370;
constexpr double beside_cells = 90, letter_width = 7, letter_height = 13;
constexpr double around_cells = 155, row_height = 26, tallest_drawing = 420;  ///< title, labels and key; of the cells

std::size_t columns_of(const DrawnFigure& figure) {
  const std::size_t maps = figure.maps.size();
  if (maps < 2) return 1;
  std::size_t columns = 2;
  const double height = around_cells + row_height * static_cast<double>(figure.maps[0].ys.size());
  const auto is_tall = [&] {
    const std::size_t rows = (maps + columns - 1) / columns;
    return static_cast<double>(rows) * height > 1.5 * column_width * static_cast<double>(columns);
  };
  while (is_tall()) columns += 2;
  return columns;
}

double row_of(const DrawnFigure& figure) {
  std::size_t most = 1;
  for (const Map& map : figure.maps) most = std::max(most, map.ys.size());
  return std::min(tallest_drawing, around_cells + row_height * static_cast<double>(most));
}

/// Every n-th label, so that those along so many pixels do not meet; one takes `each` of them.
std::size_t stride_of(std::size_t labels, double pixels, double each) {
  return static_cast<std::size_t>(std::max(1.0, std::ceil(each * static_cast<double>(labels) / pixels)));
}

/// The range of the colours, that of all maps of the figure which show the same; empty where there is none.
std::string colour_range(const DrawnFigure& figure, const Map& map) {
  const auto [least, most] = range_of(figure, map);
  return least < most ? fmt::format("  set cbrange [{:.12g}:{:.12g}]\n", least, most) : "  set autoscale cb\n";
}

/// Words are all there, if need be aslant.
std::string labels(const char* axis, const std::vector<std::string>& words, std::size_t stride) {
  std::string text;
  const bool aslant = stride > 1 && std::ranges::any_of(words, is_word);
  if (aslant) stride = 1;
  for (std::size_t k = 0; k < words.size(); k += stride)
    text += fmt::format("{}{} {}", k ? ", " : "", gnuplot_tick(short_label(words[k])), k);
  return fmt::format("  set {0}range [-0.5:{1}]\n  set {0}tics {3} ({2})\n", axis,
                     static_cast<double>(words.size()) - 0.5, text,
                     aslant && *axis == 'x' ? "rotate by 35 right" : "norotate");
}

/// The number from which a cell is so dark that its text is white.
double dark_from(const DrawnFigure& figure, const Map& map) {
  const auto [least, most] = range_of(figure, map);
  return least <= most ? least + 0.45 * (most - least) : 0;
}

/// A dot in a corner, a crossed circle in the other one, a cross.
std::string_view mark_style(CellNote::Mark mark) {
  if (mark == CellNote::Mark::fewer) return "pt 7 ps 0.6 lc rgb \"#1b1f24\"";
  return mark == CellNote::Mark::unsettled ? "pt \"⊗\" lc rgb \"#1b1f24\"" : "pt 2 ps 1 lc rgb \"#6e7781\"";
}

/// Which rows of the table have a mark.
std::string_view marked_rows(CellNote::Mark mark) {
  if (mark == CellNote::Mark::fewer) return "$13>0 && $13<$14";
  return mark == CellNote::Mark::unsettled ? "$16>0" : "$14>0 && $13==0";
}

/// How far right of a cell's middle a mark stands, in cells.
double aside_of(CellNote::Mark mark) {
  if (mark == CellNote::Mark::fewer) return 0.38;
  return mark == CellNote::Mark::unsettled ? -0.38 : 0;
}

/// Coloured squares beside their words, and last what the numbers are.
std::vector<std::string> key(const Map& map) {
  std::vector<std::string> entries;
  for (const std::string_view word : key_words(map))
    entries.push_back(fmt::format("NaN with points pt 5 ps 1.6 lc rgb \"{}\" title {}", word_colour(word),
                                  gnuplot_text(std::string(word))));
  if (!map.numbers.empty()) entries.push_back("NaN with points pt 0 title " + gnuplot_text(numbers_text(map)));
  for (const CellNote& note : notes_of(map))
    entries.push_back(fmt::format("NaN with points {} title {}", mark_style(note.mark), gnuplot_text(note.words)));
  return entries;
}

/// A title in two lines, where it has a panel and a theory: "target = linear", "nngp: measured".
std::string title_of(const Map& map) {
  const auto at = map.title.rfind(", ");
  if (at == std::string::npos) return gnuplot_text(map.title);
  return gnuplot_text(map.title.substr(0, at)) + ".\"\\n\"." + gnuplot_text(map.title.substr(at + 2));
}

std::string one_map(const DrawnFigure& figure, std::size_t m) {
  const Map& map = figure.maps[m];
  std::size_t longest = 1;
  for (const std::string& label : map.xs) longest = std::max(longest, short_label(label).size());
  const double wide = (figure.maps.size() < 2 ? single_width : column_width) - beside_cells;
  std::string text =
      labels("x", map.xs, stride_of(map.xs.size(), wide, letter_width * static_cast<double>(longest + 1))) +
      labels("y", map.ys, stride_of(map.ys.size(), row_of(figure) - around_cells, letter_height));
  text += fmt::format("  set title {} font \",11\"\n  set xlabel {}\n  set ylabel {}\n", title_of(map),
                      gnuplot_text(figure.x_label), gnuplot_text(figure.y_label));
  text += colour_range(figure, map);
  const auto cells = [&](const std::string& condition) {
    return fmt::format("\"{}.csv\" skip 1 using ($8=={}{} ? $9 : NaN):10", figure.slug, m, condition);
  };
  const auto marked = [&](CellNote::Mark mark, std::string_view style) {
    const double aside = aside_of(mark);
    return fmt::format("\"{}.csv\" skip 1 using ($8=={} && {} ? $9+{} : NaN):($10+{:.3g}) with points {} notitle",
                       figure.slug, m, marked_rows(mark), aside, 0.8 * std::abs(aside), style);
  };
  constexpr std::string_view box = ":(0.48):(0.48)", drawn = "with boxxyerror fs solid noborder lc";
  const std::vector<std::string_view> words = key_words(map);
  std::vector<std::string> curves;
  for (std::size_t k = 0; k < words.size(); ++k)
    curves.push_back(fmt::format("{}{} {} rgb \"{}\" notitle", cells(fmt::format(" && $11=={}", states.at(k))), box,
                                 drawn, word_colour(words[k])));
  if (words.empty()) curves.push_back(fmt::format("{}{}:4 {} palette notitle", cells(""), box, drawn));
  const double dark = words.empty() ? dark_from(figure, map) : -1e300;
  curves.push_back(
      fmt::format("{}:12 with labels tc rgb \"#ffffff\" notitle", cells(fmt::format(" && $4>{:.12g}", dark))));
  curves.push_back(fmt::format("{}:12 with labels notitle", cells(fmt::format(" && $4<={:.12g}", dark))));
  for (const CellNote& note : notes_of(map)) {
    if (note.mark == CellNote::Mark::unsettled)  // it is thin, and cells may be dark
      curves.push_back(marked(note.mark, "pt 7 ps 1.1 lc rgb \"#ffffff\""));
    curves.push_back(marked(note.mark, mark_style(note.mark)));
  }
  for (std::string& entry : key(map)) curves.push_back(std::move(entry));
  return text + gnuplot_plot(curves);
}

}  // namespace

Tile map_canvas(const DrawnFigure& figure) {
  const std::size_t columns = columns_of(figure), rows = (figure.maps.size() + columns - 1) / columns;
  return {.width = columns == 1 ? single_width : column_width * static_cast<double>(columns),
          .height = row_of(figure) * static_cast<double>(rows)};
}

std::string map_commands(const DrawnFigure& figure, const Tile& canvas) {
  const std::size_t columns = columns_of(figure);
  const double width = canvas.width / static_cast<double>(columns), height = row_of(figure);
  std::string text =
      fmt::format("  set key below horizontal samplen 1 font \",11\"\n  set palette defined (0 \"{}\", 1 \"{}\")\n",
                  map_colour(0), map_colour(1));
  const std::size_t full = figure.maps.size() / columns * columns, last = figure.maps.size() - full;
  const double aside = 0.5 * width * static_cast<double>(columns - last);  // of a last row that is not full
  for (std::size_t m = 0; m < figure.maps.size(); ++m) {
    const std::size_t row = m / columns;
    const Tile tile{.x = width * static_cast<double>(m % columns) + (m < full ? 0 : aside),
                    .y = height * static_cast<double>(row),
                    .width = width,
                    .height = height};
    text += gnuplot_place(tile, canvas) + one_map(figure, m);
  }
  return text;
}

}  // namespace fieldscan::analysis
