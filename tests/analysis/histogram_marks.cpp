#include "../../src/analysis/figure/gnuplot.hpp"
#include "../../src/analysis/figure/histogram.hpp"
#include "../../src/analysis/figure/make.hpp"
#include "../../src/analysis/figure/ranges.hpp"
#include "../../src/analysis/figure/svg.hpp"
#include "../../src/analysis/figure/table.hpp"
#include "catch.hpp"
#include "synthetic.hpp"

/// What histograms say of their members, and how many of them a panel holds.
namespace fieldscan::analysis {
namespace histogram_marks {
namespace {

namespace syn = fieldscan::analysis::synthetic;

/// One histogram per width, of 8 chains each.
DrawnFigure histograms(Table table) {
  scan::Figure figure{.name = "dist", .plot = {{.text = "error_test", .place = {}}}, .by = {"width"}};
  figure.kind = scan::Histogram{};
  return make_figures(syn::make_context(table), {figure}, {}).at(0);
}

Table chains(const std::vector<double>& widths) {
  Table table = syn::make_table({.widths = widths, .draws = 4, .initialisations = 2});
  syn::add_errors(table, 3, {.draws = 0.2, .rest = 0.1}, 1, 4);
  return table;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace
TEST_CASE("a histogram of chains that did not equilibrate says so in its legend, caption and table") {
  Table table = chains({64, 128});
  for (Member& member : table.points[0].measured.members) member.outcome = Outcome::not_equilibrated;
  table.points[1].measured.members[0].outcome = Outcome::diverged;
  table.points[1].measured.members[0].rows.clear();
  const DrawnFigure figure = histograms(table);
  const auto& curves = figure.panels.at(0).curves;
  REQUIRE(curves.size() == 2);
  for (std::size_t k = 0; k < curves[0].x.size(); ++k) {
    CHECK(curves[0].unsettled.at(k) == 1);
    CHECK(curves[1].unsettled.at(k) == 0);
  }
  CHECK(columns_of(curves[0].basis.at(0)) == "8,8,not_equilibrated");
  CHECK(columns_of(curves[1].basis.at(0)) == "7,8,diverged");
  CHECK(has(table_of(figure), ",8,8,not_equilibrated,1\n"));
  CHECK(has(table_of(figure), ",7,8,diverged,0\n"));
  CHECK(has(figure.caption, "Crossed in the legend (1 of 2 outlines): no chain equilibrated."));
  const std::string svg = draw_svg(figure, Surroundings::standalone);
  CHECK(has(svg, ">no chain equilibrated<"));
  CHECK(has(svg, "l9 9m0 -9l-9 9"));
  CHECK(has(script_of(figure), "(none settled)"));
  const DrawnFigure sound = histograms(chains({64, 128}));
  CHECK_FALSE(has(draw_svg(sound, Surroundings::standalone), "l9 9m0 -9l-9 9"));
  CHECK_FALSE(has(sound.caption, "Crossed"));
  CHECK_FALSE(has(script_of(sound), "settled"));
}

TEST_CASE("histograms stand on zero, and six of them share a panel at most") {
  const DrawnFigure figure = histograms(chains({16, 32, 64, 128, 256, 512, 1024, 2048}));
  const Panel& panel = figure.panels.at(0);
  CHECK(axes_of(figure, panel).y.low == 0);
  CHECK(panel.curves.size() == 6);
  CHECK(panel.left_out == 2);
  CHECK(has(figure.caption, "More than 6 outlines hide each other"));
  CHECK_FALSE(has(histograms(chains({64, 128})).caption, "outlines"));
}

}  // namespace histogram_marks
}  // namespace fieldscan::analysis
