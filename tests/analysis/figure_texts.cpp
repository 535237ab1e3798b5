#include <array>
#include <regex>
#include <string>
#include <vector>

#include "../../src/analysis/figure/legend.hpp"
#include "../../src/analysis/figure/svg.hpp"
#include "catch.hpp"

/// Texts of drawings: none is cut, none covers another, and each says what it is about.
namespace fieldscan::analysis {
namespace figure_texts {
namespace {

struct Box {
  double left, right, top, bottom;
  std::string text;
  bool over_curves;  ///< names of marks and levels, which lie over what is drawn
};

std::string attribute(const std::string& tag, const std::string& name) {
  const auto at = tag.find(' ' + name + "=\"");
  if (at == std::string::npos) return "";
  const auto from = at + name.size() + 3;
  return tag.substr(from, tag.find('"', from) - from);
}

std::string unescaped(std::string text) {
  for (const auto& [from, to] : {std::pair{"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&amp;", "&"}})
    for (std::size_t at = 0; (at = text.find(from)) != std::string::npos;)
      text.replace(at, std::string(from).size(), to);
  return text;
}

/// The boxes of all texts of one drawing that is no group of several.
std::vector<Box> boxes_of(const std::string& svg) {
  std::vector<Box> boxes;
  const std::regex element("(<text[^>]*>)([^<]*)</text>"), turned(R"(translate\(([-0-9.]+) ([-0-9.]+)\) rotate)");
  for (std::sregex_iterator t(svg.begin(), svg.end(), element), end; t != end; ++t) {
    const std::string tag = (*t)[1], text = unescaped((*t)[2]), style = attribute(tag, "style");
    const double size = style.empty() ? letter : std::stod(style.substr(style.find(':') + 1));
    const double width = (attribute(tag, "class") == "strong" ? 1.14 : 1) * size * text_width(text);
    const bool over = attribute(tag, "class") == "halo";
    std::smatch place;
    const std::string transform = attribute(tag, "transform");
    if (std::regex_search(transform, place, turned)) {
      const double x = std::stod(place[1]), y = std::stod(place[2]);
      boxes.push_back({x - 0.8 * size, x + 0.2 * size, y - width / 2, y + width / 2, text, over});
      continue;
    }
    const double x = std::stod(attribute(tag, "x")), y = std::stod(attribute(tag, "y"));
    const std::string anchor = attribute(tag, "text-anchor");
    const double left = anchor == "middle" ? x - width / 2 : anchor == "end" ? x - width : x;
    boxes.push_back({left, left + width, y - 0.75 * size, y + 0.2 * size, text, over});
  }
  return boxes;
}

/// The texts that leave a drawing, or lie over another text.
std::vector<std::string> faults_of(const std::string& svg) {
  const std::regex view("viewBox=\"0 0 ([0-9.]+) ([0-9.]+)\"");
  std::smatch size;
  if (!std::regex_search(svg, size, view)) return {"no picture"};
  const double width = std::stod(size[1]), height = std::stod(size[2]);
  const std::vector<Box> boxes = boxes_of(svg);
  std::vector<std::string> faults;
  for (std::size_t k = 0; k < boxes.size(); ++k) {
    const Box& a = boxes[k];
    const bool inside = a.left >= -0.1 && a.right <= width + 0.1 && a.top >= -0.1 && a.bottom <= height + 0.1;
    if (!inside) faults.push_back("cut: " + a.text);
    for (std::size_t j = 0; j < k; ++j) {
      const Box& b = boxes[j];
      if (a.over_curves || b.over_curves) continue;
      const double x = std::min(a.right, b.right) - std::max(a.left, b.left),
                   y = std::min(a.bottom, b.bottom) - std::max(a.top, b.top);
      if (x > 0.5 && y > 0.5) faults.push_back(a.text + " covers " + b.text);
    }
  }
  return faults;
}

constexpr std::array<const char*, 4> names{
    "nngp", "distance of the mean predictor from local_renormalisation",
    "kernel_renormalisation.error_mean_predictor_of_several_outputs_beyond_the_first_of_them (reference)",
    "(error_test - kernel_adaptation.error_test)/kernel_adaptation.error_test for networks that learn features"};

DrawnCurve curve(const std::string& label, const std::string& with, DrawnCurve::Style style, std::size_t place,
                 double last) {
  DrawnCurve out{.label = label, .with = with, .style = style, .colour = place, .dash = with.empty() ? 0U : place + 1};
  for (const double x : {20.0, 100.0, 500.0, last}) {
    out.x.push_back(x);
    out.y.push_back(0.2 + 1 / x);
    out.censored.push_back(false);
  }
  out.low = out.high = out.y;
  return out;
}

/// All that a panel can have, under names of that length; the abscissa ends at `last`.
DrawnFigure panels(const std::string& name, DrawnCurve::Style style, double last, bool log) {
  DrawnFigure figure{.name = name, .slug = "f", .caption = "", .title = name, .x_label = name, .y_label = name};
  figure.log_x = log;
  for (const bool strip : {false, true}) {
    Panel panel{.title = name};
    for (std::size_t k = 0; k < 3; ++k) {
      panel.curves.push_back(curve("network.activation.kind = " + name + std::to_string(k), "", style, k, last));
      panel.curves.push_back(curve("", name + std::to_string(k), DrawnCurve::Style::line, k, last));
    }
    panel.marks = {{.name = name, .value = 100, .colour = 0}};
    panel.levels = {{name, 0.22}};
    if (strip) {
      panel.residuals.push_back(curve("", name, DrawnCurve::Style::points, 0, last));
      panel.residual_label = "difference from " + name;
    }
    figure.panels.push_back(std::move(panel));
  }
  return figure;
}

DrawnFigure map_figure(const std::string& name, int columns, int rows, Map::Kind kind) {
  DrawnFigure figure{.name = name, .slug = "m", .caption = "", .x_label = name, .y_label = name};
  Map map{.title = "seed = 1, " + name + ": holds"};
  map.kind = kind;
  map.numbers = "difference in %";
  for (int i = 0; i < columns; ++i) map.xs.push_back(name + std::to_string(i));
  for (int j = 0; j < rows; ++j) map.ys.push_back(name + std::to_string(j));
  for (const std::string& x : map.xs)
    for (const std::string& y : map.ys)
      map.cells.push_back(
          {.x = x, .y = y, .value = 0.0123, .low = 0, .high = 1, .word = kind == Map::Kind::claims ? "outside" : ""});
  figure.maps = {map};
  return figure;
}

void check(const DrawnFigure& figure) {
  for (const std::string& piece : draw_pieces(figure)) CHECK(faults_of(piece) == std::vector<std::string>{});
}

}  // namespace
TEST_CASE("no text of curves and histograms leaves its picture or covers another, whatever names are long") {
  for (const char* name : names)
    for (const auto style : {DrawnCurve::Style::points, DrawnCurve::Style::line, DrawnCurve::Style::steps})
      for (const double last : {2500.0, 2499.0, 1e5, 31622.8})
        for (const bool log : {false, true}) {
          CAPTURE(name, last, log, static_cast<int>(style));
          check(panels(name, style, last, log));
        }
}

TEST_CASE("no label of a map leaves its picture or covers another") {
  for (const char* name : names)
    for (const auto& [columns, rows] : {std::pair{1, 1}, {2, 3}, {5, 4}, {14, 12}})
      for (const auto kind : {Map::Kind::measured, Map::Kind::claims}) {
        CAPTURE(name, columns, rows);
        check(map_figure(name, columns, rows, kind));
      }
}

TEST_CASE("numbers in cells are explained where there are any") {
  const auto explained = [](const DrawnFigure& figure) {
    return draw_pieces(figure).at(0).find("difference in %<") != std::string::npos;
  };
  CHECK(explained(map_figure("a", 3, 3, Map::Kind::claims)));
  CHECK_FALSE(explained(map_figure("a", 20, 3, Map::Kind::claims)));
  CHECK(explained(map_figure("a", 20, 3, Map::Kind::measured)));  // by their colour
}

TEST_CASE("texts that are cut or lie over others are seen") {
  const std::string picture = R"(<svg viewBox="0 0 380 100">)";
  const auto at = [&](double x, double y, std::string_view anchor, const std::string& text) {
    std::string svg;
    draw_text(svg, x, y, anchor, "", text);
    return svg;
  };
  CHECK(faults_of(picture + at(374, 50, "middle", "2500")) == std::vector<std::string>{"cut: 2500"});
  CHECK(faults_of(picture + at(34, 50, "start", names[1])) ==
        std::vector<std::string>{std::string("cut: ") + names[1]});
  CHECK(faults_of(picture + at(5, 50, "end", "1")) == std::vector<std::string>{"cut: 1"});
  CHECK(faults_of(picture + at(50, 104, "end", "1")) == std::vector<std::string>{"cut: 1"});
  CHECK(faults_of(picture + at(50, 50, "start", "one") + at(60, 54, "start", "two")) ==
        std::vector<std::string>{"two covers one"});
  CHECK(faults_of(picture + at(50, 50, "start", "one") + at(80, 50, "start", "two")).empty());
}

TEST_CASE("a label at the right end of an axis is shifted, and not left out") {
  for (const bool log : {false, true}) {
    const std::string piece = draw_pieces(panels("nngp", DrawnCurve::Style::points, 2500, log)).front();
    std::size_t inside = 0;
    for (const Box& box : boxes_of(piece)) inside += box.text == "2500" || box.text == "1000" || box.text == "2000";
    CHECK(inside > 0);
  }
  std::string svg;
  const auto [left, right] = draw_centred(svg, 379, 20, "", "2500");
  CHECK(right <= drawing_width);
  CHECK(right - left == Approx(letter * text_width("2500")));
  CHECK(svg.find(">2500<") != std::string::npos);
}

TEST_CASE("long names are wrapped whole where three lines hold them, at the parts of a name if need be") {
  const auto joined = [](const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) text += line + "|";
    return text;
  };
  CHECK(joined(lines_within("distance of the mean predictor from local_renormalisation", 330)) ==
        "distance of the mean predictor from|local_renormalisation|");
  CHECK(joined(lines_within("kernel_renormalisation.error_mean_predictor", 200)) ==
        "kernel_renormalisation.error_|mean_predictor|");
  const std::vector<std::string> word = lines_within(std::string(90, 'x'), 200);
  REQUIRE(word.size() == 1);
  CHECK(word[0].find("x…x") != std::string::npos);
  CHECK(letter * text_width(word[0]) <= 200);
  CHECK(shortened("ä⟨ö⟩", 5) == "…");
  CHECK(shortened("short", 200) == "short");
}

TEST_CASE("titles, whose letters are wider, stay inside their picture") {
  DrawnFigure figure = panels("nngp", DrawnCurve::Style::points, 2500, false);
  figure.panels.resize(1);
  figure.title =
      "A long title: how the error on the test set depends on the feature-learning scale for two ridges and five "
      "theories, of which two are the same with another solver";
  CHECK(faults_of(draw_svg(figure, Surroundings::page)).empty());
}

TEST_CASE("what is shortened keeps its beginning and its end") {
  const std::string formula = "beginning_" + std::string(300, 'x') + "_end";
  const std::string shown = shortened(formula, 200);
  CHECK(shown.starts_with("beginning_"));
  CHECK(shown.ends_with("_end"));
  CHECK(letter * text_width(shown) <= 200);
  CHECK(letter * text_width(shown) > 180);
  const std::vector<std::string> lines =
      lines_within("first " + formula + " a b c " + formula + " " + formula + " last", 200);
  REQUIRE(lines.size() == 3);
  CHECK(lines.front() == "first");
  CHECK(lines[1].find("…") != std::string::npos);
  CHECK(lines.back() == "last");
}

TEST_CASE("a label of hundreds of letters without a blank is shortened, not made small") {
  for (const std::string& label :
       {std::string(400, 'x'), "(error_test-" + std::string(350, 'y') + ")/error_train", std::string("error_test")}) {
    DrawnFigure figure = panels("nngp", DrawnCurve::Style::points, 2500, false);
    figure.y_label = label;
    for (const std::string& piece : draw_pieces(figure)) {
      CHECK(faults_of(piece).empty());
      const std::regex turned("<text([^>]*) transform=\"[^\"]*rotate"), small("font-size:([0-9.]+)px");
      std::smatch tag, size;
      REQUIRE(std::regex_search(piece, tag, turned));
      const std::string style = tag[1];
      if (std::regex_search(style, size, small)) CHECK(std::stod(size[1]) >= 0.75 * letter - 0.11);
    }
  }
}

TEST_CASE("a legend of many long names is no taller than its plot, and has them whole for the pointer") {
  const auto height_of = [](const std::string& name, std::size_t curves) {
    DrawnFigure figure{.name = "f", .slug = "f", .caption = "", .x_label = "x", .y_label = "y"};
    Panel panel;
    for (std::size_t k = 0; k < curves; ++k)
      panel.curves.push_back(curve(name + " = " + std::to_string(k) + "; " + std::string(200, 'z'), "",
                                   DrawnCurve::Style::points, k, 2500));
    figure.panels = {panel};
    std::string svg;
    const double height = draw_legend(svg, figure, panel, 0);
    return std::pair(height, svg);
  };
  const auto [tall, many] = height_of(names[2], most_curves);
  CHECK(tall <= 17 * (most_curves + 1) + 10);  // a line each below what they have in common
  CHECK(many.find("<title>") != std::string::npos);
  const auto [low, few] = height_of(names[2], 2);
  CHECK(low > 2 * 17 + 10);  // several lines each
  CHECK(low < 220);
}

TEST_CASE("the strip of residuals says which theory they are differences from") {
  const auto pieces = draw_pieces(panels("nngp", DrawnCurve::Style::points, 2500, false));
  CHECK(pieces.at(1).find("Δ: difference from nngp") != std::string::npos);
  CHECK(pieces.at(0).find("Δ: ") == std::string::npos);
}

}  // namespace figure_texts
}  // namespace fieldscan::analysis
