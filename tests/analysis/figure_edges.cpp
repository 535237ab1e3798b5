#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "../../src/analysis/figure/gnuplot.hpp"
#include "../../src/analysis/figure/ranges.hpp"
#include "../../src/analysis/figure/svg.hpp"
#include "../../src/analysis/figure/table.hpp"
#include "catch.hpp"
#include "temporary.hpp"

/// What both drawings have at the edges of a plot: arrows towards what no axis holds, intervals that are cut, and why
/// an axis is not logarithmic.
namespace fieldscan::analysis {
namespace figure_edges {
namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++n;
  return n;
}
bool has(const std::string& text, const std::string& part) { return count(text, part) > 0; }

DrawnCurve curve(const std::vector<double>& x, const std::vector<double>& y, double half) {
  DrawnCurve c;
  c.x = x;
  c.y = y;
  for (const double value : y) c.low.push_back(value - half), c.high.push_back(value + half);
  c.censored.assign(x.size(), false);
  return c;
}

DrawnFigure figure_of(DrawnCurve c) {
  DrawnFigure figure{.name = "edges", .slug = "edges", .caption = {}, .x_label = "steps", .y_label = "loss"};
  figure.panels.emplace_back().curves.push_back(std::move(c));
  return figure;
}

/// Whether gnuplot, where it is installed, draws a figure without a word; in another locale it misses its degree sign.
void check_drawn_by_gnuplot(const DrawnFigure& figure) {
  if (std::system("command -v gnuplot > /dev/null 2>&1") != 0) return;
  const auto place = fieldscan::test::temporary("figure-edges");
  std::filesystem::remove_all(place);
  std::filesystem::create_directories(place);
  std::ofstream(place / "edges.csv") << table_of(figure);
  std::ofstream(place / "edges.gp") << script_of(figure);
  const std::string command = "cd '" + place.string() + "' && LC_ALL=C.UTF-8 gnuplot edges.gp > said 2>&1";
  CHECK(std::system(command.c_str()) == 0);
  std::ifstream said(place / "said");
  std::stringstream text;
  text << said.rdbuf();
  CHECK(text.str() == "");
  CHECK(std::filesystem::file_size(place / "edges-gnuplot.png") > 1000);
  std::filesystem::remove_all(place);
}

}  // namespace
TEST_CASE(
    "gnuplot has the arrows down to points that are not above zero, and the bars that hang from their intervals") {
  DrawnFigure figure = figure_of(curve({1, 2, 3, 4}, {0.5, -0.1, 0.3, -2}, 0.2));
  CHECK_FALSE(has(script_of(figure), "$6<=0"));  // a linear axis holds them
  figure.log_y = true;
  const std::string script = script_of(figure);
  CHECK(count(script, "with vectors nofilled") == 2);  // at the edge, and from an interval that reaches above it
  CHECK(has(script, "$6<=0 && (valid(8)?$8:$6)<="));
  CHECK(has(script, "$6<=0 && (valid(8)?$8:$6)>"));
  check_drawn_by_gnuplot(figure);
  figure.panels[0].curves[0].style = DrawnCurve::Style::line;
  CHECK(count(script_of(figure), "with vectors nofilled") == 1);
  check_drawn_by_gnuplot(figure);
  figure.panels[0].curves[0].dash = fit_dash;  // its abscissas are nobody's points: neither drawing marks them
  CHECK_FALSE(has(script_of(figure), "with vectors"));
  CHECK(count(draw_svg(figure, Surroundings::page), "class=\"bar\"") == 0);
}

TEST_CASE("gnuplot cuts intervals as the other drawings do, with caps where they end inside") {
  DrawnCurve c = curve({1, 2, 3, 4, 5}, {0.3, 0.4, 0.5, 0.4, 1}, 0.05);
  DrawnFigure whole = figure_of(c);
  CHECK_FALSE(has(script_of(whole), "with vectors"));
  CHECK(has(script_of(whole), "with yerrorbars lw 1.5 pt"));
  c.low[4] = -40, c.high[4] = 42;
  const DrawnFigure cut = figure_of(c);
  const PlotAxis y = axes_of(cut, cut.panels[0]).y;
  CHECK(y.high < 3);
  const std::string script = script_of(cut);
  CHECK(count(script, "with vectors nohead") == 3);  // bars, and caps at either end
  CHECK(has(script, fmt::format("min((valid(8)?$8:$6),{:.12g})", y.high)));
  CHECK(has(script, fmt::format("valid(8) && $8<{:.12g} ? ", y.high)));
  check_drawn_by_gnuplot(cut);
  DrawnFigure zero = figure_of(curve({1, 2, 3}, {0.5, 0.1, 0.3}, 0.2));
  zero.log_y = true;
  CHECK(has(script_of(zero), "((valid(7)?$7:$6)>0?(valid(7)?$7:$6):0.2*$6)"));
  check_drawn_by_gnuplot(zero);
}

TEST_CASE("points whose abscissa is not above zero are arrows at the left edge, counted, in both drawings") {
  for (const auto style : {DrawnCurve::Style::points, DrawnCurve::Style::line}) {
    DrawnFigure figure = figure_of(curve({0, 1, 10, 100}, {0.5, 0.4, 0.3, 0.2}, 0));
    figure.panels[0].curves[0].style = style;
    CHECK_FALSE(has(script_of(figure), "$5<=0"));
    figure.log_x = figure.log_y = true;
    CHECK(count(draw_svg(figure, Surroundings::page), "l-4 3l4 3\"") == 1);
    CHECK(count(script_of(figure), "($1==0 && $5<=0 ? ") == 1);
    CHECK(unshown_words(figure) == "At abscissas of zero or below, and shown by arrows at the left edge: 1 point.");
    check_drawn_by_gnuplot(figure);
  }
}

TEST_CASE("residuals beyond their strip are arrows in both drawings") {
  DrawnFigure figure = figure_of(curve({1, 2, 3}, {0.5, 0.4, 0.3}, 0.1));
  figure.panels[0].residuals.push_back(curve({1, 2, 3}, {1, -1, 2}, 0));
  CHECK_FALSE(has(script_of(figure), "with vectors"));
  std::vector<double> x, y;
  for (int k = 0; k < 40; ++k) x.push_back(k + 1), y.push_back(k % 3 - 1);
  y[3] = 600, y[8] = -600;
  figure.panels[0].residuals = {curve(x, y, 0)};
  CHECK(count(script_of(figure), "with vectors nofilled") == 2);
  check_drawn_by_gnuplot(figure);
}

TEST_CASE("an axis that should be logarithmic and is not says why, in both drawings and the caption") {
  DrawnFigure figure = figure_of(curve({1, 2, 3}, {0, -1, 0}, 0));
  CHECK_FALSE(has(draw_svg(figure, Surroundings::page), "linear"));
  figure.log_y = true;
  const auto written = [](const std::string& svg) {  // labels stand in several lines
    std::string text;
    for (auto at = svg.find("<text"); at != std::string::npos; at = svg.find("<text", at + 1)) {
      const auto from = svg.find('>', at) + 1;
      text += svg.substr(from, svg.find('<', from) - from) + " ";
    }
    return text;
  };
  CHECK(has(written(draw_svg(figure, Surroundings::page)), "loss (linear: none of 3 points is above zero)"));
  CHECK(has(script_of(figure), "set ylabel 'loss (linear: none of 3"));
  CHECK(has(script_of(figure), "above zero)'\n"));
  CHECK(unshown_words(figure) == "The vertical axis is linear: none of 3 points is above zero.");
  check_drawn_by_gnuplot(figure);
  // What was measured decides: a theory above zero does not make it logarithmic, and is not said to be below.
  DrawnCurve theory = curve({1, 2, 3}, {1, 2, 3}, 0);
  theory.style = DrawnCurve::Style::line;
  theory.with = "nngp";
  figure.panels[0].curves.push_back(theory);
  CHECK(unshown_words(figure) == "The vertical axis is linear: none of 3 points is above zero.");
  figure.panels[0].curves[0].y[1] = 1;
  CHECK_FALSE(has(written(draw_svg(figure, Surroundings::page)), "linear"));
  DrawnFigure start = figure_of(curve({0}, {1}, 0));
  start.log_x = true;
  CHECK(has(written(draw_svg(start, Surroundings::page)), "steps (linear: its only abscissa is not above zero)"));
  CHECK(unshown_words(start) == "The horizontal axis is linear: its only abscissa is not above zero.");
}

TEST_CASE("levels, marks and windows that the axes do not hold are in neither drawing") {
  DrawnFigure figure = figure_of(curve({1, 10, 100}, {0.5, 0.4, 0.3}, 0.1));
  figure.log_x = figure.log_y = true;
  Panel& panel = figure.panels[0];
  panel.marks = {{.name = "inside", .value = 5, .colour = 0}, {.name = "outside", .value = -3, .colour = 0}};
  panel.levels = {{"below 0", 0.0}};
  panel.window = {{-1.0, 1e6}};
  const std::string script = script_of(figure);
  CHECK(count(script, "set arrow from first 5,") == 1);
  CHECK_FALSE(has(script, "first -3,"));
  CHECK_FALSE(has(script, "first 0 "));
  CHECK_FALSE(has(script, "first -1,"));
  check_drawn_by_gnuplot(figure);
}

}  // namespace figure_edges
}  // namespace fieldscan::analysis
