// The room that maps leave to their labels: none lies on another, nor beyond the drawing.
#include <algorithm>
#include <regex>

#include "../../src/analysis/figure/map_svg.hpp"
#include "catch.hpp"

using namespace fieldscan;
using namespace fieldscan::analysis;

namespace {

DrawnFigure map_of(const std::vector<std::string>& xs, const std::vector<std::string>& ys, const std::string& y_label) {
  DrawnFigure figure{.name = "map", .slug = "map", .caption = {}, .x_label = "width N", .y_label = y_label};
  Map& map = figure.maps.emplace_back(Map{.title = {}, .xs = xs, .ys = ys, .cells = {}});
  for (const std::string& x : xs)
    for (const std::string& y : ys)
      map.cells.push_back(
          {.x = x, .y = y, .value = static_cast<double>(map.cells.size()), .low = 0, .high = 1, .word = {}});
  return figure;
}

struct Text {
  double x = 0, y = 0;
  std::string words;
  double width() const { return letter * text_width(words); }
};

/// The upright texts of a drawing with that anchor.
std::vector<Text> texts_of(const std::string& svg, const std::string& anchor) {
  std::vector<Text> texts;
  const std::regex one("<text[^>]*? x=\"([-0-9.]+)\" y=\"([-0-9.]+)\" text-anchor=\"" + anchor + "\">([^<]*)</text>");
  for (std::sregex_iterator t(svg.begin(), svg.end(), one), end; t != end; ++t)
    texts.push_back({std::stod((*t)[1]), std::stod((*t)[2]), (*t)[3]});
  return texts;
}

/// Where the cells begin and end.
std::pair<double, double> span_of_cells(const std::string& svg) {
  const std::regex cell("d=\"M([0-9.]+) [0-9.]+h([0-9.]+)v[0-9.]+h-");
  double first = 1e9, last = 0;
  for (std::sregex_iterator c(svg.begin(), svg.end(), cell), end; c != end; ++c) {
    first = std::min(first, std::stod((*c)[1]));
    last = std::max(last, std::stod((*c)[1]) + std::stod((*c)[2]));
  }
  return {first, last};
}

}  // namespace

TEST_CASE("labels of a map have their room: beside the words of the axis, before the cells, and apart") {
  const std::vector<std::string> few{"16", "64"}, words{"gradient_descent", "langevin_sampled_readout"};
  std::vector<std::string> many;
  for (int k = 0; k < 24; ++k) many.push_back(std::to_string(1000 + 37 * k));
  const std::string short_label = "P",
                    long_label = "a label of so many words that it stands in several lines at its axis";
  for (const auto& xs : {few, words, many})
    for (const auto& ys : {few, words, many})
      for (const std::string& y_label : {short_label, long_label}) {
        INFO(xs.size() << " by " << ys.size() << ", " << ys.front() << ", " << y_label);
        const DrawnFigure figure = map_of(xs, ys, y_label);
        std::string svg;
        draw_map(svg, figure, figure.maps[0], 0);
        const auto [first, last] = span_of_cells(svg);
        CHECK(last <= drawing_width);
        const double rows = static_cast<double>(ys.size());
        const double room = y_label_room(rows * std::min(34.0, 300 / rows), y_label);
        const std::vector<Text> rows_named = texts_of(svg, "end");
        REQUIRE_FALSE(rows_named.empty());
        for (const Text& label : rows_named) {
          CHECK(label.x < first);
          CHECK(label.x - label.width() > room);
        }
        for (std::size_t k = 1; k < rows_named.size(); ++k) CHECK(rows_named[k - 1].y - rows_named[k].y >= letter);
        std::vector<Text> columns_named = texts_of(svg, "middle");
        std::erase_if(columns_named, [&](const Text& t) { return std::ranges::find(xs, t.words) == xs.end(); });
        REQUIRE_FALSE(columns_named.empty());
        const double lowest = std::ranges::max(columns_named, {}, &Text::y).y;  // above it are numbers in cells
        std::erase_if(columns_named, [&](const Text& t) { return t.y < lowest; });
        for (std::size_t k = 1; k < columns_named.size(); ++k)
          CHECK(columns_named[k].x - columns_named[k].width() / 2 >
                columns_named[k - 1].x + columns_named[k - 1].width() / 2);
      }
}
