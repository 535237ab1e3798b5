#include "../../src/analysis/figure/gnuplot.hpp"
#include "../../src/analysis/figure/make.hpp"
#include "../../src/analysis/figure/map_cells.hpp"
#include "../../src/analysis/figure/svg.hpp"
#include "../../src/analysis/figure/table.hpp"
#include "../../src/analysis/figure/validity_map.hpp"
#include "catch.hpp"
#include "synthetic.hpp"

/// Cells of maps that not all replicas stand behind.
namespace fieldscan::analysis {
namespace map_marks {
namespace {

namespace syn = fieldscan::analysis::synthetic;

/// Four networks at every place, of which the first `lost[k]` of point k diverged.
DrawnFigure map_of(const std::vector<int>& lost) {
  Table table;
  table.axes = {{"network.width", "width"}, {"data.train_size", "train_size"}};
  for (const double size : {16.0, 32.0}) {
    Table part = syn::make_table({.widths = {64, 128}, .draws = 2, .initialisations = 2, .sampler = false});
    syn::add_errors(part, static_cast<std::uint64_t>(size), {.rest = 0.1}, 1, 2);
    for (TablePoint& point : part.points) {
      point.point.names[1].value = size;
      table.points.push_back(point);
    }
  }
  for (std::size_t p = 0; p < table.points.size(); ++p)
    for (int k = 0; k < lost[p]; ++k) {
      Member& m = table.points[p].measured.members[static_cast<std::size_t>(k)];
      m.outcome = Outcome::diverged;
      m.rows.clear();
    }
  scan::Figure figure{.name = "map", .plot = {{.text = "error_test", .place = {}}}};
  figure.kind = scan::Map{.versus = {{.text = "width", .place = {}}, {.text = "train_size", .place = {}}}};
  return make_figures(syn::make_context(table), {figure}, {}).at(0);
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// Chains at two widths and two sizes: `spoilt` of the 16 of the first place did not equilibrate.
Table table_of_chains(std::size_t spoilt) {
  Table table;
  table.axes = {{"network.width", "width"}, {"data.train_size", "train_size"}};
  for (const double size : {16.0, 32.0}) {
    Table part = syn::make_table({.widths = {64, 128}, .draws = 8, .initialisations = 2});
    syn::add_errors(part, 3, {.draws = 0.02, .rest = 0.01}, 1, 8);
    for (TablePoint& point : part.points) {
      point.point.names[1].value = size;
      table.points.push_back(point);
    }
  }
  for (std::size_t k = 0; k < spoilt; ++k) table.points[0].measured.members[k].outcome = Outcome::not_equilibrated;
  return table;
}

DrawnFigure figure_of(const Table& table, scan::FigureKind kind) {
  scan::Figure figure{.name = "map", .plot = {{.text = "error_test", .place = {}}}};
  figure.kind = std::move(kind);
  return make_figures(syn::make_context(table), {figure}, {}).at(0);
}

const std::vector<scan::Formula> over{{.text = "width", .place = {}}, {.text = "train_size", .place = {}}};

}  // namespace
TEST_CASE("cells on chains that did not equilibrate are marked apart from those of no number") {
  const DrawnFigure some = figure_of(table_of_chains(4), scan::Map{.versus = over}),
                    none = figure_of(table_of_chains(16), scan::Map{.versus = over}),
                    sound = figure_of(table_of_chains(0), scan::Map{.versus = over});
  CHECK(has(some.caption,
            "A crossed circle in a corner (1 of 4 cells): as many as 25 % of the chains did not equilibrate."));
  CHECK(has(draw_svg(some, Surroundings::standalone), ">some chains did not equilibrate<"));
  CHECK(has(draw_svg(none, Surroundings::standalone), ">no chain equilibrated<"));
  CHECK(has(script_of(none), "'no chain equilibrated'"));
  CHECK(has(script_of(none), "$16>0"));
  CHECK(has(table_of(none), ",16,16,not_equilibrated,1\n"));
  CHECK(has(table_of(some), ",16,16,not_equilibrated,0.25\n"));
  CHECK(has(draw_svg(some, Surroundings::page), "as many as 25 % of the chains did not equilibrate; not_equilibrated"));
  CHECK(sound.maps.at(0).cells.at(0).unsettled.chains == 0);
  CHECK_FALSE(has(sound.caption, "crossed"));
  CHECK_FALSE(has(draw_svg(sound, Surroundings::page), "equilibrate"));
  CHECK_FALSE(has(script_of(sound), "$16>0"));
}

TEST_CASE("captions and keys count marked cells: none, one, some, all, those of several maps together") {
  const auto map_where = [](const std::vector<std::size_t>& spoilt) {
    Table table = table_of_chains(0);
    for (std::size_t p = 0; p < spoilt.size(); ++p)
      for (std::size_t k = 0; k < spoilt[p]; ++k)
        table.points[p].measured.members[k].outcome = Outcome::not_equilibrated;
    return figure_of(table, scan::Map{.versus = over});
  };
  const auto key = [](const DrawnFigure& figure, const std::string& words) {
    return has(draw_svg(figure, Surroundings::page), ">" + words + "<") && has(script_of(figure), "'" + words + "'");
  };
  CHECK_FALSE(has(map_where({0, 0, 0, 0}).caption, "corner"));
  const DrawnFigure few = map_where({4, 0, 8, 0}), every = map_where({4, 8, 4, 4}), mixed = map_where({4, 16, 0, 0}),
                    whole = map_where({16, 16, 16, 16});
  CHECK(has(few.caption, "A crossed circle in a corner (2 of 4 cells): as many as 50 % of the chains did not equil"));
  CHECK(key(few, "some chains did not equilibrate"));
  CHECK(has(every.caption, "A crossed circle in a corner (none of 4 cells settled): as many as 50 % of the chains"));
  CHECK(key(every, "some chains did not equilibrate"));
  CHECK(has(mixed.caption, "(2 of 4 cells): as many as 100 % of the chains did not equilibrate"));
  CHECK(key(mixed, "some or all chains did not equilibrate"));
  CHECK(has(whole.caption, "(none of 4 cells settled): no chain equilibrated"));
  CHECK(key(whole, "no chain equilibrated"));
  CHECK(has(map_of({4, 4, 4, 4}).caption, "A cross (all 4 cells): all replicas diverged."));
  CHECK(has(map_of({1, 1, 1, 1}).caption, "A dot in a corner (all 4 cells): fewer replicas than asked."));
  // Of several maps all count, and what holds of one of them alone is not said of all.
  DrawnFigure two = map_of({0, 0, 4, 0});
  two.maps.push_back(map_of({0, 0, 0, 4}).maps.at(0));
  for (MapCell& cell : two.maps[0].cells)
    if (cell.basis.none()) cell.basis.marks = mark_of(Outcome::numerical_error);
  CHECK(remark_on_cells(two.maps) == "A cross (2 of 8 cells): no replica has a number.");
}

TEST_CASE("open cells of regions and of tests say where chains did not equilibrate") {
  const Table table = table_of_chains(16);
  const scan::Margin margin{0.2, true};
  const scan::Test test{.name = "agrees",
                        .of = {{.text = "error_test", .place = {}}},
                        .kind = scan::Agreement{.with = {.text = "nngp"}, .within = margin}};
  const DrawnFigure regions = figure_of(table, scan::Regions{.versus = over, .within = margin});
  std::vector<std::string> taken;
  const auto tested = validity_maps(syn::make_context(table), {test}, taken);
  REQUIRE(tested.size() == 1);
  for (const DrawnFigure& figure : {regions, tested[0]}) {
    INFO(figure.caption);
    std::size_t open = 0;
    for (const MapCell& cell : figure.maps.at(0).cells) {
      CHECK((cell.word == "open") == cell.unsettled.any());
      open += cell.word == "open" ? 1 : 0;
    }
    CHECK(open == 1);
    CHECK(has(figure.caption,
              "A crossed circle in a corner (1 of 4 cells): no chain equilibrated; where they are too many the cell is "
              "open."));
    CHECK(has(draw_svg(figure, Surroundings::standalone), ">no chain equilibrated<"));
  }
}

TEST_CASE("cells of fewer replicas than were asked have a dot, those of none a cross, and the map says so") {
  const DrawnFigure figure = map_of({0, 3, 4, 0});
  REQUIRE(figure.maps.size() == 1);
  REQUIRE(figure.maps[0].cells.size() == 4);
  CHECK(has(
      figure.caption,
      "A dot in a corner (1 of 4 cells): fewer replicas than asked. A cross (1 of 4 cells): all replicas diverged."));
  const std::string svg = draw_svg(figure, Surroundings::page), script = script_of(figure);
  for (const std::string& drawn : {svg, script}) {
    CHECK(has(drawn, "fewer replicas than asked"));
    CHECK(has(drawn, "all replicas diverged"));
  }
  CHECK(has(svg, "1 of 4 replicas; diverged"));
  CHECK(has(svg, "no number; 0 of 4 replicas; diverged"));
  CHECK_FALSE(has(svg, "nan"));
  CHECK_FALSE(has(svg, "inf"));
}

TEST_CASE("map.csv says of how many replicas each cell is, and a single one has no interval") {
  const std::string table = table_of(map_of({0, 3, 4, 0}));
  CHECK(has(table, "state,shown,members,asked,flag,unsettled\n"));
  CHECK(has(table, ",4,4,,0\n"));
  CHECK(has(table, ",1,4,diverged,0\n"));
  CHECK(has(table, ",64,32,,,,,0,0,1,0,,0,4,diverged,0\n"));
  std::size_t blank = 0;  // of the single one, and of none
  for (auto at = table.find(",,,,0,"); at != std::string::npos; at = table.find(",,,,0,", at + 1)) ++blank;
  CHECK(blank == 2);
}

TEST_CASE("a map that all replicas stand behind has no marks, and one that none does still is one") {
  const DrawnFigure whole = map_of({0, 0, 0, 0});
  CHECK(notes_of(whole.maps.at(0)).empty());
  CHECK_FALSE(has(draw_svg(whole, Surroundings::page), "replicas"));
  const DrawnFigure none = map_of({4, 4, 4, 4});
  CHECK(none.maps.at(0).cells.size() == 4);
  const std::string svg = draw_svg(none, Surroundings::page);
  CHECK_FALSE(has(svg, "nan"));
  CHECK_FALSE(has(svg, "inf"));
  CHECK_FALSE(has(script_of(none), "nan"));
}

TEST_CASE("of several comparisons in one cell a number stands over none") {
  Map map;
  const MapCell none{.x = "1",
                     .y = "1",
                     .value = std::numeric_limits<double>::quiet_NaN(),
                     .word = {},
                     .basis = {.members = 0, .asked = 4},
                     .no_interval = true},
      some{.x = "1", .y = "1", .value = 0.1, .word = {}, .basis = {.members = 2, .asked = 4}};
  put(map, none);
  put(map, some);
  put(map, none);
  REQUIRE(map.cells.size() == 1);
  CHECK(map.cells[0].value == 0.1);
}

}  // namespace map_marks
}  // namespace fieldscan::analysis
