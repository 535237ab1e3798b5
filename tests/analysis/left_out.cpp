// What statements leave out, and on what they stand: places without a value, lost members of fits, formulas without a
// number, ensembles that ended too small.
#include "../../src/analysis/export/csv.hpp"
#include "../../src/analysis/export/json_values.hpp"
#include "../../src/analysis/formula/no_number.hpp"
#include "../../src/analysis/test/evaluate.hpp"
#include "catch.hpp"
#include "fieldscan/analysis/verdict/render.hpp"
#include "studies.hpp"

namespace fieldscan::analysis {
namespace left_out_cases {
namespace {

namespace syn = fieldscan::analysis::synthetic;

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

scan::Formula formula(const std::string& text) { return {.text = text, .place = {}}; }

/// error_test falls as 1/width; at width 128 all networks diverged.
Table table_with_a_hole(std::vector<double> widths = {64, 128, 256, 512, 1024}) {
  Table table = syn::make_table({.widths = std::move(widths), .draws = 12, .initialisations = 1, .sampler = false});
  for (TablePoint& point : table.points) {
    const double width = std::get<double>(point.point.names[0].value);
    for (Member& m : point.measured.members)
      if (width == 128)
        m.outcome = Outcome::diverged;
      else
        m.rows.push_back({.observable = Observable::error_test,
                          .value = 30 / width * (1 + 0.02 * syn::normal(3, std::to_string(width), m.draw, 0))});
  }
  return table;
}

TestResult result_of(const Table& table, const scan::Test& test) {
  return evaluate_tests(syn::make_context(table), std::vector{test}).at(0);
}

/// A number of the file itself, and no result: it is there at every width.
scan::Test bound(const std::string& of, const std::string& where) {
  return {.of = {formula(of)}, .where = formula(where), .kind = scan::Bound{.below = 1e6}};
}

scan::Test power_law() {
  return {.of = {formula("error_test")},
          .kind = scan::PowerLaw{
              .versus = {formula("width")}, .expect = {{formula("-1")}}, .within = scan::Margin{0.2, false}}};
}

}  // namespace

TEST_CASE("places at which a condition has no value are told, with their number and the reason") {
  const TestResult result = result_of(table_with_a_hole(), bound("width", "error_test < 1"));
  CHECK(result.verdict == Verdict::supported);
  CHECK(result.parts.size() == 4);
  REQUIRE(result.where_unknown.places.size() == 1);
  CHECK(result.where_unknown.of == 5);
  CHECK(result.where_unknown.places[0].label == "width = 128");
  CHECK(has(result.where_unknown.places[0].reason, "all 12 replicas diverged"));
  CHECK(has(result.because, "`where` has no value at 1 of 5 places, which are left out: width = 128"));
  CHECK(has(to_json({result}), R"("where_unknown": {"of": 5, "places": [{"label": "width = 128", "reason": )"));
  // A condition that is false is none that has no value, and one on fields alone never lacks one.
  const TestResult known = result_of(table_with_a_hole({64, 256}), bound("width", "error_test < 0.2"));
  CHECK(known.parts.size() == 1);
  CHECK(known.where_unknown.places.empty());
  CHECK(has(to_json({known}), R"("where_unknown": null)"));
  CHECK(result_of(table_with_a_hole(), bound("error_test", "width > 64")).where_unknown.places.empty());
}

TEST_CASE("fits say on how many members their points stand, and how those ended that are left out") {
  const TestResult whole = result_of(table_with_a_hole({64, 256, 512, 1024}), power_law());
  REQUIRE(whole.parts.size() == 1);
  CHECK(whole.parts[0].members == 12);
  CHECK(whole.parts[0].asked == 12);
  CHECK(whole.parts[0].flag.empty());
  CHECK(whole.parts[0].outcome == "judged");
  const TestResult hole = result_of(table_with_a_hole(), power_law());
  CHECK(hole.parts[0].members == 12);  // of the points that it is fitted to
  CHECK(hole.parts[0].flag == "diverged");
  CHECK(hole.parts[0].outcome == "no_numbers");
  // No fit at all: it says all the same what it should have stood on.
  const TestResult none = result_of(table_with_a_hole({64, 128}), power_law());
  CHECK_FALSE(none.parts[0].number);
  CHECK(none.parts[0].asked == 12);
  CHECK(none.parts[0].members == 0);
  CHECK(none.parts[0].flag == "diverged");
  CHECK(has(to_json({none}), R"("outcome": "no_numbers", "members": 0, "asked": 12, "flag": "diverged"})"));
  // The one of many that stands on the fewest.
  Table fewer = table_with_a_hole({64, 256, 512, 1024});
  fewer.points[1].measured.members[4].outcome = Outcome::diverged;
  fewer.points[1].measured.members[4].rows.clear();
  const scan::Test line{
      .of = {formula("error_test")},
      .kind = scan::Monotone{.versus = {formula("width")}, .direction = scan::Monotone::Direction::down}};
  for (const scan::Test& test : {line, power_law()}) {
    const TestResult result = result_of(fewer, test);
    CHECK(result.parts[0].members == 11);
    CHECK(result.parts[0].asked == 12);
    CHECK(result.parts[0].flag == "diverged");
  }
}

TEST_CASE("a formula without a number says what makes it none") {
  const auto why = [](const std::string& text, std::vector<double> values) {
    return why_no_number(scan::Expression::compile(text, scan::Scope::statement), values);
  };
  CHECK(why("error_test / (error_test - error_train)", {0.5, 0.5}) ==
        "division by zero: (error_test - error_train) is 0");
  CHECK(why("1/log(width)", {1}) == "division by zero: log(width) is 0");
  CHECK(why("1/-width^2 + 1", {0}) == "division by zero: -width^2 is 0");
  CHECK(why("2 + log(error_test - 1)", {0.5}) == "logarithm of a negative number: error_test - 1 is -0.5");
  CHECK(why("log10(error_test)", {0}) == "logarithm of zero: error_test is 0");
  CHECK(why("sqrt(nngp.error_test - error_test)", {0.5, 0.75}) ==
        "root of a negative number: nngp.error_test - error_test is -0.25");
  CHECK(why("log(deviation(nngp))", {0}) == "logarithm of zero: deviation(nngp) is 0");
  CHECK(why("sqrt(1 + sqrt(error_test))", {-0.25}) == "root of a negative number: error_test is -0.25");
  CHECK(why("max(log(2), 1/error_test)", {0}) == "division by zero: error_test is 0");
  CHECK(why("width^1000", {1e9}) == "the number is not finite");
  // In statements: at the points where it is so, and on how many members it would stand.
  const TestResult result = result_of(table_with_a_hole({64, 256}), bound("error_test / (width - 64)", "width > 0"));
  REQUIRE(result.parts.size() == 2);
  CHECK(has(result.parts[0].statement, "division by zero: (width - 64) is 0"));
  CHECK(result.parts[0].outcome == "open");
  CHECK(result.parts[0].asked == 12);
  CHECK(result.parts[1].outcome == "judged");
}

TEST_CASE("numbers of an ensemble that ended before its error was reached are marked, others are not") {
  Table table = table_with_a_hole({64, 256});
  CHECK_FALSE(has(ensembles_csv(table), "error_not_reached"));
  table.points[0].measured.short_of_error = Observable::error_test;
  table.points[0].point.ensemble.until = scan::Until{.relative_error = 0.001, .max = 14};
  table.points[0].growth = store::Growth{
      .extent = {.draws = 12, .initialisations = 1}, .end = store::Growth::End::largest, .relative_error = 0.005};
  CHECK(has(ensembles_csv(table), ",12,12,error_not_reached\n"));
  const TestResult result = result_of(table, bound("error_test", "width > 0"));
  CHECK(result.parts[0].flag == "error_not_reached");
  CHECK(result.parts[1].flag.empty());
  CHECK(has(result.because, "1 of 2 statements stand on ensembles that ended at `max`"));
  CHECK(has(values_json(table, "a"), R"("relative_error": 0.005, "relative_error_asked": 0.001, "replicas": 12, )"
                                     R"("max": 14, "outcome": "error_not_reached"})"));
}

}  // namespace left_out_cases
}  // namespace fieldscan::analysis
