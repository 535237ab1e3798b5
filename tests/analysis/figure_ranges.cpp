// What axes of figures show: panels that share them, points that have no place, the end of trainings, single draws.
#include "../../src/analysis/figure/draws.hpp"
#include "../../src/analysis/figure/make.hpp"
#include "../../src/analysis/figure/order.hpp"
#include "../../src/analysis/figure/ranges.hpp"
#include "../../src/analysis/figure/svg.hpp"
#include "../../src/analysis/figure/table.hpp"
#include "../../src/analysis/formula/definition.hpp"
#include "catch.hpp"
#include "synthetic.hpp"

using namespace fieldscan;
using namespace fieldscan::analysis;
namespace syn = fieldscan::analysis::synthetic;

namespace {

scan::Formula formula(const std::string& text) { return {.text = text, .place = {}}; }

scan::Figure figure_of(const std::string& plot, scan::Curves curves) {
  return {.name = "figure", .plot = {formula(plot)}, .kind = std::move(curves)};
}

DrawnFigure drawn(const Table& table, const scan::Figure& figure) {
  return make_figures(syn::make_context(table), {figure}, {}).at(0);
}

/// Points with one value each.
DrawnCurve curve_of(std::vector<double> y) {
  DrawnCurve curve;
  for (std::size_t k = 0; k < y.size(); ++k) curve.x.push_back(static_cast<double>(k + 1));
  curve.y = curve.low = curve.high = std::move(y);
  curve.censored.assign(curve.x.size(), false);
  return curve;
}

DrawnFigure panels_of(const std::vector<std::vector<double>>& values, bool log_y) {
  DrawnFigure figure{.name = "panels", .slug = "panels", .caption = {}, .x_label = "x", .y_label = "y", .log_y = log_y};
  for (const auto& y : values) figure.panels.emplace_back().curves.push_back(curve_of(y));
  return figure;
}

/// Networks of four times, at rest from t = 2 on where they `stop`; with a theory that goes on.
Table in_time(double end) {
  Table table = syn::make_table({.widths = {64}, .draws = 8, .initialisations = 2, .sampler = false});
  table.points[0].point.spec.training = training::GradientDescent{};
  const auto add_times = [](Member& member, double shift) {
    for (const double t : {0.0, 1.0, 2.0, 4.0, 8.0})
      member.rows.push_back({.observable = Observable::error_test, .time = t, .value = 1 / (1 + t) + shift});
  };
  for (Member& member : table.points[0].measured.members) {
    add_times(member, 0.01 * syn::normal(5, "m", member.draw, member.initialisation));
    if (end < 8) member.rows.push_back({.observable = Observable::end_time, .time = 8, .value = end});
  }
  for (Member& member : syn::add_theory(table.points[0], "ntk", 8).members) add_times(member, 0);
  return table;
}

}  // namespace

TEST_CASE("panels share their axes unless each is to have its own") {
  DrawnFigure figure = panels_of({{1, 2, 3}, {100, 50, 20, 10}}, true);
  CHECK(axes_of(figure, figure.panels[0]).y.high < 10);
  figure.ranges = DrawnFigure::Ranges::shared;
  figure.panels[1].residuals.push_back(curve_of({-7, 2}));
  const PanelAxes first = axes_of(figure, figure.panels[0]), second = axes_of(figure, figure.panels[1]);
  CHECK(first.y.low == second.y.low);
  CHECK(first.y.high == second.y.high);
  CHECK(first.x.high == second.x.high);
  CHECK((first.y.contains(1) && first.y.contains(100) && first.x.contains(4)));
  CHECK(residual_axis(figure, figure.panels[0]).contains(-7));
  // One that lies very far out is an arrow, and flattens nothing; where many do they are shown.
  figure.panels[1].residuals.push_back(curve_of({1, -1, 2, 0.5, 1.5, -2, 1, 0, 2, 600}));
  const PlotAxis strip = residual_axis(figure, figure.panels[0]);
  CHECK((strip.contains(-7) && strip.high < 12 && !strip.contains(600)));
  figure.panels[1].residuals.push_back(curve_of({-400, 500, 450, 600, -550, 500}));
  CHECK(residual_axis(figure, figure.panels[0]).contains(600));
  // The file says which: shared where it says nothing.
  Table table = syn::make_table({.draws = 6});
  syn::add_errors(table, 3, {.draws = 0.2, .rest = 0.05});
  scan::Curves curves{.versus = {formula("width")}};
  CHECK(drawn(table, figure_of("error_test", curves)).ranges == DrawnFigure::Ranges::shared);
  curves.ranges = scan::Curves::Ranges::own;
  CHECK(drawn(table, figure_of("error_test", curves)).ranges == DrawnFigure::Ranges::own);
}

TEST_CASE("curves of defined numbers are not told apart by the axis that the numbers used up") {
  Table table = syn::make_table({.draws = 8});
  syn::add_errors(table, 3, {.draws = 0.2, .rest = 0.05});
  table.axes.push_back({"data.train_size", "train_size"});
  const std::vector<TablePoint> first = table.points;
  for (TablePoint point : first) {
    if (std::get<double>(point.point.names[0].value) < 128) continue;  // their first widths differ
    point.point.names[1].value = 32.0;
    point.point.id.high = 1;
    table.points.push_back(std::move(point));
  }
  Context context = syn::make_context(table);
  evaluate_definitions(context, {scan::Define{.name = "least",
                                              .kind = scan::Extreme<scan::ExtremeWord::minimum>{.along = "width"},
                                              .of = formula("error_test")}});
  REQUIRE(context.definitions.at("least").size() == 2);
  scan::Curves curves{.versus = {formula("train_size")}};
  const DrawnFigure figure = make_figures(context, {figure_of("least", curves)}, {}).at(0);
  REQUIRE(figure.panels.at(0).curves.size() == 1);  // one of two points, not two of one
  CHECK(figure.panels[0].curves[0].label.empty());
  CHECK(figure.panels[0].curves[0].x == std::vector<double>{16, 32});
}

TEST_CASE("a group has one colour in all panels, whatever others a panel lacks") {
  std::vector<Panel> panels(2);
  const auto add = [](Panel& panel, const std::string& label, std::size_t colour) {
    panel.curves.push_back(curve_of({1, 2}));
    panel.curves.back().label = label;
    panel.curves.back().colour = colour;
    DrawnCurve theory = panel.curves.back();
    theory.with = "nngp";
    panel.curves.push_back(theory);
    panel.residuals.push_back(theory);
    panel.marks.push_back({"best", 1.5, colour});
  };
  for (std::size_t k = 0; k < 4; ++k) add(panels[0], "width = " + std::to_string(32 << k), k);
  for (std::size_t k = 0; k < 2; ++k) add(panels[1], "width = " + std::to_string(128 << k), k);
  panels[1].curves.push_back(curve_of({3, 3}));
  panels[1].curves.back().with = "limit";
  panels[1].curves.back().colour = neutral_colour;
  share_colours(panels);
  for (std::size_t k = 0; k < 4; ++k) CHECK(panels[0].curves[2 * k].colour == k);
  for (std::size_t k = 0; k < 2; ++k) {
    CHECK(panels[1].curves[2 * k].colour == k + 2);
    CHECK(panels[1].curves[2 * k + 1].colour == k + 2);
    CHECK(panels[1].residuals[k].colour == k + 2);
    CHECK(panels[1].marks[k].colour == k + 2);
    CHECK(colour_of(panels[1], panels[1].curves[2 * k]).hex == colour_of(panels[0], panels[0].curves[2 * k + 4]).hex);
  }
  CHECK(panels[1].curves.back().colour == neutral_colour);
  CHECK((panels[0].ordered && panels[1].ordered));
  // A panel of one group, which has no name, has its own first colour.
  panels[1].curves = {curve_of({1})};
  share_colours(panels);
  CHECK(panels[1].curves[0].colour == 0);
}

TEST_CASE("a share of zero stretches no logarithmic axis, and one of zeros alone is linear") {
  // As `diverged` has it: zero with an interval, then shares of networks.
  DrawnFigure figure = panels_of({{0, 0, 0.25, 1}}, true);
  figure.panels[0].curves[0].high = {1e-9, 0.1, 0.6, 1};
  figure.panels[0].curves[0].low = {0, 0, 0.1, 1};
  const PlotAxis axis = axes_of(figure, figure.panels[0]).y;
  CHECK(axis.log);
  CHECK(axis.low > 0.04);
  CHECK(axis.low < 0.1);
  const DrawnFigure zeros = panels_of({{0, 0, 0}}, true);
  const PlotAxis linear = axes_of(zeros, zeros.panels[0]).y;
  CHECK_FALSE(linear.log);
  CHECK(linear.contains(0));
  CHECK(draw_svg(zeros, Surroundings::page).find("nan") == std::string::npos);
}

TEST_CASE("a logarithmic axis of numbers that nearly overflow ends") {
  for (const auto& values : {std::vector<double>{0.1, 1e301}, {1e-300, 1e300}, {1e-320, 1e308}}) {
    const PlotAxis axis = make_axis(values, true);
    CHECK(std::isfinite(axis.high));
    CHECK(axis.ticks.size() > 2);
    CHECK(axis.ticks.size() < 2000);
    CHECK(axis.position(1) > 0);
    CHECK(axis.position(1) < 1);
  }
}

TEST_CASE("one interval that is longer by far flattens no linear axis; where all are long all are whole") {
  DrawnFigure figure = panels_of({{0.3, 0.4, 0.5, 0.4, 1}}, false);
  DrawnCurve& c = figure.panels[0].curves[0];
  for (std::size_t k = 0; k < c.y.size(); ++k) c.low[k] = c.y[k] - 0.05, c.high[k] = c.y[k] + 0.05;
  c.low[4] = -40, c.high[4] = 42;
  const PlotAxis axis = axes_of(figure, figure.panels[0]).y;
  CHECK(axis.high < 2.5);
  CHECK(axis.low > -1);
  for (std::size_t k = 0; k < 4; ++k) CHECK((axis.contains(c.low[k]) && axis.contains(c.high[k])));
  CHECK(axis.contains(c.y[4]));
  const std::string cut = draw_svg(figure, Surroundings::page);
  for (std::size_t k = 0; k < c.y.size(); ++k) c.low[k] = c.y[k] - 41, c.high[k] = c.y[k] + 41;
  const PlotAxis wide = axes_of(figure, figure.panels[0]).y;
  for (std::size_t k = 0; k < c.y.size(); ++k) CHECK((wide.contains(c.low[k]) && wide.contains(c.high[k])));
  // A cap at either end that is inside the frame: eight of the four short ones, ten of all.
  const auto caps = [](const std::string& svg) {
    std::size_t count = 0;
    for (std::size_t at = svg.find("class=\"bar\""); at != std::string::npos; at = svg.find("class=\"bar\"", at + 1)) {
      const std::string bar = svg.substr(at, svg.find("/>", at) - at);
      for (std::size_t k = bar.find("h6"); k != std::string::npos; k = bar.find("h6", k + 1)) ++count;
    }
    return count;
  };
  CHECK(caps(cut) == 8);
  CHECK(caps(draw_svg(figure, Surroundings::page)) == 10);
}

TEST_CASE("curves end where the training of all networks has, theories along") {
  scan::Curves curves{.versus = {formula("time")}, .with = {{.text = "ntk"}}};
  const DrawnFigure whole = drawn(in_time(8), figure_of("error_test", curves)),
                    stopped = drawn(in_time(2), figure_of("error_test", curves));
  for (const DrawnCurve& c : whole.panels.at(0).curves) CHECK(c.x == std::vector<double>{0, 1, 2, 4, 8});
  CHECK(whole.caption.find("Curves end") == std::string::npos);
  for (const DrawnCurve& c : stopped.panels.at(0).curves) CHECK(c.x == std::vector<double>{0, 1, 2});
  CHECK(stopped.panels[0].curves.size() == 2);
  CHECK(stopped.caption.find("Curves end where the training of all networks had") != std::string::npos);
  // One network that goes on keeps the curve.
  Table some = in_time(2);
  std::erase_if(some.points[0].measured.members[3].rows,
                [](const Row& row) { return row.observable == Observable::end_time; });
  const DrawnFigure mixed = drawn(some, figure_of("error_test", curves));
  CHECK(mixed.panels.at(0).curves.at(0).x.size() == 5);
}

TEST_CASE("the points of single draws are the draws' own means, and their mean is the curve") {
  Table table = syn::make_table({.widths = {64, 256}, .draws = 6, .initialisations = 3, .sampler = false});
  syn::add_errors(table, 3, {.draws = 0.2, .rest = 0.05});
  scan::Curves curves{.versus = {formula("width")}, .with = {{.text = "nngp"}}};
  CHECK(drawn(table, figure_of("error_test", curves)).panels.at(0).curves.size() == 2);
  curves.draws = true;
  const DrawnFigure figure = drawn(table, figure_of("error_test", curves));
  REQUIRE(figure.panels.at(0).curves.size() == 3);
  const DrawnCurve &draws = figure.panels[0].curves[0], &mean = figure.panels[0].curves[1];
  CHECK(draws.style == DrawnCurve::Style::draws);
  CHECK(draws.with == "each data draw");
  REQUIRE(draws.x.size() == 12);
  for (std::size_t p = 0; p < 2; ++p) {
    double sum = 0;
    for (std::size_t r = 0; r < 6; ++r) {
      double own = 0;
      for (const Member& m : table.points[p].measured.members)
        if (m.draw == static_cast<std::int64_t>(r)) own += m.rows.at(0).value / 3;
      CHECK(draws.x[6 * p + r] == mean.x[p]);
      CHECK(draws.y[6 * p + r] == Approx(own).epsilon(1e-12));
      sum += draws.y[6 * p + r] / 6;
    }
    CHECK(sum == Approx(mean.y[p]).epsilon(1e-12));
  }
  CHECK(table_of(figure).find("0,,,each data draw,64,") != std::string::npos);
  CHECK(draw_svg(figure, Surroundings::standalone).find(R"(<path class="spots" d="M)") != std::string::npos);
  CHECK(figure.caption.find("Faint points") != std::string::npos);
}
