#include "../../src/analysis/figure/regions.hpp"
#include "../../src/analysis/figure/gnuplot.hpp"
#include "../../src/analysis/figure/make.hpp"
#include "../../src/analysis/figure/map_cells.hpp"
#include "../../src/analysis/figure/svg.hpp"
#include "../../src/analysis/figure/table.hpp"
#include "../../src/analysis/test/evaluate.hpp"
#include "catch.hpp"
#include "synthetic.hpp"

using namespace fieldscan;
using namespace fieldscan::analysis;
namespace syn = fieldscan::analysis::synthetic;

namespace {

scan::Figure regions(const std::string& plot, const scan::Margin& within, std::vector<scan::Reference> with = {}) {
  return {.name = "where",
          .plot = {{.text = plot, .place = {}}},
          .kind = scan::Regions{.versus = {{.text = "width", .place = {}}, {.text = "train_size", .place = {}}},
                                .with = std::move(with),
                                .within = within}};
}

std::string words_of(const Map& map) {
  std::string words;
  for (const MapCell& cell : map.cells) words += cell.word + " ";
  return words;
}

/// Of the theory its small parameter 16/width, and that it claims 128 and more.
void add_validity(Table& table, const std::string& theory) {
  for (TablePoint& point : table.points) {
    const double width = std::get<double>(point.point.names[0].value);
    auto series = std::make_shared<Series>(*point.theories.at(theory));
    for (Member& m : series->members)
      m.rows.push_back({.observable = Observable::validity,
                        .value = 16 / width,
                        .flag = width < 128 ? Flag::outside_validity : Flag::none});
    point.theories[theory] = series;
  }
}

}  // namespace

TEST_CASE(
    "regions: predictors hold where the squared deviation lies below the squared margin, and claims stand beside") {
  // deviation 0.5·(64/width): 0.5, 0.25, 0.125 … against predictors of size 1
  Table table = syn::make_table({});
  syn::add_predictors(table, 7, 60, 32, -1, 0.05);
  add_validity(table, "nngp");
  const Context context = syn::make_context(table);
  const auto figures = make_figures(context, {regions("predictor", {0.1, true})}, {});
  REQUIRE(figures.size() == 1);
  REQUIRE(figures[0].maps.size() == 2);
  const Map &measured = figures[0].maps[0], &claimed = figures[0].maps[1];
  CHECK(measured.title == "nngp: measured");
  CHECK(claimed.title == "nngp: by its validity");
  CHECK(words_of(measured) == "fails fails fails holds holds ");
  CHECK(words_of(claimed) == "outside inside inside inside inside ");
  CHECK(claimed.cells[0].value == Approx(0.25));
  for (std::size_t k = 0; k < 3; ++k) {
    const double expected = 0.5 / std::pow(2.0, k);
    CHECK(measured.cells[k].value == Approx(expected / std::sqrt(1 + expected * expected)).epsilon(0.1));
    CHECK(measured.cells[k].low <= measured.cells[k].value);
    CHECK(measured.cells[k].value <= measured.cells[k].high);
  }
  CHECK(figures[0].caption.find(
            "nngp: 2 of 5 hold, 3 fail (inside its validity 2 hold, 2 fail; outside 0 hold, 1 fail)") !=
        std::string::npos);
  // An absolute margin: the deviation itself.
  const auto absolute = make_figures(context, {regions("predictor", {0.3, false}, {{.text = "nngp"}})}, {});
  CHECK(words_of(absolute.at(0).maps.at(0)) == "fails holds holds holds holds ");
  const std::string text = table_of(figures[0]);
  for (const char* line : {"nngp: measured,64,", ",fails,0,0,0,-1,4", "nngp: by its validity,64,",
                           ",outside,1,0,0,-1,0.25", ",inside,1,4,0,1,0.016"})
    CHECK(text.find(line) != std::string::npos);
  // For papers: what the colours mean, in what unit the numbers are, and the two maps side by side.
  const std::string script = script_of(figures[0]);
  for (const char* part :
       {"title 'holds'", "title 'fails'", "title 'open'", "title 'inside'", "title 'outside'",
        "title 'numbers: distance in %'", "title 'numbers: validity'", "set size 0.5", "set origin 0.5"})
    CHECK(script.find(part) != std::string::npos);
  const std::string svg = draw_svg(figures[0], Surroundings::standalone);
  for (const char* part : {"inside", "outside", "holds", "nngp: by its validity"})
    CHECK(svg.find(part) != std::string::npos);
}

TEST_CASE(
    "regions: a third map stands in the middle below two, and says what its numbers are however full its key is") {
  DrawnFigure figure{.name = "where", .slug = "where", .caption = {}, .x_label = "x", .y_label = "y"};
  for (int m = 0; m < 3; ++m) {
    Map map{.title = "nngp: measured", .xs = {}, .ys = {}, .cells = {}, .numbers = "difference in %"};
    for (const char* x : {"1", "2", "3", "4"})
      map.cells.push_back({.x = x,
                           .y = "1",
                           .value = 0.1,
                           .low = 0,
                           .high = 0.2,
                           .word = "open",
                           .basis = {.members = 3, .asked = 4},
                           .unsettled = {.chains = 0.5}});
    finish(map);
    figure.maps.push_back(std::move(map));
  }
  const auto count = [](const std::string& text, const std::string& part) {
    std::size_t n = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
    return n;
  };
  const std::string svg = draw_svg(figure, Surroundings::standalone), script = script_of(figure);
  CHECK(count(svg, "numbers: difference in %<") == 3);
  CHECK(count(svg, "translate(0,0)") == 1);
  CHECK(count(svg, "translate(380,0)") == 1);
  CHECK(count(svg, "translate(190,0)") == 1);
  CHECK(count(script, "set origin 0.250000,") == 1);
  figure.maps.pop_back();
  CHECK(count(draw_svg(figure, Surroundings::standalone), "translate(190,0)") == 0);
  CHECK(count(script_of(figure), "set origin 0.250000,") == 0);
}

TEST_CASE("regions: a theory that is outside in some draws alone claims neither") {
  Table table = syn::make_table({});
  syn::add_predictors(table, 7, 60, 32, -1, 0.05);
  add_validity(table, "nngp");
  auto series = std::make_shared<Series>(*table.points.at(0).theories.at("nngp"));
  series->members.at(0).rows.back().flag = Flag::none;
  table.points.at(0).theories["nngp"] = series;
  const Context context = syn::make_context(table);
  const auto figures = make_figures(context, {regions("predictor", {0.1, true})}, {});
  CHECK(words_of(figures.at(0).maps.at(1)) == "open inside inside inside inside ");
}

TEST_CASE("regions: of another observable the difference, in either direction; few members leave cells open") {
  for (const double factor : {1.0, 1.3, 0.7}) {
    CAPTURE(factor);
    Table table = syn::make_table({});
    syn::add_errors(table, 3, {.draws = 0.2, .rest = 0.02}, factor);
    const Context context = syn::make_context(table);
    const auto map = [&](const scan::Margin& margin) {
      const auto figures = make_figures(context, {regions("error_test", margin)}, {});
      CHECK(figures.at(0).maps.size() == 1);  // it states no validity
      return words_of(figures.at(0).maps.at(0));
    };
    CHECK(map({0.1, true}) == (factor == 1 ? "holds holds holds holds holds " : "fails fails fails fails fails "));
    CHECK(map({0.03, false}) == (factor == 1 ? "holds holds holds holds holds " : "fails fails fails fails fails "));
    CHECK(map({0.0001, true}).find("holds") == std::string::npos);  // no margin is met within the noise
  }
  Table few = syn::make_table({.draws = 2, .initialisations = 1});  // two chains
  syn::add_errors(few, 3, {.draws = 0.2, .rest = 0.02}, 1, 2);
  const Context context = syn::make_context(few);
  CHECK(words_of(make_figures(context, {regions("error_test", {0.1, true})}, {}).at(0).maps.at(0)) ==
        "open open open open open ");
}

TEST_CASE("regions: a cell holds where an agreement within the same margin is supported, also of few members") {
  // Four draws are enough for a mean; 0.3 against 0.3/1.02, of which 10 % and 20 % allow it, 1 % does not.
  for (const int draws : {2, 3, 4, 24})
    for (const double margin : {0.01, 0.1, 0.2}) {
      CAPTURE(draws, margin);
      Table table = syn::make_table({.draws = draws, .initialisations = 4, .sampler = false});
      syn::add_errors(table, 3, {.draws = 0.02, .initialisations = 0.01, .rest = 0.02}, 1 / 1.02, draws);
      const Context context = syn::make_context(table);
      const TestResult result =
          evaluate_tests(context,
                         std::vector{scan::Test{
                             .name = "agrees",
                             .of = {{.text = "error_test", .place = {}}},
                             .kind = scan::Agreement{.with = {.text = "nngp"}, .within = scan::Margin{margin, true}}}})
              .at(0);
      const auto cells = make_figures(context, {regions("error_test", {margin, true})}, {}).at(0).maps.at(0).cells;
      REQUIRE(cells.size() == result.parts.size());
      std::size_t held = 0;
      for (std::size_t k = 0; k < cells.size(); ++k) {
        CHECK((cells[k].word == "holds") == (result.parts[k].verdict == Verdict::supported));
        held += cells[k].word == "holds" ? 1 : 0;
      }
      if (draws >= 4) CHECK(held == (margin > 0.01 ? cells.size() : 0));
      if (draws == 2) CHECK(held == 0);
    }
}

TEST_CASE("numbers in cells have two digits, a sign where they are differences, and no powers of ten below 10⁵") {
  const auto shown = [](Map::Values values, double value) { return cell_text({.values = values}, value); };
  using enum Map::Values;
  CHECK(shown(change_in_percent, 1.04) == "+104");
  CHECK(shown(change_in_percent, -0.053) == "−5.3");
  CHECK(shown(change_in_percent, 0.0001) == "0");
  CHECK(shown(size_in_percent, 1) == "100");
  CHECK(shown(size_in_percent, 0.0996) == "10");
  CHECK(shown(plain, 123.4) == "123");
  CHECK(shown(plain, 0.0523) == "0.052");
  CHECK(shown(plain, 2.3e6) == "2.3·10⁶");
}

TEST_CASE("maps of several panels: those with a claim come first, in pairs") {
  std::vector<Map> maps;
  for (const char* title : {"a, x: measured", "a, x: by its validity", "a, y: measured", "b, x: measured",
                            "b, x: by its validity", "b, y: measured"})
    maps.push_back({.title = title});
  put_pairs_first(maps);
  std::string order;
  for (const Map& map : maps) order += map.title + "; ";
  CHECK(order ==
        "a, x: measured; a, x: by its validity; b, x: measured; b, x: by its validity; a, y: measured; "
        "b, y: measured; ");
}
