#include <set>

#include "../../src/analysis/figure/gnuplot.hpp"
#include "../../src/analysis/figure/make.hpp"
#include "../../src/analysis/figure/ranges.hpp"
#include "../../src/analysis/figure/svg.hpp"
#include "../../src/analysis/figure/table.hpp"
#include "catch.hpp"
#include "synthetic.hpp"

/// Curves of groups all of whose networks diverged, at some abscissas or at all: crosses, as maps have them.
namespace fieldscan::analysis {
namespace ended_marks_cases {
namespace {

namespace syn = fieldscan::analysis::synthetic;

scan::Formula formula(const std::string& text) { return {.text = text, .place = {}}; }
std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++n;
  return n;
}
bool has(const std::string& text, const std::string& part) { return count(text, part) > 0; }

constexpr const char* cross = "l7 7m0 -7l-7 7";

/// Six networks a point at widths 64, 128, 256 and so many training sizes; all of point (size, width) end so where
/// `ends` says so.
template <class Ends>
Table networks(const std::vector<double>& sizes, Outcome outcome, Ends ends) {
  Table table;
  table.axes = {{"network.width", "width"}, {"data.train_size", "train_size"}};
  for (const double size : sizes) {
    Table part = syn::make_table({.widths = {64, 128, 256}, .draws = 3, .initialisations = 2, .sampler = false});
    syn::add_errors(part, static_cast<std::uint64_t>(size), {.draws = 0.2, .rest = 0.05}, 1, 3);
    for (TablePoint& point : part.points) {
      point.point.names[1].value = size;
      if (ends(size, std::get<double>(point.point.names[0].value)))
        for (Member& m : point.measured.members) m.outcome = outcome, m.rows.clear();
      table.points.push_back(point);
    }
  }
  return table;
}

DrawnFigure drawn(const Table& table, const std::string& versus, const std::vector<std::string>& by = {}) {
  scan::Figure figure{.name = "figure", .plot = {formula("error_test")}, .by = by, .kind = {}};
  figure.kind = scan::Curves{.versus = {formula(versus)}};
  return make_figures(syn::make_context(table), {figure}, {}).at(0);
}

/// The networks of width 64 diverged at time 4, those of width 128 go on to 8.
Table in_time() {
  Table table = syn::make_table({.widths = {64, 128}, .draws = 3, .initialisations = 2, .sampler = false});
  for (TablePoint& point : table.points)
    for (Member& m : point.measured.members) {
      const bool lost = std::get<double>(point.point.names[0].value) == 64;
      for (const double t : {0.0, 1.0, 2.0, 4.0, 8.0})
        if (!lost || t < 4)
          m.rows.push_back({.observable = Observable::error_test,
                            .time = t,
                            .value = 1 / (1 + t) + 0.01 * static_cast<double>(m.draw)});
      if (lost) m.outcome = Outcome::diverged;
    }
  return table;
}

}  // namespace
TEST_CASE("an abscissa at which all networks diverged has a cross at the upper edge, in both drawings and the table") {
  const auto at_64 = [](double, double width) { return width == 64; };
  const DrawnFigure figure = drawn(networks({16}, Outcome::diverged, at_64), "width"),
                    whole = drawn(networks({16}, Outcome::diverged, [](double, double) { return false; }), "width");
  const std::string svg = draw_svg(figure, Surroundings::standalone), script = script_of(figure);
  CHECK(count(svg, cross) == 2);  // the point, and the legend
  CHECK(has(svg, ">all replicas diverged<"));
  CHECK(has(svg, "64: no number; 0 of 6 replicas; diverged"));
  CHECK(axes_of(figure, figure.panels.at(0)).x.contains(64));  // it was outside
  const PlotAxis room = axes_of(figure, figure.panels[0]).y, without = axes_of(whole, whole.panels.at(0)).y;
  CHECK(room.position(figure.panels[0].curves.at(0).high[0]) < 0.94);  // no point lies under it
  CHECK(without.position(whole.panels[0].curves.at(0).high[0]) > 0.94);
  CHECK(has(script, "with points pt 2 ps 0.9"));
  CHECK(has(script, "'all replicas diverged'"));
  CHECK(has(table_of(figure), ",64,,,,0,6,diverged,0\n"));
  CHECK(has(figure.caption, "A cross at the upper edge: all replicas diverged."));
  CHECK(has(figure.caption, "No numbers: at width = 64 (all 6 replicas diverged)."));
  for (const std::string& text : {draw_svg(whole, Surroundings::standalone), script_of(whole), whole.caption}) {
    CHECK_FALSE(has(text, cross));
    CHECK_FALSE(has(text, "diverged"));
    CHECK_FALSE(has(text, "pt 2 ps 0.9"));
  }
  const DrawnFigure failed = drawn(networks({16}, Outcome::numerical_error, at_64), "width");
  CHECK(has(draw_svg(failed, Surroundings::page), ">no replica has a number<"));
  CHECK(has(failed.caption, "A cross at the upper edge: no replica has a number."));
}

TEST_CASE("a group all of whose networks diverged has its colour, its crosses and its name in the legend") {
  const DrawnFigure figure = drawn(
      networks({16, 32, 48}, Outcome::diverged, [](double size, double width) { return size == 32 || width == 256; }),
      "width", {"train_size"});
  const std::string svg = draw_svg(figure, Surroundings::page), script = script_of(figure);
  CHECK(has(svg, ">32</text>"));
  CHECK(count(svg, cross) == 3 + 2 + 2);  // of 32, of the others at 256, in the legend
  CHECK(has(script, "'P = 32'"));
  CHECK(has(table_of(figure), ",train_size = 32,,128,,,,0,6,diverged,0\n"));
  std::set<std::string> places;  // groups that share an abscissa stand below each other
  for (auto at = svg.find(cross); at != std::string::npos; at = svg.find(cross, at + 1))
    places.insert(svg.substr(svg.rfind('M', at), at - svg.rfind('M', at)));
  CHECK(places.size() == count(svg, cross));
  const auto& curves = figure.panels.at(0).curves;
  REQUIRE(curves.size() == 2);
  CHECK(curves[0].colour == 0);
  CHECK(curves[1].colour == 2);
}

TEST_CASE("along time the cross stands where the last of the networks was seen, and where none was in the legend") {
  Table table = in_time();
  const DrawnFigure figure = drawn(table, "time");
  const std::string svg = draw_svg(figure, Surroundings::page);
  CHECK(count(svg, cross) == 3);  // in the plot, of the group and of what it means in the legend
  CHECK(has(svg, "N = 64; 2: no number; 0 of 6 replicas; diverged"));
  CHECK(has(figure.caption, "No numbers: width = 64 (all 6 replicas diverged)."));
  CHECK(has(figure.caption, "Of curves without a number the cross stands where the last of their networks was seen."));
  // Seen at the start alone, which has no place on a logarithmic axis: at its left end.
  for (Member& m : table.points[0].measured.members) std::erase_if(m.rows, [](const Row& row) { return row.time > 0; });
  DrawnFigure start = drawn(table, "time");
  start.log_x = true;
  CHECK(count(draw_svg(start, Surroundings::page), cross) == 3);
  CHECK(has(script_of(start), "($5>0?$5:"));
  for (Member& m : table.points[0].measured.members) m.rows.clear();
  const DrawnFigure unseen = drawn(table, "time");
  CHECK(count(draw_svg(unseen, Surroundings::page), cross) == 2);
  CHECK_FALSE(has(unseen.caption, "cross"));
  CHECK(has(draw_svg(unseen, Surroundings::page), ">64</text>"));
}

TEST_CASE("panels share the colours of groups, those too that have crosses alone in one of them") {
  Table table;
  for (const double noise : {0.0, 1.0}) {
    Table part = networks({16, 32, 48, 64}, Outcome::diverged,
                          [&](double size, double) { return size == (noise > 0 ? 64 : 32); });
    table.axes = part.axes;
    for (TablePoint& point : part.points) {
      point.point.names.push_back({"data.noise", noise});
      table.points.push_back(point);
    }
  }
  table.axes.push_back({"data.noise", "noise"});
  scan::Figure figure{.name = "figure",
                      .plot = {formula("error_test")},
                      .by = {"train_size"},
                      .each = {.text = "data.noise"},
                      .kind = scan::Curves{.versus = {formula("width")}}};
  const DrawnFigure panels = make_figures(syn::make_context(table), {figure}, {}).at(0);
  REQUIRE(panels.panels.size() == 2);
  for (std::size_t k = 0; k < 2; ++k) {
    const Panel& panel = panels.panels[k];
    REQUIRE(panel.ended.size() == 1);
    CHECK(panel.ended[0].colour == (k == 0 ? 1 : 3));
    CHECK(panel.ordered);
    CHECK_FALSE(colour_of(panel, panel.ended[0]).hex.empty());
    for (const DrawnCurve& c : panel.curves) CHECK(c.label == "train_size = " + std::to_string(16 * (c.colour + 1)));
  }
}

}  // namespace ended_marks_cases
}  // namespace fieldscan::analysis
