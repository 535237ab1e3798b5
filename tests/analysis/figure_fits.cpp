#include <sstream>

#include "../../src/analysis/figure/gnuplot.hpp"
#include "../../src/analysis/figure/make.hpp"
#include "../../src/analysis/figure/svg.hpp"
#include "../../src/analysis/figure/table.hpp"
#include "../../src/analysis/test/evaluate.hpp"
#include "catch.hpp"
#include "synthetic.hpp"

/// Fits in figures beside the verdicts on them.
namespace fieldscan::analysis {
namespace figure_fits {
namespace {

namespace syn = fieldscan::analysis::synthetic;

const scan::Formula error{.text = "error_test", .place = {}}, width{.text = "width", .place = {}};

scan::Test power_law() {
  return {.name = "exponent",
          .of = {error},
          .kind = scan::PowerLaw{
              .versus = {width}, .expect = {{{.text = "0", .place = {}}}}, .within = scan::Margin{0.3, false}}};
}

Table errors(int draws, Outcome outcome = Outcome::done) {
  Table table = syn::make_table({.draws = draws, .initialisations = 1});
  syn::add_errors(table, 3, {.draws = 0.1, .rest = 0.02}, 1, draws);
  for (TablePoint& point : table.points)
    for (Member& member : point.measured.members) member.outcome = outcome;
  return table;
}

DrawnFigure drawn(const Table& table) {
  const scan::Figure figure{
      .name = "fit", .plot = {error}, .kind = scan::Curves{.versus = {width}, .scale = scan::Scale::log_log}};
  return make_figures(syn::make_context(table), {figure}, {power_law()}).at(0);
}

Verdict verdict(const Table& table) { return evaluate_tests(syn::make_context(table), {power_law()}).at(0).verdict; }

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace
TEST_CASE(
    "a fit of chains that did not equilibrate, or of too few, is said not to be judged, as its test is undecided") {
  for (const auto& [table, why] : {std::pair{errors(24, Outcome::not_equilibrated), "none of 24 chains equilibrated"},
                                   std::pair{errors(3), "too few"}}) {
    CHECK(verdict(table) == Verdict::undecided);
    const DrawnFigure figure = drawn(table);
    const DrawnCurve& fit = figure.panels.at(0).curves.at(1);
    CHECK(fit.with.starts_with("fit (not judged), exponent "));
    CHECK(has(draw_svg(figure, Surroundings::standalone), ">fit (not judged), exponent "));
    CHECK(has(script_of(figure), "fit (not judged), exponent "));
    INFO(figure.caption);
    CHECK(has(figure.caption, "The fit is not judged: "));
    CHECK(has(figure.caption, why));
  }
}

TEST_CASE("rows of a fit have the members, flags and share of what it is fitted to") {
  const std::string spoilt = table_of(drawn(errors(24, Outcome::not_equilibrated))),
                    sound = table_of(drawn(errors(24)));
  std::istringstream lines(spoilt), others(sound);
  std::size_t fits = 0;
  for (std::string line; std::getline(lines, line);)
    if (has(line, "fit (not judged)")) {
      ++fits;
      CHECK(line.ends_with(",24,24,not_equilibrated,1"));
    }
  CHECK(fits == 25);
  for (std::string line; std::getline(others, line);)
    if (has(line, "fit")) CHECK(line.ends_with(",24,24,,0"));
}

TEST_CASE("a fit that is judged is called a fit") {
  const Table table = errors(24);
  CHECK(verdict(table) == Verdict::supported);
  const DrawnFigure figure = drawn(table);
  CHECK(figure.panels.at(0).curves.at(1).with.starts_with("fit, exponent "));
  CHECK_FALSE(has(figure.caption, "judged"));
}

TEST_CASE("fits have short dashes in every drawing, and dots are no theory's line style") {
  const DrawnFigure figure = drawn(errors(24));
  CHECK(dash_pattern(fit_dash) == "4 2");
  CHECK(has(draw_svg(figure, Surroundings::standalone), ".figure .d5{stroke-dasharray:4 2}"));
  CHECK(has(script_of(figure), " dt (12,6) "));
  for (std::size_t dash = 0; dash < outside_dash; ++dash)
    CHECK((dash_pattern(dash) == "none" || dash_pattern(dash)[0] > '2'  // of all its dashes the first is the longest
           || dash_pattern(dash).starts_with("12")));
}

}  // namespace figure_fits
}  // namespace fieldscan::analysis
