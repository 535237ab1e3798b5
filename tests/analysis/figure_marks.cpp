// What figures mark: chains that did not equilibrate, theories beyond their range, numbers without a logarithm; and how
// legends name what is of one observable.
#include <functional>
#include <set>

#include "../../src/analysis/figure/gnuplot.hpp"
#include "../../src/analysis/figure/make.hpp"
#include "../../src/analysis/figure/svg.hpp"
#include "../../src/analysis/figure/table.hpp"
#include "catch.hpp"
#include "synthetic.hpp"

namespace fieldscan::analysis {
namespace figure_marks_cases {
namespace {

namespace syn = fieldscan::analysis::synthetic;

scan::Formula formula(const std::string& text) { return {.text = text, .place = {}}; }

DrawnFigure drawn(const Table& table, const std::vector<std::string>& plot, const std::string& with = "") {
  scan::Curves curves{.versus = {formula("width")}, .scale = scan::Scale::log_x};
  if (!with.empty()) curves.with = {{.text = with}};
  scan::Figure figure{.name = "figure", .plot = {}, .kind = std::move(curves)};
  for (const std::string& of : plot) figure.plot.push_back(formula(of));
  return make_figures(syn::make_context(table), {figure}, {}).at(0);
}

std::size_t count(const std::string& text, const std::string& what) {
  std::size_t n = 0;
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += what.size()) ++n;
  return n;
}
bool has(const std::string& text, const std::string& what) { return count(text, what) > 0; }

constexpr const char* cross = "l9 9m0 -9l-9 9";

/// Chains that follow a theory; so many of the first width's 96 did not end as asked.
Table unsettled(std::size_t spoilt, Outcome outcome, bool sampler) {
  Table table = syn::make_table({.sampler = sampler});
  syn::add_errors(table, 3, {.draws = 0.2, .rest = 0.05});
  for (std::size_t k = 0; k < spoilt; ++k) table.points[0].measured.members[k].outcome = outcome;
  return table;
}

/// A second theory, `other`, which is beyond its range where `outside` says so.
Table with_other(const std::function<bool(double)>& outside) {
  Table table = syn::make_table({});
  syn::add_errors(table, 3, {.draws = 0.2, .rest = 0.05});
  for (TablePoint& point : table.points) {
    auto series = std::make_shared<Series>(*point.theories.at("nngp"));
    for (Member& member : series->members)
      if (outside(std::get<double>(point.point.names[0].value))) member.rows[0].flag = Flag::outside_validity;
    point.theories["other"] = series;
  }
  return table;
}

DrawnFigure logarithmic(std::vector<double> y) {
  DrawnFigure figure{.name = "figure", .slug = "figure", .caption = {}, .x_label = "x", .y_label = "y", .log_y = true};
  DrawnCurve& curve = figure.panels.emplace_back().curves.emplace_back();
  curve.style = DrawnCurve::Style::line;
  for (std::size_t k = 0; k < y.size(); ++k) curve.x.push_back(static_cast<double>(k + 1));
  curve.censored.assign(y.size(), false);
  curve.y = curve.low = curve.high = std::move(y);
  return figure;
}

}  // namespace

TEST_CASE("points on chains that did not equilibrate are crossed, as verdicts on them are marked") {
  const DrawnFigure sound = drawn(unsettled(0, Outcome::done, true), {"error_test"}, "nngp"),
                    figure = drawn(unsettled(6, Outcome::not_equilibrated, true), {"error_test"}, "nngp");
  CHECK_FALSE(has(draw_svg(sound, Surroundings::standalone), cross));
  CHECK_FALSE(has(sound.caption, "Crossed"));
  CHECK(figure.panels.at(0).curves.at(0).unsettled.at(0) == Approx(6.0 / 96));
  CHECK(figure.panels[0].curves[0].unsettled.at(1) == 0);
  const std::string svg = draw_svg(figure, Surroundings::standalone);
  CHECK(count(svg, cross) == 3);  // the point, its residual, and the legend
  CHECK(has(svg, "some chains did not equilibrate"));
  CHECK(has(figure.caption, "Crossed points (1 of 5 points): as many as 6.2 % of the chains did not equilibrate."));
  CHECK(has(table_of(figure), ",low,high,members,asked,flag,unsettled\n"));
  CHECK(has(table_of(figure), ",0.0625\n"));
  CHECK(has(script_of(figure), "$12>0"));
  CHECK_FALSE(has(script_of(sound), "$12>0"));
  // So many that no verdict is given on them: the point is there, its residual is not.
  const DrawnFigure lost = drawn(unsettled(48, Outcome::not_equilibrated, true), {"error_test"}, "nngp");
  CHECK(count(draw_svg(lost, Surroundings::page), cross) == 2);
  CHECK(has(draw_svg(lost, Surroundings::page), "some chains did not equilibrate"));
  const DrawnFigure none = drawn(unsettled(96, Outcome::not_equilibrated, true), {"error_test"});
  CHECK(has(draw_svg(none, Surroundings::page), "no chain equilibrated"));
  CHECK(has(script_of(none), "(none settled)"));
}

TEST_CASE("captions and legends count crossed points: one, some, all, and how much of each has not settled") {
  const auto where = [](const std::vector<std::size_t>& spoilt) {
    Table table = unsettled(0, Outcome::done, true);
    for (std::size_t p = 0; p < spoilt.size(); ++p)
      for (std::size_t k = 0; k < spoilt[p]; ++k)
        table.points[p].measured.members[k].outcome = Outcome::not_equilibrated;
    return drawn(table, {"error_test"});
  };
  const DrawnFigure mixed = where({6, 96}), every = where({6, 6, 6, 6, 6}), whole = where({96, 96, 96, 96, 96});
  CHECK(has(mixed.caption, "Crossed points (2 of 5 points): as many as 100 % of the chains did not equilibrate."));
  CHECK(has(draw_svg(mixed, Surroundings::page), ">some or all chains did not equilibrate<"));
  CHECK(has(script_of(mixed), "(some or all not settled)"));
  CHECK(has(every.caption, "Crossed points (none of 5 points settled): as many as 6.2 % of the chains"));
  CHECK(has(draw_svg(every, Surroundings::page), ">some chains did not equilibrate<"));
  CHECK(has(whole.caption, "Crossed points (none of 5 points settled): no chain equilibrated."));
  CHECK(has(draw_svg(whole, Surroundings::page), ">no chain equilibrated<"));
}

TEST_CASE("measured lines have crosses where their members have not settled, as points do") {
  const Table table = unsettled(6, Outcome::not_converged, false);
  scan::Figure figure{.name = "figure", .plot = {formula("error_test")}, .kind = {}};
  figure.kind = scan::Curves{.versus = {formula("width")}, .style = scan::Curves::Style::lines};
  const DrawnFigure lines = make_figures(syn::make_context(table), {figure}, {}).at(0);
  CHECK(count(draw_svg(lines, Surroundings::page), cross) == 2);  // the point, and the legend
  CHECK(has(draw_svg(lines, Surroundings::page), ">some networks did not converge<"));
  CHECK(has(script_of(lines), "$12>0"));
  CHECK(has(lines.caption, "Crossed points (1 of 5 points): "));
}

TEST_CASE("points on networks that did not converge are crossed, and a number of theories alone never is") {
  const Table table = unsettled(6, Outcome::not_converged, false);
  const DrawnFigure figure = drawn(table, {"error_test"});
  CHECK(has(draw_svg(figure, Surroundings::page), "some networks did not converge"));
  CHECK(has(figure.caption, "of the networks did not converge"));
  CHECK_FALSE(has(draw_svg(drawn(table, {"nngp.error_test"}), Surroundings::page), cross));
}

TEST_CASE("legends name theories where all that is plotted is one observable, and those beyond their range too") {
  const DrawnFigure figure = drawn(with_other([](double) { return true; }), {"nngp.error_test", "other.error_test"});
  CHECK(figure.common == "error_test");
  CHECK(figure.y_label == "test error ⟨(f − g)²⟩");
  const std::string svg = draw_svg(figure, Surroundings::standalone);
  for (const char* text : {">nngp</text>", ">other</text>", ">other beyond its stated range</text>"})
    CHECK(has(svg, text));
  const auto& curves = figure.panels.at(0).curves;
  REQUIRE(curves.size() == 2);
  CHECK(curves[0].colour != curves[1].colour);
  CHECK(has(script_of(figure), "'other beyond its stated range, other'"));
  // A third quantity has a colour of its own, and measurements are named so.
  Table table = with_other([](double) { return true; });
  const DrawnFigure three = drawn(table, {"other.error_test", "nngp.error_test", "error_test"});
  std::set<std::size_t> colours;
  for (const DrawnCurve& c : three.panels.at(0).curves) colours.insert(c.colour);
  CHECK(colours.size() == 3);
  CHECK(has(draw_svg(three, Surroundings::page), ">measured</text>"));
  // Different observables keep their words.
  CHECK(drawn(table, {"error_test", "2*error_test"}).common.empty());
}

TEST_CASE("one point alone beyond a theory's range is dashed as its line would be") {
  const DrawnFigure figure = drawn(with_other([](double width) { return width == 256; }), {"other.error_test"});
  REQUIRE(figure.panels.at(0).curves.size() == 2);
  const std::string svg = draw_svg(figure, Surroundings::standalone);
  CHECK(count(svg, "h14\"") == 1);
  CHECK(count(svg, R"(<path class="line d6" d="M)") == 2);  // the point, and the legend
  CHECK(has(script_of(figure), " dt (3,9) "));
  CHECK(has(svg, ".figure .d6{stroke-dasharray:1 3}"));
}

TEST_CASE("a theory's curve is its group's where the others are beyond its range, and of no group where it is of all") {
  // Two sizes: the theory of the larger one is inside its range, the other beyond it.
  const auto of_sizes = [](bool same, const std::function<bool(double size, double width)>& outside) {
    Table table;
    table.axes = {{"network.width", "width"}, {"data.train_size", "train_size"}};
    for (const double size : {16.0, 32.0}) {
      Table part = syn::make_table({.widths = {64, 128, 256}, .draws = 8});
      syn::add_errors(part, same ? 3 : static_cast<std::uint64_t>(size), {.draws = 0.2, .rest = 0.05}, 1, 8);
      for (TablePoint& point : part.points) {
        point.point.names[1].value = size;
        auto series = std::make_shared<Series>(*point.theories.at("nngp"));
        for (Member& member : series->members)
          if (outside(size, std::get<double>(point.point.names[0].value))) member.rows[0].flag = Flag::outside_validity;
        point.theories["nngp"] = series;
        table.points.push_back(point);
      }
    }
    scan::Figure figure{.name = "figure", .plot = {formula("error_test")}, .by = {"train_size"}, .kind = {}};
    figure.kind = scan::Curves{.versus = {formula("width")}, .with = {{.text = "nngp"}}};
    return make_figures(syn::make_context(table), {figure}, {}).at(0);
  };
  const DrawnFigure own = of_sizes(false, [](double size, double) { return size == 16; });
  std::size_t theories = 0;
  for (const DrawnCurve& c : own.panels.at(0).curves) {
    CHECK(c.label == (c.colour == 0 ? "train_size = 16" : "train_size = 32"));
    CHECK(c.colour != neutral_colour);
    theories += c.with.empty() ? 0 : 1;
  }
  CHECK(theories == 2);
  CHECK(has(table_of(own), ",train_size = 32,nngp,"));
  // One theory of both, which is beyond its range at the largest width: two pieces of no group.
  const DrawnFigure common = of_sizes(true, [](double, double width) { return width == 256; });
  theories = 0;
  for (const DrawnCurve& c : common.panels.at(0).curves) {
    CHECK(c.label.empty() == !c.with.empty());
    CHECK((c.colour == neutral_colour) == !c.with.empty());
    theories += c.with.empty() ? 0 : 1;
  }
  CHECK(theories == 2);
}

TEST_CASE("theories have bands up to four, and where there are more the caption says that they have none") {
  const auto of_groups = [](std::size_t groups) {
    Table table;
    table.axes = {{"network.width", "width"}, {"data.train_size", "train_size"}};
    for (std::size_t k = 0; k < groups; ++k) {
      Table part = syn::make_table({.widths = {64, 128}, .draws = 8});
      syn::add_errors(part, k + 1, {.draws = 0.2, .rest = 0.05}, 1, 8);
      for (TablePoint& point : part.points) {
        point.point.names[1].value = 16.0 * static_cast<double>(k + 1);
        table.points.push_back(point);
      }
    }
    scan::Figure figure{.name = "figure", .plot = {formula("error_test")}, .by = {"train_size"}, .kind = {}};
    figure.kind = scan::Curves{.versus = {formula("width")}, .with = {{.text = "nngp"}}};
    return make_figures(syn::make_context(table), {figure}, {}).at(0);
  };
  const DrawnFigure four = of_groups(4), five = of_groups(5);
  const auto bands = [](const DrawnFigure& figure) {
    DrawnFigure above = figure;  // without the strip of residuals, which has a band as well
    above.panels.at(0).residuals.clear();
    return count(draw_svg(above, Surroundings::page), "class=\"band\"");
  };
  CHECK(bands(four) == 4);
  CHECK(bands(five) == 0);
  CHECK_FALSE(has(four.caption, "Bands"));
  CHECK(has(five.caption, "Bands of theories are not drawn: 5 of them would cover each other"));
}

TEST_CASE("a measured number that mentions a theory beyond its range is a hollow point") {
  const DrawnFigure figure =
      drawn(with_other([](double width) { return width == 256; }), {"error_test - other.error_test"});
  const std::string svg = draw_svg(figure, Surroundings::standalone);
  CHECK(count(svg, "<circle class=\"hollow\"") == 2);  // the point, and the legend
}

TEST_CASE("numbers that are not above zero stand at the edge of a logarithmic axis, and are counted") {
  const DrawnFigure figure = logarithmic({0.1, 0, 0.2, -1});
  CHECK(unshown_words(figure) == "At zero or below, and shown by arrows: 2 points.");
  CHECK(count(draw_svg(figure, Surroundings::page), "<path class=\"bar\"") == 2);
  const DrawnFigure above = logarithmic({0.1, 0.2});
  CHECK(unshown_words(above).empty());
  CHECK(count(draw_svg(above, Surroundings::page), "<path class=\"bar\"") == 0);
  CHECK(unshown_words(logarithmic({0, -1})) == "The vertical axis is linear: none of 2 points is above zero.");
  DrawnFigure early = logarithmic({0.1, 0.2});
  early.log_x = true;
  early.panels[0].curves[0].x[0] = 0;
  early.panels[0].curves[0].label = "width = 8";
  CHECK(unshown_words(early) ==
        "At abscissas of zero or below, and shown by arrows at the left edge: 1 point (width = 8: 1).");
}

TEST_CASE("a legend bears a name of spaces alone") {
  DrawnFigure figure = logarithmic({0.1, 0.2});
  figure.panels[0].curves[0].label = "  ";
  CHECK(has(draw_svg(figure, Surroundings::standalone), "<g data-key=\"g0\">"));
}

TEST_CASE("a quantity without any number is told, with the reason") {
  const Table table = with_other([](double) { return false; });
  const DrawnFigure figure = drawn(table, {"error_test", "nngp.accuracy"});
  INFO(figure.caption);
  CHECK(has(figure.caption, "nngp.accuracy is not drawn: "));
}

}  // namespace figure_marks_cases
}  // namespace fieldscan::analysis
