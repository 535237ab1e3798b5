#include "../../src/analysis/export/csv.hpp"
#include "../../src/analysis/figure/along.hpp"
#include "../../src/analysis/figure/fewer.hpp"
#include "../../src/analysis/figure/gnuplot.hpp"
#include "../../src/analysis/figure/make.hpp"
#include "../../src/analysis/figure/ranges.hpp"
#include "../../src/analysis/figure/svg.hpp"
#include "../../src/analysis/figure/validity_map.hpp"
#include "../../src/analysis/quantity/observed.hpp"
#include "../../src/analysis/verdict/judge.hpp"
#include "catch.hpp"
#include "synthetic.hpp"

/// What figures, tables and verdicts say where replicas diverged: of survivors, of one alone, of none.
namespace fieldscan::analysis {
namespace losses_cases {
namespace {

namespace syn = fieldscan::analysis::synthetic;

scan::Formula formula(const std::string& text) { return {.text = text, .place = {}}; }
bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }
std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++n;
  return n;
}

void lose(Member& member) {
  member.outcome = Outcome::diverged;
  member.rows.clear();
}

/// Three draws with two networks each at widths 64 and 128, and a theory of each draw that does not depend on the
/// width; at width 64 the networks of the last `lost` draws diverged.
Table networks(std::int64_t lost) {
  Table table = syn::make_table({.widths = {64, 128}, .draws = 3, .initialisations = 2, .sampler = false});
  syn::add_errors(table, 3, {.draws = 0.2, .rest = 0.05}, 1, 3);
  for (Member& m : table.points[0].measured.members)
    if (m.draw >= 3 - lost) lose(m);
  return table;
}

/// The same with training sizes 16 and 32: at 16 all diverged, at 32 those of width 64.
Table deserts() {
  Table table;
  table.axes = {{"network.width", "width"}, {"data.train_size", "train_size"}};
  for (const double size : {16.0, 32.0}) {
    Table part = networks(3);
    for (TablePoint& point : part.points) {
      point.point.names[1].value = size;
      if (size == 16)
        for (Member& m : point.measured.members) lose(m);
      table.points.push_back(point);
    }
  }
  return table;
}

DrawnFigure drawn(const Table& table, scan::Figure figure) {
  figure.name = "figure";
  figure.plot = {formula("error_test")};
  return make_figures(syn::make_context(table), {figure}, {}).at(0);
}

scan::Figure against_width(const std::string& with = "") {
  scan::Curves curves{.versus = {formula("width")}};
  if (!with.empty()) curves.with = {{.text = with}};
  return {.kind = std::move(curves)};
}

const DrawnCurve& curve_with(const DrawnFigure& figure, const std::string& with) {
  const auto& curves = figure.panels.at(0).curves;
  const auto found = std::ranges::find(curves, with, &DrawnCurve::with);
  REQUIRE(found != curves.end());
  return *found;
}

/// Of four predictions that state an error of 0.02 those but the first `left` diverged.
Table predictions(std::size_t left) {
  Table table = syn::make_table({.widths = {64}, .draws = 2, .initialisations = 2, .sampler = false});
  Series& series = syn::add_theory(table.points[0], "dmft", 4);
  for (std::size_t k = 0; k < 4; ++k)
    if (k < left)
      series.members[k].rows = {{.observable = Observable::error_test, .value = 0.4, .standard_error = 0.02}};
    else
      lose(series.members[k]);
  return table;
}

Quantity predicted(const Table& table) {
  const Site site{0, {TimePick::Kind::end, 0}, std::nullopt, ""};
  return observe(table.points[0], "dmft", Observable::error_test, 0, site, std::nullopt);
}

/// Points at 0.1 k with intervals of that half width, of that many of ten replicas.
void add(DrawnCurve& curve, double half, std::int64_t members) {
  const double x = static_cast<double>(curve.x.size() + 1), y = 0.1 * x;
  curve.x.push_back(x);
  curve.y.push_back(y);
  curve.low.push_back(y - half);
  curve.high.push_back(y + half);
  curve.censored.push_back(false);
  curve.basis.push_back({.members = members, .asked = 10});
}

}  // namespace

TEST_CASE("a theory beside data is over all its predictions, whichever networks survive, and comparisons are paired") {
  const Table table = networks(2);
  const DrawnFigure figure = drawn(table, against_width("nngp"));
  const DrawnCurve& line = curve_with(figure, "nngp");
  REQUIRE(line.x.size() == 2);
  double mean = 0;
  for (const Member& m : table.points[0].theories.at("nngp")->members) mean += m.rows.at(0).value / 3;
  for (std::size_t k = 0; k < 2; ++k) {
    CHECK(line.y[k] == Approx(mean).epsilon(1e-12));
    CHECK(line.basis[k] == Basis{.members = 3, .asked = 3});
  }
  CHECK(has(figure.caption, "Lines of theories are over all their predictions"));
  CHECK_FALSE(has(drawn(networks(0), against_width("nngp")).caption, "Lines of theories"));
  const Context context = syn::make_context(table);
  const scan::Mentions error = context.resolve("error_test");
  const Site site{0, {TimePick::Kind::end, 0}, std::nullopt, ""};
  CHECK(evaluate_pair(context, {error, site}, {error, site, "nngp"}).b.basis.members == 1);
  CHECK(evaluate(context, error, site, "nngp").basis.members == 1);
  CHECK(evaluate(context, error, site, "nngp", Power::plain, Draws::own).basis.members == 3);
}

TEST_CASE("one prediction that is left of four has no interval, whatever it states of its own error") {
  const Quantity one = predicted(predictions(1)), two = predicted(predictions(2));
  CHECK(one.basis.members == 1);
  CHECK(std::isnan(estimate(one).standard_error));
  CHECK_FALSE(uncertainty_of(one));
  REQUIRE(uncertainty_of(two));
  CHECK(has(ensembles_csv(predictions(1)), ",0.4,,,,1,1,1,4,diverged\n"));
  // One of one that was asked for has what it states.
  Table single = predictions(1);
  auto series = std::make_shared<Series>(*single.points[0].theories.at("dmft"));
  series->members.resize(1);
  single.points[0].theories["dmft"] = series;
  REQUIRE(uncertainty_of(predicted(single)));
  CHECK(uncertainty_of(predicted(single))->standard_error == Approx(0.02));
}

TEST_CASE("a closed form has no interval of no width; one that is sampled has what its sampling leaves") {
  for (const double error : {0.0, 0.02}) {
    Table table = syn::make_table({.widths = {64}, .draws = 2, .initialisations = 2});
    syn::add_theory(table.points[0], "dmft", 1, Level::nothing).members[0].rows = {
        {.observable = Observable::error_test, .value = 0.4, .standard_error = error}};
    const auto known = uncertainty_of(predicted(table));
    CHECK(known.has_value() == (error > 0));
    if (known) CHECK(known->interval.high - 0.4 == Approx(1.96 * error).epsilon(1e-3));
    if (!known) CHECK(has(ensembles_csv(table), ",0.4,,,,"));
  }
}

TEST_CASE("the band of a theory has a hole where one prediction is left") {
  DrawnFigure figure{.name = "figure", .slug = "figure", .caption = {}, .x_label = "x", .y_label = "y"};
  DrawnCurve& curve = figure.panels.emplace_back().curves.emplace_back();
  curve.style = DrawnCurve::Style::line;
  curve.with = "dmft";
  for (const double half : {0.1, 0.1, 0.0, 0.1, 0.1}) add(curve, half, 10);
  const auto pieces = [&] {
    const std::string svg = draw_svg(figure, Surroundings::page);
    const auto begin = svg.find(R"(class="band" d=")") + 16;
    return count(svg.substr(begin, svg.find("\"/>", begin) - begin), "Z");
  };
  CHECK(pieces() == 1);
  curve.no_interval = {false, false, true, false, false};
  CHECK(pieces() == 2);
}

TEST_CASE("points of survivors have a dot beside them, and legend and caption say what it is") {
  const DrawnFigure whole = drawn(networks(0), against_width("nngp")),
                    figure = drawn(networks(2), against_width("nngp"));
  constexpr const char* dot = "r=\"1.8\"";
  CHECK(count(draw_svg(whole, Surroundings::page), dot) == 0);
  const std::string svg = draw_svg(figure, Surroundings::page);
  CHECK(count(svg, dot) == 2);  // the point, and the legend
  CHECK(has(svg, ">fewer replicas than asked</text>"));
  CHECK(has(figure.caption,
            "A dot beside a point: fewer replicas than asked, 2 of 6 at the least (at 64); the others diverged."));
  CHECK_FALSE(has(whole.caption, "A dot"));
  CHECK(has(script_of(figure), "$9<$10"));
  CHECK_FALSE(has(script_of(whole), "$9<$10"));
  Table running = networks(0);
  running.points[1].measured.wanted = 8;
  CHECK(has(drawn(running, against_width()).caption, "6 of 8 at the least (at 128); the others are not there yet."));
  Table both = networks(2);
  both.points[1].measured.wanted = 8;
  CHECK(has(drawn(both, against_width()).caption, "(at 64); the others diverged, or are not there yet."));
}

TEST_CASE("long intervals of a few survivors do not stretch an axis") {
  DrawnFigure figure{.name = "figure", .slug = "figure", .caption = {}, .x_label = "x", .y_label = "y"};
  DrawnCurve& curve = figure.panels.emplace_back().curves.emplace_back();
  for (int k = 0; k < 6; ++k) add(curve, 0.2, 10);
  for (const double half : {1.6, 12.0, 5.0}) add(curve, half, 2);
  const auto height = [&] {
    const PlotAxis y = axes_of(figure, figure.panels[0]).y;
    return y.high - y.low;
  };
  CHECK(height() < 3);
  DrawnCurve theory;
  theory.style = DrawnCurve::Style::line;
  theory.with = "flow";
  for (int k = 0; k < 6; ++k) add(theory, k == 3 ? 30.0 : 0.2, k == 3 ? 2 : 10);
  figure.panels[0].curves.push_back(theory);
  CHECK(height() < 3);
  figure.panels[0].curves.pop_back();
  for (Basis& basis : figure.panels[0].curves[0].basis)
    basis.members = 2;  // nothing else is there: nine tenths of them count
  CHECK(height() > 10);
}

TEST_CASE("captions say where all replicas ended without a number, and which panel there is not") {
  scan::Figure figure = against_width();
  figure.by = {"train_size"};
  CHECK(has(drawn(deserts(), figure).caption,
            "No numbers: train_size = 16; train_size = 32 at width = 64 (all 6 replicas diverged)."));
  figure = against_width();
  figure.each.text = "train_size";
  const DrawnFigure panels = drawn(deserts(), figure);
  CHECK(panels.panels.size() == 1);
  CHECK(has(panels.caption,
            "There is no panel of train_size = 16. No numbers: train_size = 16 (all 6 replicas diverged)."));
  CHECK(has(panels.caption, "No numbers: train_size = 32: at width = 64 (all 6 replicas diverged)."));
  CHECK_FALSE(has(drawn(networks(0), against_width()).caption, "No numbers"));
}

TEST_CASE("maps of comparisons have a cross where all replicas ended without a number") {
  const Table table = deserts();
  scan::Figure figure{.kind = scan::Regions{.versus = {formula("width"), formula("train_size")},
                                            .with = {{.text = "nngp"}},
                                            .within = scan::Margin{0.5, true}}};
  const DrawnFigure where = drawn(table, figure);
  const scan::Test test{.name = "test",
                        .of = {formula("error_test")},
                        .by = {"width", "train_size"},
                        .kind = scan::Agreement{.with = {.text = "nngp"}, .within = scan::Margin{0.5, true}}};
  std::vector<std::string> taken;
  const std::vector<DrawnFigure> maps = validity_maps(syn::make_context(table), {test}, taken);
  REQUIRE(maps.size() == 1);
  for (const DrawnFigure* one : std::initializer_list<const DrawnFigure*>{&where, &maps[0]}) {
    REQUIRE(one->maps.size() == 1);
    const Map& map = one->maps[0];
    CHECK(map.cells.size() == 4);
    CHECK(std::ranges::count_if(map.cells, [](const MapCell& cell) { return cell.basis.none(); }) == 3);
    CHECK(std::ranges::count(map.cells, "", &MapCell::word) == 3);
    const std::string svg = draw_svg(*one, Surroundings::page);
    CHECK(has(svg, "no number; 0 of 6 replicas; diverged"));
    CHECK(has(svg, ">holds</text>"));
    CHECK_FALSE(has(svg, "nan"));
    CHECK(has(one->caption, "A cross (3 of 4 cells): all replicas diverged."));
    CHECK(has(one->caption, "3 more have no number"));
  }
  CHECK(has(maps[0].caption, "Of 1 comparisons "));
}

TEST_CASE("a warning of few members names the level that they are of") {
  Table table = syn::make_table({.widths = {64}, .draws = 4, .initialisations = 8, .sampler = false});
  syn::add_errors(table, 3, {.draws = 0.2, .rest = 0.01});
  const Site site{0, {TimePick::Kind::end, 0}, std::nullopt, ""};
  const Quantity q = observe(table.points[0], "", Observable::error_test, 0, site, std::nullopt);
  CHECK(q.basis.members == 32);
  CHECK(has(judge(q, {.low = -10, .high = 10}, 2).because, "of 4 data draws: among so few a heavy tail is not seen"));
}

}  // namespace losses_cases
}  // namespace fieldscan::analysis
