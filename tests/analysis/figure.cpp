#include "../../src/analysis/figure/make.hpp"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "../../src/analysis/figure/axis.hpp"
#include "../../src/analysis/figure/files.hpp"
#include "../../src/analysis/figure/gnuplot.hpp"
#include "../../src/analysis/figure/histogram.hpp"
#include "../../src/analysis/figure/slug.hpp"
#include "../../src/analysis/figure/svg.hpp"
#include "../../src/analysis/figure/table.hpp"
#include "../../src/analysis/figure/validity_map.hpp"
#include "../../src/analysis/test/evaluate.hpp"
#include "../../src/analysis/verdict/family.hpp"
#include "../../src/analysis/verdict/judge.hpp"
#include "catch.hpp"
#include "synthetic.hpp"
#include "temporary.hpp"

using namespace fieldscan;
using namespace fieldscan::analysis;
namespace syn = fieldscan::analysis::synthetic;

namespace {

scan::Curves curves_of(scan::Scale scale, const std::string& with = "nngp") {
  scan::Curves curves{.versus = {{.text = "width", .place = {}}}, .scale = scale};
  if (!with.empty()) curves.with = {{.text = with}};
  return curves;
}

scan::Figure figure_of(const std::string& plot, scan::FigureKind kind) {
  return {.name = "Error <of> & width", .plot = {{.text = plot, .place = {}}}, .kind = std::move(kind)};
}

scan::Formula formula(const std::string& text) { return {.text = text, .place = {}}; }

std::size_t count(const std::string& text, const std::string& what) {
  std::size_t n = 0;
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += what.size()) ++n;
  return n;
}

}  // namespace

TEST_CASE("ticks are round and cover the axis") {
  const PlotAxis linear = make_axis({0.13, 0.87}, false);
  CHECK(linear.low < 0.13);
  CHECK(linear.high > 0.87);
  CHECK(linear.ticks.size() >= 4);
  CHECK(linear.position(linear.low) == 0);
  const PlotAxis log = make_axis({16, 1024, -3}, true);
  CHECK(log.log);
  bool hundred = false;
  for (const auto& tick : log.ticks) hundred |= tick.label == "100";
  CHECK(hundred);
  CHECK_FALSE(make_axis({-1, -2}, true).log);
  // Between neighbouring numbers there is no room for ticks.
  for (const double value : {0.3, 1e300, 1e-300}) {
    const PlotAxis narrow = make_axis({value, std::nextafter(value, 2 * value)}, false);
    CHECK(narrow.low < value);
    CHECK((narrow.ticks.size() >= 3 && narrow.ticks.size() < 20));
  }
}

TEST_CASE("a figure has every point, escapes its texts, and its files are complete") {
  Table table = syn::make_table({});
  syn::add_errors(table, 3, {.draws = 0.2, .rest = 0.05});
  const Context context = syn::make_context(table);
  const auto figures = make_figures(context, {figure_of("error_test", curves_of(scan::Scale::log_x))}, {});
  REQUIRE(figures.size() == 1);
  REQUIRE(figures[0].panels.size() == 1);
  REQUIRE(figures[0].panels[0].curves.size() == 2);
  CHECK(figures[0].panels[0].curves[0].x == std::vector<double>{64, 128, 256, 512, 1024});
  for (std::size_t k = 0; k < 5; ++k) {
    CHECK(figures[0].panels[0].curves[0].low[k] < figures[0].panels[0].curves[0].y[k]);
    CHECK(figures[0].panels[0].curves[0].high[k] > figures[0].panels[0].curves[0].y[k]);
  }
  const std::string svg = draw_svg(figures[0], Surroundings::standalone);
  CHECK(count(svg, "<circle") == 11);  // five points, their residuals, and the legend
  CHECK(svg.find("Error &lt;of&gt; &amp; width") != std::string::npos);
  CHECK(svg.find("nan") == std::string::npos);
  const auto directory = fieldscan::test::temporary("figure");
  std::filesystem::remove_all(directory);
  std::filesystem::create_directories(directory);
  write_figure_files(figures[0], directory);
  for (const char* extension : {".svg", ".csv", ".gp"})
    CHECK(std::filesystem::file_size(directory / ("error-of-width" + std::string(extension))) > 100);
  std::ifstream csv(directory / "error-of-width.csv");
  std::stringstream text;
  text << csv.rdbuf();
  CHECK(count(text.str(), "\n") == 1 + 5 + 5 + 5);  // names of the columns, measurement, theory, residuals
  std::filesystem::remove_all(directory);
}

TEST_CASE("a logarithmic axis has its ticks at values that are few, short and apart") {
  const std::vector<double> widths{16, 32, 64, 128};
  const PlotAxis at_values = make_axis(widths, true, Ticks::at_values);
  REQUIRE(at_values.ticks.size() == 4);
  CHECK(at_values.ticks[3].label == "128");
  const PlotAxis two = make_axis({32, 128}, false, Ticks::at_values);
  REQUIRE(two.ticks.size() == 2);
  CHECK((two.ticks[0].label == "32" && two.ticks[1].label == "128"));
  CHECK(make_axis({1, 2, 3, 4, 5, 6, 7}, false, Ticks::at_values).ticks.front().label == "1");
  CHECK(make_axis({1, 1.01, 7}, false, Ticks::at_values).ticks.size() > 3);
  CHECK(make_axis({16, 16.5, 128}, true, Ticks::at_values).ticks.size() > 3);  // they would overlap
  CHECK(make_axis({0.0447214, 0.2, 0.894427}, true, Ticks::at_values).ticks[0].label != "0.0447214");
}

TEST_CASE("residuals are differences in their own standard error") {
  Table table = syn::make_table({});
  syn::add_errors(table, 3, {.draws = 0.2, .rest = 0.05}, 1.5);
  const Context context = syn::make_context(table);
  const auto figures = make_figures(context, {figure_of("error_test", curves_of(scan::Scale::log_x))}, {});
  REQUIRE(figures.at(0).panels.at(0).residuals.size() == 1);
  // The theory is half too high: far beyond three standard errors, and below zero.
  for (const double r : figures[0].panels[0].residuals[0].y) CHECK(r < -3);
}

TEST_CASE("the fit of a test is drawn over its window, in figures of the same formula") {
  Table table = syn::make_table({});
  syn::add_predictors(table, 5, 40, 8, -1, 0.05);
  const Context context = syn::make_context(table);
  const auto falls = [](const std::string& versus) {
    return scan::Test{.name = "falls",
                      .of = {formula("deviation(nngp)")},
                      .kind = scan::PowerLaw{.versus = {formula(versus)}, .window = scan::Window(128, 1024)}};
  };
  const scan::Test test = falls("width");
  const scan::Figure figure = figure_of("deviation(nngp)", curves_of(scan::Scale::log_log, ""));
  const auto figures = make_figures(context, {figure}, {test});
  REQUIRE(figures.size() == 1);  // the declared figure stands for the test
  const Panel& panel = figures[0].panels.at(0);
  REQUIRE(panel.curves.size() == 2);
  const DrawnCurve& fit = panel.curves[1];
  CHECK(fit.dash == fit_dash);
  CHECK(fit.x.front() == Approx(128));
  CHECK(fit.x.back() == Approx(1024));
  CHECK(std::log(fit.y.back() / fit.y.front()) / std::log(8.0) == Approx(-1).margin(0.1));
  CHECK(fit.y.front() == Approx(8.0 / 128).epsilon(0.15));
  REQUIRE(panel.window.has_value());
  // Another abscissa: no fit, and a figure of its own.
  CHECK(make_figures(context, {figure}, {falls("width * width")}).at(0).panels.at(0).curves.size() == 1);
}

TEST_CASE("the curves of a collapse are drawn one by one, over the common abscissa") {
  Table table;
  table.axes = {{"network.width", "width"}, {"data.train_size", "train_size"}};
  for (const double size : {16.0, 32.0}) {
    Table part = syn::make_table({.widths = {64, 128, 256}});
    syn::add_errors(part, 3, {.draws = 0.2, .rest = 0.05});
    for (TablePoint& point : part.points) {
      point.point.names[1].value = size;
      table.points.push_back(point);
    }
  }
  const scan::Test test{.name = "one curve",
                        .of = {formula("error_test")},
                        .kind = scan::Collapse{.versus = {formula("width/train_size")}, .over = {"train_size"}}};
  const auto figures = make_figures(syn::make_context(table), {}, {test});
  REQUIRE(figures.size() == 1);
  REQUIRE(figures[0].panels.at(0).curves.size() == 2);
  CHECK(figures[0].panels[0].curves[0].x == std::vector<double>{4, 8, 16});
  CHECK(figures[0].panels[0].curves[1].x == std::vector<double>{2, 4, 8});
  CHECK(figures[0].panels[0].curves[1].label == "train_size = 32");
}

TEST_CASE("histograms have density one") {
  const std::vector<double> values{0, 0.1, 0.1, 0.5, 0.9, 1};
  const DrawnCurve curve = histogram_of(values, 0, 1, 4);
  CHECK(curve.x == std::vector<double>{0.125, 0.375, 0.625, 0.875});
  double sum = 0;
  for (const double y : curve.y) sum += 0.25 * y;
  CHECK(sum == Approx(1));
  CHECK(curve.y[0] == Approx(3 / 6.0 / 0.25));
  CHECK(curve.y[3] == Approx(2 / 6.0 / 0.25));  // the largest value belongs to the last bin
}

TEST_CASE("a map of validity says where a theory holds, fails, or is open") {
  Table table;
  table.axes = {{"network.width", "width"}, {"data.train_size", "train_size"}};
  for (const double size : {16.0, 32.0}) {
    Table part = syn::make_table({.widths = {64, 128, 256}});
    // One theory is right, the other 20 % off.
    syn::add_errors(part, 3, {.draws = 0.2, .rest = 0.05}, size == 16 ? 1.0 : 1.2);
    for (TablePoint& point : part.points) {
      point.point.names[1].value = size;
      table.points.push_back(point);
    }
  }
  table.points.push_back(table.points[0]);  // of another block, in which the test does not look
  table.points.back().point.names[0].value = 32.0;
  table.points.back().point.block = 1;
  const Context context = syn::make_context(table);
  const scan::Test test{.name = "agrees",
                        .of = {formula("error_test")},
                        .where = formula("width >= 128"),  // the map shows the other widths too
                        .kind = scan::Agreement{.with = {.text = "nngp"}, .within = scan::Margin{0.1, true}}};
  std::vector<std::string> taken;
  const auto maps = validity_maps(context, {test, test}, taken);
  REQUIRE(maps.size() == 1);  // the same comparison once
  REQUIRE(maps[0].maps.size() == 1);
  const Map& map = maps[0].maps[0];
  CHECK(map.xs == std::vector<std::string>{"64", "128", "256"});
  CHECK(map.ys == std::vector<std::string>{"16", "32"});
  REQUIRE(map.cells.size() == 6);
  for (const MapCell& cell : map.cells) CHECK(cell.word == (cell.y == "16" ? "holds" : "fails"));
  const std::string svg = draw_svg(maps[0], Surroundings::page);
  CHECK(svg.find("holds") != std::string::npos);
  CHECK(count(table_of(maps[0]), "\n") == 7);
  CHECK(script_of(maps[0]).find("boxxyerror") != std::string::npos);
}

TEST_CASE("a map of validity says of a test's own statements what its words say") {
  // 24 draws that spread by 5 %: some of the widths lie beyond their own 95 % interval, which is not enough for one of
  // eight.
  std::vector<double> widths{16, 32, 64, 128, 256, 512, 1024, 2048};
  std::size_t alone = 0;
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    Table table;
    table.axes = {{"network.width", "width"}, {"data.train_size", "train_size"}};
    for (const double size : {16.0, 32.0}) {
      Table part = syn::make_table({.widths = widths, .initialisations = 1});
      syn::add_errors(part, seed + static_cast<std::uint64_t>(100 * size), {.rest = 0.05}, 1.03);
      for (TablePoint& point : part.points) {
        point.point.names[1].value = size;
        table.points.push_back(point);
      }
    }
    const Context context = syn::make_context(table);
    const scan::Test test{.name = "agrees",
                          .of = {formula("error_test")},
                          .kind = scan::Agreement{.with = {.text = "nngp"}, .within = scan::Margin{0.01, true}}};
    const TestResult result = evaluate_tests(context, std::vector{test}).at(0);
    std::vector<std::string> taken;
    const auto maps = validity_maps(context, {test}, taken);
    REQUIRE(result.parts.size() == 16);
    std::map<std::string, std::size_t> words, verdicts;
    for (const MapCell& cell : maps.at(0).maps.at(0).cells) ++words[cell.word];
    for (const auto& part : result.parts)
      ++verdicts[part.verdict == Verdict::supported      ? "holds"
                 : part.verdict == Verdict::contradicted ? "fails"
                                                         : "open"];
    CHECK(words == verdicts);
    for (const Finding& finding : statements_of(context, test))
      alone += !finding.inside && finding.p < error_rate && verdict_of(finding, 16) == Verdict::undecided ? 1 : 0;
  }
  CHECK(alone > 0);  // there was something to tell apart
}

TEST_CASE("a figure that can not be made says why, and the others are drawn") {
  Table table = syn::make_table({});
  syn::add_errors(table, 3, {.draws = 0.2, .rest = 0.05});
  Context context = syn::make_context(table);
  context.resolve = [resolve = context.resolve](const std::string& text) {
    if (text == "broken") throw std::runtime_error("a reason");
    return resolve(text);
  };
  const auto figures = make_figures(
      context,
      {figure_of("broken", curves_of(scan::Scale::log_x)), figure_of("error_test", curves_of(scan::Scale::log_x))}, {});
  REQUIRE(figures.size() == 2);
  CHECK(figures[0].empty());
  CHECK(figures[0].caption.find("a reason") != std::string::npos);
  CHECK_FALSE(figures[1].empty());
}

TEST_CASE("figures of the same name get different files") {
  std::vector<std::string> taken;
  CHECK(slug_of("A b", taken) == "a-b");
  CHECK(slug_of("a, B!", taken) == "a-b-2");
  CHECK(slug_of("χ²", taken) == "figure");
  CHECK(slug_of("../../etc/passwd", taken) == "etc-passwd");
  const std::string longest = slug_of(std::string(280, 'x'), taken);
  CHECK(longest.size() == 100);
  CHECK(slug_of(std::string(281, 'x'), taken) == longest + "-2");
}

TEST_CASE("where a theory does not apply its curve is interrupted, and what is beyond its range is another one") {
  Table table = syn::make_table({});
  syn::add_errors(table, 3, {.draws = 0.2, .rest = 0.05});
  const auto spoil = [&](std::size_t k, auto change) {
    auto series = std::make_shared<Series>(*table.points[k].theories.at("nngp"));
    for (Member& member : series->members) change(member);
    table.points[k].theories["nngp"] = series;
  };
  spoil(2, [](Member& member) {  // width 256
    member.rows.clear();
    member.outcome = Outcome::not_applicable;
    member.reason = "it is for narrow networks";
  });
  spoil(4, [](Member& member) { member.rows[0].flag = Flag::outside_validity; });  // width 1024
  const Context context = syn::make_context(table);
  const auto figures = make_figures(context, {figure_of("error_test", curves_of(scan::Scale::log_x))}, {});
  REQUIRE(figures.size() == 1);
  const auto& curves = figures[0].panels.at(0).curves;
  REQUIRE(curves.size() == 3);
  CHECK(curves[1].x == std::vector<double>{64, 128, 512});
  CHECK(curves[1].gaps == std::vector<double>{256});
  CHECK(curves[1].joined(1));
  CHECK_FALSE(curves[1].joined(2));
  CHECK(curves[2].x == std::vector<double>{1024});
  CHECK(curves[2].with == "nngp beyond its stated range");
  CHECK(figures[0].caption.find("nngp is missing at 1 of 5 points") != std::string::npos);
  CHECK(figures[0].caption.find("narrow networks") != std::string::npos);
  CHECK(table_of(figures[0]).find(",nngp,256,NaN,NaN,NaN,,,,0\n") != std::string::npos);
  // Residuals of 64, 128, 512 alone.
  REQUIRE(figures[0].panels[0].residuals.size() == 1);
  CHECK(figures[0].panels[0].residuals[0].x == std::vector<double>{64, 128, 512});
  const std::string svg = draw_svg(figures[0], Surroundings::standalone);
  CHECK(svg.find("nngp beyond its stated range") != std::string::npos);
  // Two pieces of the line: two dashes alone, of 512 and of 1024, stand for single points.
  CHECK(count(svg, "h14\"") == 2);
}

TEST_CASE("panels above each other have one left margin in gnuplot") {
  Table table = syn::make_table({});
  syn::add_errors(table, 3, {.draws = 0.2, .rest = 0.05});
  const Context context = syn::make_context(table);
  const auto figures = make_figures(context, {figure_of("1e7*error_test", curves_of(scan::Scale::log_x, ""))}, {});
  REQUIRE(figures.size() == 1);
  const std::string script = script_of(figures[0]);
  CHECK(count(script, "set lmargin") == 1);
  CHECK(script.find("set lmargin") < script.find("set multiplot"));
}

TEST_CASE("in a picture for papers the residuals are less than half as high as what they belong to") {
  Table table = syn::make_table({});
  syn::add_errors(table, 3, {.draws = 0.2, .rest = 0.05});
  const Context context = syn::make_context(table);
  const auto figures = make_figures(context, {figure_of("error_test", curves_of(scan::Scale::log_x, "nngp"))}, {});
  REQUIRE(figures.size() == 1);
  REQUIRE_FALSE(figures[0].panels[0].residuals.empty());
  const std::string script = script_of(figures[0]);
  std::vector<double> heights;
  for (auto at = script.find("set size 1"); at != std::string::npos; at = script.find("set size 1", at + 1))
    heights.push_back(std::stod(script.substr(script.find(',', at) + 1)));
  REQUIRE(heights.size() == 2);
  CHECK(heights[0] > 2 * heights[1]);
  CHECK(heights[0] + heights[1] == Approx(1).margin(1e-5));
}

TEST_CASE("in a picture for papers a point alone is seen, and a key has as many columns as its names leave room for") {
  Table table = syn::make_table({});
  syn::add_errors(table, 3, {.draws = 0.2, .rest = 0.05});
  const Context context = syn::make_context(table);
  const auto figures = make_figures(context, {figure_of("error_test", curves_of(scan::Scale::log_x, "nngp"))}, {});
  REQUIRE(figures.size() == 1);
  DrawnFigure figure = figures[0];
  const auto columns = [&] {
    const std::string script = script_of(figure), word = "maxcols ";
    return std::stod(script.substr(script.find(word) + word.size()));
  };
  CHECK(columns() > 1);
  CHECK(script_of(figure).find("linespoints pt 6") == std::string::npos);
  for (DrawnCurve& c : figure.panels[0].curves)
    for (std::vector<double>* numbers : {&c.x, &c.y, &c.low, &c.high})
      numbers->resize(std::min<std::size_t>(1, numbers->size()));
  CHECK(script_of(figure).find("linespoints pt 6") != std::string::npos);
  figure.panels[0].curves[0].label = std::string(200, 'a');
  CHECK(columns() == 1);
}

TEST_CASE("a test along an axis whose short name means something else is drawn along its full path") {
  Table table = syn::make_table({});
  syn::add_errors(table, 3, {.draws = 0.2, .rest = 0.05});
  Context context = syn::make_context(table);
  const auto resolve = context.resolve;
  context.resolve = [resolve](const std::string& formula) {
    if (formula == "width") throw std::runtime_error("'width' is a block of numbers");  // as `target` of data.target is
    return resolve(formula);
  };
  const scan::Test test{.name = "below", .of = {formula("error_test")}, .kind = scan::Bound{.below = 10}};
  const auto figures = make_figures(context, {}, {test});
  REQUIRE_FALSE(figures.empty());
  CHECK_FALSE(figures[0].empty());
  CHECK(figures[0].x_label == "width N");
}
