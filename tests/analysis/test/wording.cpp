// How statements are worded.
#include <cmath>

#include "../../../src/analysis/test/evaluate.hpp"
#include "../../../src/analysis/text/number.hpp"
#include "../synthetic.hpp"
#include "catch.hpp"

using namespace fieldscan;
using namespace fieldscan::analysis;
namespace syn = fieldscan::analysis::synthetic;

namespace wording_of_statements {

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TestResult result_of(const Table& table, scan::TestKind kind) {
  const scan::Test test{.name = "test", .of = {{.text = "error_test", .place = {}}}, .kind = std::move(kind)};
  return evaluate_tests(syn::make_context(table), std::vector{test}).at(0);
}

Table two_widths() {
  Table table = syn::make_table({.widths = {64, 128}, .draws = 12});
  syn::add_errors(table, 11, {.draws = 0.3, .rest = 0.01}, 1, 12);
  return table;
}

}  // namespace

TEST_CASE("values that are compared are told by the axis that they are of") {
  const TestResult result =
      result_of(two_widths(), scan::Agreement{.between = {"width"}, .within = scan::Margin{0.1, true}});
  CHECK(has(result.statement, "width 64: 0."));
  CHECK(has(result.statement, ", width 128: 0."));
  const TestResult number =
      result_of(two_widths(), scan::Agreement{.with = {.text = "0.3"}, .within = scan::Margin{1, true}});
  CHECK_FALSE(has(number.parts.at(0).statement, "0.3 = 0.3"));
}

TEST_CASE("a theory that is beyond its range in some draws is so in how many") {
  Table table = two_widths();
  table.points.pop_back();
  auto theory = std::make_shared<Series>(*table.points[0].theories["nngp"]);
  for (std::size_t k = 0; k < 3; ++k) theory->members[k].rows[0].flag = Flag::outside_validity;
  table.points[0].theories["nngp"] = theory;
  const scan::Agreement agreement{.with = {.text = "nngp"}, .within = scan::Margin{0.1, true}};
  CHECK(has(result_of(table, agreement).because, "nngp is beyond its stated range of validity in 3 of 12 draws"));
  theory = std::make_shared<Series>(*theory);
  for (Member& member : theory->members) member.rows[0].flag = Flag::outside_validity;
  table.points[0].theories["nngp"] = theory;
  const std::string all = result_of(table, agreement).because;
  CHECK(has(all, "nngp is beyond its stated range of validity"));
  CHECK_FALSE(has(all, " in 12 of"));
}

TEST_CASE("chi2 over points says how it is formed") {
  const TestResult result =
      result_of(two_widths(), scan::Chi2{.with = {.text = "nngp"}, .versus = {{.text = "width", .place = {}}}});
  CHECK(has(result.statement, "over 2 points, of t values turned into normal ones"));
}

TEST_CASE("an error that is that of rounding alone is not printed") {
  CHECK(with_error(0.385, 6.6e-14) == "0.385");
  CHECK(with_error(0.385, 1e-9) == "0.385 ± 1e-09");
}

}  // namespace wording_of_statements
