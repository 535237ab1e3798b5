#include "map_svg.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "../text/axis_words.hpp"
#include "../text/readable.hpp"
#include "map_cells.hpp"

namespace fieldscan::analysis {
namespace {

constexpr double map_right = 12, tallest_map = 34, narrowest_text = 26;
constexpr double widest_label = 130;  ///< of a row or column; longer ones are shortened
constexpr double map_line = letter + 3;

/// A label as it stands beside the map.
std::string shown_label(const std::string& label) { return shortened(readable(short_label(label)), widest_label); }

struct Grid {
  double left = 0, top = 0, wide = 0, high = 0;
  double label = 0;  ///< room of the words at the vertical axis
};

Grid grid_of(const Map& map, const std::string& y_label, double top) {
  const auto rows = static_cast<double>(map.ys.size());
  const double least = std::ranges::any_of(map.ys, is_word) ? letter + 1 : 0;  // words are all there
  const double high = std::clamp(300.0 / rows, least, tallest_map), room = y_label_room(rows * high, y_label);
  double left = 0;
  for (const std::string& label : map.ys) left = std::max(left, letter * text_width(shown_label(label)));
  left += 18 + room;
  const double wide = std::min(70.0, (drawing_width - left - map_right) / static_cast<double>(map.xs.size()));
  return {.left = left, .top = top, .wide = wide, .high = high, .label = room};
}

struct Scale {
  double low = 0, high = 0;
  double part(double value) const { return high > low ? (value - low) / (high - low) : 0.5; }
};

Scale scale_of(const DrawnFigure& figure, const Map& map) {
  const auto [low, high] = range_of(figure, map);
  return {.low = low, .high = high};
}

/// A dot in a cell's upper right corner, a crossed circle in its upper left one, a cross in its middle.
std::string mark_at(CellNote::Mark mark, double x, double y, double wide, double high) {
  if (mark == CellNote::Mark::fewer)
    return fmt::format(R"(<circle fill="#fff" stroke="#1b1f24" stroke-width="1" cx="{:.1f}" cy="{:.1f}" r="2.6"/>)",
                       x + wide - 6, y + 6);
  if (mark == CellNote::Mark::unsettled)
    return fmt::format(
        R"(<circle fill="#fff" stroke="#1b1f24" stroke-width="1" cx="{0:.1f}" cy="{1:.1f}" r="3.2"/><path stroke="#1b1f24" stroke-width="1.1" d="M{2:.1f} {3:.1f}l8 8m0 -8l-8 8"/>)",
        x + 7, y + 7, x + 3, y + 3);
  const double arm = std::min(5.0, 0.3 * std::min(wide, high)), left = x + 0.5 * wide, top = y + 0.5 * high;
  return fmt::format(R"(<path class="bar" d="M{0:.1f} {1:.1f}L{2:.1f} {3:.1f}M{0:.1f} {3:.1f}L{2:.1f} {1:.1f}"/>)",
                     left - arm, top - arm, left + arm, top + arm);
}

/// What a cell is, for who holds the pointer over it: "holds: 1.2, 95 % interval 1.1 to 1.3; 3 of 4 replicas; as many
/// as 20 % of the chains did not equilibrate; diverged".
std::string cell_words(const Map& map, const MapCell& cell) {
  const double unit = cell_unit(map);
  std::string text = cell.word.empty() ? "" : cell.word + ": ";
  text += std::isfinite(cell.value) ? fmt::format("{:.4g}", unit * cell.value) : "no number";
  if (!cell.no_interval) text += fmt::format(", 95 % interval {:.4g} to {:.4g}", unit * cell.low, unit * cell.high);
  if (cell.basis.fewer()) text += fmt::format("; {} of {} replicas", cell.basis.members, cell.basis.asked);
  if (cell.unsettled.any()) text += "; " + words_of(cell.unsettled);
  return text + (cell.basis.marks ? "; " + words_of_marks(cell.basis.marks) : "");
}

void draw_cell(std::string& svg, const Grid& g, const Map& map, const MapCell& cell, const Scale& scale) {
  const auto column = static_cast<double>(std::ranges::find(map.xs, cell.x) - map.xs.begin());
  const auto row = static_cast<double>(map.ys.end() - std::ranges::find(map.ys, cell.y) - 1);
  const double x = g.left + column * g.wide, y = g.top + row * g.high;
  const bool verdict = !cell.word.empty();
  const std::string title = fmt::format("<title>{}</title>", cell_words(map, cell));
  const std::string outline =
      fmt::format("M{:.1f} {:.1f}h{:.1f}v{:.1f}h{:.1f}z", x + 1, y + 1, g.wide - 2, g.high - 2, -(g.wide - 2));
  if (cell.basis.none()) {
    svg += fmt::format(R"(<g><path class="faint" pointer-events="all" d="{}"/>{}{}</g>)", outline,
                       mark_at(CellNote::Mark::none, x, y, g.wide, g.high), title);
    return;
  }
  const std::string fill = verdict ? std::string(word_colour(cell.word)) : map_colour(scale.part(cell.value));
  svg += fmt::format(R"(<path fill="{}" d="{}">{}</path>)", fill, outline, title);
  if (cell.basis.fewer()) svg += mark_at(CellNote::Mark::fewer, x, y, g.wide, g.high);
  if (cell.unsettled.any()) svg += mark_at(CellNote::Mark::unsettled, x, y, g.wide, g.high);
  if (g.wide < narrowest_text || g.high < letter) return;
  const std::string text = cell_text(map, cell.value);
  if (letter * text_width(text) > g.wide) return;
  draw_text(svg, x + 0.5 * g.wide, y + 0.5 * g.high + 4, "middle",
            verdict || scale.part(cell.value) > 0.45 ? "cell-text on-dark" : "cell-text on-light", text);
}

/// Labels of columns: numbers that have no room are left out, words stand a line lower. Returns how many lines.
std::size_t draw_columns(std::string& svg, const Grid& g, const Map& map, double bottom) {
  std::vector<double> free_from{-1};  // by line
  for (std::size_t k = 0; k < map.xs.size(); ++k) {
    const double x = g.left + (static_cast<double>(k) + 0.5) * g.wide;
    const std::string label = shown_label(map.xs[k]);
    const double begin = centred_ends(x, label).first;
    auto line = std::ranges::find_if(free_from, [&](double free) { return begin >= free; });
    if (line == free_from.end() && !is_word(map.xs[k])) continue;
    if (line == free_from.end()) line = free_from.insert(line, -1);
    const double y = bottom + 15 + map_line * static_cast<double>(line - free_from.begin());
    *line = draw_centred(svg, x, y, "", label).second + 4;
  }
  return free_from.size();
}

/// Labels and words; returns where they end.
double draw_labels(std::string& svg, const Grid& g, const DrawnFigure& figure, const Map& map) {
  const double bottom = g.top + g.high * static_cast<double>(map.ys.size());
  const auto lines = static_cast<double>(draw_columns(svg, g, map, bottom));
  double free_to = bottom + g.high;
  for (std::size_t k = 0; k < map.ys.size(); ++k) {
    const double y = bottom - (static_cast<double>(k) + 0.5) * g.high;
    if (y > free_to) continue;
    draw_text(svg, g.left - 5, y + 4, "end", "", shown_label(map.ys[k]));
    free_to = y - letter;
  }
  draw_y_label(svg, g.label - 2, bottom, g.top, figure.y_label);
  double end = bottom + 32 + map_line * (lines - 2);
  for (const std::string& words : lines_within(readable(figure.x_label), drawing_width - 20))
    draw_centred(svg, g.left + 0.5 * g.wide * static_cast<double>(map.xs.size()), end += map_line, "", words);
  return end + 10;
}

/// What the colours and the numbers mean; returns its height.
double draw_key(std::string& svg, const Grid& g, const Map& map, const Scale& scale, double top) {
  const double begin = top;
  double x = 10;
  const auto write = [&](std::string_view text, double after) {
    draw_text(svg, x, top + 12, "start", "", std::string(text));
    x += letter * text_width(std::string(text)) + after;
  };
  for (const std::string_view word : key_words(map)) {
    svg += fmt::format(R"(<path fill="{}" d="M{:.1f} {:.1f}h12v12h-12z"/>)", word_colour(word), x, top + 2);
    x += 17;
    write(word, 11);
  }
  const bool numbers = key_words(map).empty() && std::isfinite(scale.low);  // of no replica: none
  if (numbers) {
    write(cell_text(map, scale.low), 6);
    for (int k = 0; k < 24; ++k, x += 5)
      svg += fmt::format(R"(<path fill="{}" d="M{:.1f} {:.1f}h5.2v12h-5.2z"/>)", map_colour(k / 23.0), x, top + 2);
    x += 6;
    write(cell_text(map, scale.high), 11);
  }
  // Where colours stand for words and cells are too narrow for numbers there are none to explain.
  const bool shown = numbers || g.wide >= narrowest_text;
  const std::string what = shown ? shortened(readable(numbers_text(map)), drawing_width - 20) : "";
  if (x > 10 && x + letter * text_width(what) > drawing_width - 4) x = 10, top += map_line + 4;
  if (!what.empty()) write(what, 11);
  for (const CellNote& note : notes_of(map)) {
    if (x + 17 + letter * text_width(note.words) > drawing_width) x = 10, top += map_line + 4;
    svg += mark_at(note.mark, x, top + 2, 12, 12);
    x += 17;
    write(note.words, 11);
  }
  return 22 + top - begin;
}

}  // namespace

double draw_map(std::string& svg, const DrawnFigure& figure, const Map& map, double top) {
  const auto title = lines_within(readable(label_words(map.title)), bold_share * (drawing_width - 20));
  const double head = title.empty() ? 6 : 9 + map_line * static_cast<double>(title.size());
  const Grid grid = grid_of(map, figure.y_label, top + head);
  for (std::size_t k = 0; k < title.size(); ++k)
    draw_text(svg, 10, top + map_line * static_cast<double>(k + 1), "start", "strong", title[k]);
  const Scale scale = scale_of(figure, map);
  for (const MapCell& cell : map.cells) draw_cell(svg, grid, map, cell, scale);
  const double bottom = draw_labels(svg, grid, figure, map);
  return bottom - top + draw_key(svg, grid, map, scale, bottom);
}

}  // namespace fieldscan::analysis
