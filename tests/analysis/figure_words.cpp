#include "../../src/analysis/figure/gnuplot.hpp"
#include "../../src/analysis/figure/make.hpp"
#include "../../src/analysis/figure/svg.hpp"
#include "../../src/analysis/report/report_notes.hpp"
#include "catch.hpp"
#include "synthetic.hpp"

/// Figures along axes of words, and what captions say of what is not drawn.
namespace fieldscan::analysis {
namespace figure_words {
namespace {

namespace syn = fieldscan::analysis::synthetic;

const std::vector<std::string> activations{"linear", "erf", "relu", "tanh", "swish", "gelu", "sin", "quadratic"};

/// Networks of two widths and eight activations.
Table table_of_words() {
  Table table;
  table.axes = {{"network.activation", "activation"}, {"network.width", "width"}};
  for (std::size_t k = 0; k < activations.size(); ++k) {
    Table part = syn::make_table({.widths = {64, 128}, .draws = 4, .initialisations = 2, .sampler = false});
    syn::add_errors(part, k + 1, {.draws = 0.2, .rest = 0.05}, 1, 4);
    for (TablePoint& point : part.points) {
      point.point.names.push_back({"network.activation", activations[k]});
      table.points.push_back(point);
    }
  }
  return table;
}

scan::Formula formula(const std::string& text) { return {.text = text, .place = {}}; }

/// The names of axes by hand, as those of a file are resolved.
Context context_of(const Table& table) {
  Context context = syn::make_context(table);
  context.resolve = [resolve = context.resolve](const std::string& text) {
    scan::Mentions m = resolve(text);
    for (auto& atom : m.atoms)
      if (atom.text == "activation") atom.name = "network.activation", atom.kind = scan::ResolvedName::Kind::field;
    return m;
  };
  context.resolve_name = [resolve = context.resolve](const std::string& name) { return resolve(name).atoms.at(0); };
  return context;
}

scan::Figure curves(const std::vector<std::string>& plot, const std::vector<std::string>& by) {
  scan::Figure figure{.name = "C", .plot = {}, .by = by};
  for (const std::string& of : plot) figure.plot.push_back(formula(of));
  figure.kind = scan::Curves{.versus = {formula("activation")}};
  return figure;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace
TEST_CASE("curves along an axis of words are a map, or say why they are not drawn") {
  const Table table = table_of_words();
  const Context context = context_of(table);
  const auto figures =
      make_figures(context, {curves({"error_test"}, {"width"}), curves({"error_test", "nngp.error_test"}, {})}, {});
  REQUIRE(figures.size() == 2);
  REQUIRE(figures[0].maps.size() == 1);
  CHECK(figures[0].maps[0].xs == activations);
  CHECK(figures[0].maps[0].ys == std::vector<std::string>{"64", "128"});
  CHECK(has(figures[0].caption, "drawn as a map"));
  CHECK(figures[1].empty());
  CHECK(has(figures[1].caption, "the values of activation are words"));
}

TEST_CASE("every word at a map has its label, in both drawings") {
  const Table table = table_of_words();
  const auto figures = make_figures(context_of(table), {curves({"error_test"}, {"width"})}, {});
  REQUIRE(figures.size() == 1);
  const std::string svg = draw_svg(figures[0], Surroundings::standalone), script = script_of(figures[0]);
  for (std::size_t k = 0; k < activations.size(); ++k) {
    CAPTURE(activations[k]);
    CHECK(has(svg, ">" + activations[k] + "<"));
    CHECK(has(script, fmt::format("'{}' {}", activations[k], k)));
  }
}

TEST_CASE("maps of one figure have one scale of colours") {
  const Table table = table_of_words();
  scan::Figure figure = curves({"error_test * width"}, {});
  figure.kind = scan::Map{.versus = {formula("activation"), formula("width")}};
  figure.each.text = "width";
  const auto figures = make_figures(context_of(table), {figure}, {});
  REQUIRE(figures.size() == 1);
  REQUIRE(figures[0].maps.size() == 2);
  double low = 1e300, high = 0;
  for (const Map& map : figures[0].maps)
    for (const MapCell& cell : map.cells) low = std::min(low, cell.value), high = std::max(high, cell.value);
  const std::string range = fmt::format("set cbrange [{:.12g}:{:.12g}]", low, high), script = script_of(figures[0]);
  const auto first = script.find(range);
  REQUIRE(first != std::string::npos);
  CHECK(script.find(range, first + 1) != std::string::npos);
}

TEST_CASE("captions say of what bands are not drawn, and why a formula has no number at some points") {
  const Table table = table_of_words();
  scan::Figure lines = curves({"error_test"}, {"activation"}), theories = lines, divided = lines;
  lines.kind = scan::Curves{.versus = {formula("width")}, .style = scan::Curves::Style::lines};
  theories.kind = scan::Curves{.versus = {formula("width")}, .with = {{.text = "nngp"}}};
  divided.kind = scan::Curves{.versus = {formula("width")}};
  divided.plot = {formula("error_test / (width - 64)")};
  const auto figures = make_figures(context_of(table), {lines, theories, divided}, {});
  REQUIRE(figures.size() == 3);
  CHECK(has(figures[0].caption, "Bands of measured lines are not drawn: 8 of them"));
  CHECK(has(figures[1].caption, "Bands of theories are not drawn: 8 of them"));
  INFO(figures[2].caption);
  CHECK(has(figures[2].caption, "is missing at 1 of 2 points: division by zero"));
}

TEST_CASE("captions name the groups that have no room, and bounds the quantity where there are several") {
  Table table;
  table.axes = {{"network.width", "width"}, {"data.train_size", "train_size"}};
  for (std::size_t k = 1; k <= most_curves + 2; ++k) {
    Table part = syn::make_table({.widths = {64, 128}, .draws = 4, .initialisations = 2, .sampler = false});
    syn::add_errors(part, k, {.draws = 0.2, .rest = 0.05}, 1, 4);
    for (TablePoint& point : part.points) {
      point.point.names[1].value = static_cast<double>(k);
      table.points.push_back(point);
    }
  }
  scan::Figure one{.name = "one", .plot = {formula("error_test")}, .by = {"train_size"}};
  one.kind = scan::Curves{.versus = {formula("width")}};
  scan::Figure two{.name = "two", .plot = {formula("error_test"), formula("2 * error_test")}};
  two.kind = one.kind;
  two.where = formula("train_size == 1");
  scan::Test bound{.name = "bound", .of = {formula("error_test")}};
  bound.kind = scan::Bound{.below = 0.5};
  const auto figures = make_figures(syn::make_context(table), {one, two}, {bound});
  REQUIRE(figures.size() >= 2);
  CHECK(has(figures[0].caption, "Not drawn, for there is room for 12 curves: train_size = 13; train_size = 14."));
  REQUIRE(figures[0].panels.at(0).levels.size() == 1);
  CHECK(figures[0].panels[0].levels[0].first == "below 0.5");
  REQUIRE(figures[1].panels.at(0).levels.size() == 1);
  CHECK(figures[1].panels[0].levels[0].first == "error_test below 0.5");
}

TEST_CASE("a caption says which of several quantities has no numbers") {
  Table table = syn::make_table({.widths = {64, 128}, .draws = 4, .initialisations = 2, .sampler = false});
  syn::add_errors(table, 1, {.draws = 0.2, .rest = 0.05}, 1, 4);
  for (Member& m : table.points[0].measured.members) m.outcome = Outcome::diverged, m.rows.clear();
  scan::Figure figure{.name = "two", .plot = {formula("error_test"), formula("nngp.error_test")}};
  figure.kind = scan::Curves{.versus = {formula("width")}};
  const auto figures = make_figures(syn::make_context(table), {figure}, {});
  REQUIRE(figures.size() == 1);
  INFO(figures[0].caption);
  CHECK(has(figures[0].caption, "No numbers of error_test: at width = 64 (all 8 replicas diverged)"));
}

TEST_CASE("residuals on one side are said of their panel, and of a test where one quantity is drawn") {
  DrawnFigure figure{.name = "errors", .slug = "errors", .caption = {}, .x_label = "x", .y_label = "y"};
  for (const char* title : {"width = 64", "width = 128"}) {
    Panel& panel = figure.panels.emplace_back();
    panel.title = title;
    DrawnCurve& c = panel.residuals.emplace_back();
    c.with = "nngp";
    c.x = {1, 2, 3, 4, 5, 6};
    c.y = {1, 2, 1, 2, 1, figure.panels.size() == 1 ? -1.0 : 1.0};
  }
  TestResult result{.name = "agree",
                    .statement = "error_test and nngp.error_test",
                    .verdict = Verdict::supported,
                    .because = {},
                    .parts = {}};
  result.kind = "agreement";
  const std::string one = one_sided(figure, {result});
  CHECK(has(one, "All 6 residuals of width = 128 lie on one side"));
  CHECK_FALSE(has(one, "width = 64"));
  CHECK(has(one, "where “agree” compares them by less than it allows: both are true"));
  for (Panel& panel : figure.panels) panel.residuals[0].quantity = "bias2";
  CHECK(has(one_sided(figure, {result}), "or share the error of their data draws"));
  result.verdict = Verdict::undecided;
  CHECK(one_sided(figure, {result}).empty());
}

}  // namespace figure_words
}  // namespace fieldscan::analysis
