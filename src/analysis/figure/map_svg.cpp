#include "map_svg.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "../text/readable.hpp"

namespace fieldscan::analysis {
namespace {

constexpr double map_right = 12, tallest = 34, narrowest_text = 26;

/// A number that has to fit into a cell: one decimal of a per cent, else two digits.
std::string short_number(double value, bool percent) {
  if (!percent) return readable(fmt::format("{:.2g}", value));
  if (std::abs(value) < 0.05) return "0";
  const std::string text = std::abs(value) < 9.95 ? fmt::format("{:+.1f}", value) : fmt::format("{:+.0f}", value);
  return readable(text);
}

/// A label beside the map; a number of many digits is rounded.
std::string short_label(const std::string& label) {
  double value = 0;
  const char *begin = label.data(), *end = begin + label.size();
  const bool is_number = std::from_chars(begin, end, value).ptr == end;
  return readable(is_number && label.size() > 5 ? fmt::format("{:.2g}", value) : label);
}

struct Grid {
  double left = 0, top = 0, wide = 0, high = 0;
};

Grid grid_of(const Map& map, double top) {
  double left = 0;
  for (const std::string& label : map.ys) left = std::max(left, letter * text_width(short_label(label)));
  left += 32;
  const double wide = std::min(70.0, (drawing_width - left - map_right) / static_cast<double>(map.xs.size()));
  return {
      .left = left, .top = top, .wide = wide, .high = std::min(tallest, 300.0 / static_cast<double>(map.ys.size()))};
}

struct Scale {
  double low = 0, high = 0;
  double part(double value) const { return high > low ? (value - low) / (high - low) : 0.5; }
};

Scale scale_of(const Map& map) {
  Scale scale{.low = std::numeric_limits<double>::infinity(), .high = -std::numeric_limits<double>::infinity()};
  for (const MapCell& cell : map.cells)
    scale.low = std::min(scale.low, cell.value), scale.high = std::max(scale.high, cell.value);
  return scale;
}

void draw_cell(std::string& svg, const Grid& g, const Map& map, const MapCell& cell, const Scale& scale) {
  const auto column = static_cast<double>(std::ranges::find(map.xs, cell.x) - map.xs.begin());
  const auto row = static_cast<double>(map.ys.end() - std::ranges::find(map.ys, cell.y) - 1);
  const double x = g.left + column * g.wide, y = g.top + row * g.high;
  const bool verdict = !cell.word.empty();
  const double percent = map.percent ? 100 : 1;
  const std::string fill = verdict ? std::string(word_colour(cell.word)) : map_colour(scale.part(cell.value));
  svg += fmt::format(
      R"(<path fill="{}" d="M{:.1f} {:.1f}h{:.1f}v{:.1f}h{:.1f}z"><title>{}{:.4g}, 95 % interval {:.4g} to {:.4g}</title></path>)",
      fill, x + 1, y + 1, g.wide - 2, g.high - 2, -(g.wide - 2), verdict ? cell.word + ": " : "", percent * cell.value,
      percent * cell.low, percent * cell.high);
  if (g.wide < narrowest_text || g.high < letter) return;
  const std::string text = short_number(percent * cell.value, map.percent);
  if (letter * text_width(text) > g.wide) return;
  draw_text(svg, x + 0.5 * g.wide, y + 0.5 * g.high + 4, "middle",
            verdict || scale.part(cell.value) > 0.45 ? "cell-text on-dark" : "cell-text on-light", text);
}

void draw_labels(std::string& svg, const Grid& g, const DrawnFigure& figure, const Map& map) {
  const double bottom = g.top + g.high * static_cast<double>(map.ys.size());
  double free_from = -1;
  for (std::size_t k = 0; k < map.xs.size(); ++k) {
    const double x = g.left + (static_cast<double>(k) + 0.5) * g.wide,
                 half = 0.5 * letter * text_width(short_label(map.xs[k]));
    if (x - half < free_from) continue;
    draw_text(svg, x, bottom + 15, "middle", "", short_label(map.xs[k]));
    free_from = x + half + 4;
  }
  double free_to = bottom + g.high;
  for (std::size_t k = 0; k < map.ys.size(); ++k) {
    const double y = bottom - (static_cast<double>(k) + 0.5) * g.high;
    if (y > free_to) continue;
    draw_text(svg, g.left - 5, y + 4, "end", "", short_label(map.ys[k]));
    free_to = y - letter;
  }
  draw_text(svg, g.left + 0.5 * g.wide * static_cast<double>(map.xs.size()), bottom + 32, "middle", "",
            readable(figure.x_label));
  svg += fmt::format(R"svg(<text transform="translate(12 {:.1f}) rotate(-90)" text-anchor="middle">{}</text>)svg",
                     0.5 * (g.top + bottom), escape(readable(figure.y_label)));
}

/// What the colours mean; returns its height.
double draw_key(std::string& svg, const Map& map, const Scale& scale, double top) {
  double x = 10;
  if (!map.cells.front().word.empty()) {
    const bool claims = map.cells.front().word == "inside" || map.cells.front().word == "outside";
    for (const char* word : claims ? std::vector{"inside", "outside"} : std::vector{"holds", "fails", "open"}) {
      svg += fmt::format(R"(<path fill="{}" d="M{:.1f} {:.1f}h12v12h-12z"/>)", word_colour(word), x, top + 2);
      draw_text(svg, x + 17, top + 12, "start", "", word);
      x += 28 + letter * text_width(word);
    }
    return 22;
  }
  const std::string low = short_number(scale.low, map.percent), high = short_number(scale.high, map.percent);
  draw_text(svg, x, top + 12, "start", "", low);
  x += letter * text_width(low) + 6;
  for (int k = 0; k < 24; ++k, x += 5)
    svg += fmt::format(R"(<path fill="{}" d="M{:.1f} {:.1f}h5.2v12h-5.2z"/>)", map_colour(k / 23.0), x, top + 2);
  draw_text(svg, x + 6, top + 12, "start", "", high);
  return 22;
}

}  // namespace

double draw_map(std::string& svg, const DrawnFigure& figure, const Map& map, double top) {
  const double head = map.title.empty() ? 6 : 24;
  const Grid grid = grid_of(map, top + head);
  if (!map.title.empty()) draw_text(svg, grid.left, grid.top - 8, "start", "strong", readable(map.title));
  const Scale scale = scale_of(map);
  for (const MapCell& cell : map.cells) draw_cell(svg, grid, map, cell, scale);
  draw_labels(svg, grid, figure, map);
  const double bottom = grid.top + grid.high * static_cast<double>(map.ys.size()) + 42;
  return bottom - top + draw_key(svg, map, scale, bottom);
}

}  // namespace fieldscan::analysis
