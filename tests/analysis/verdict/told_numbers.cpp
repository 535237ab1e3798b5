#include <algorithm>
#include <cmath>
#include <vector>

#include "../../../src/analysis/test/evaluate.hpp"
#include "../synthetic.hpp"
#include "catch.hpp"
#include "fieldscan/analysis/verdict/render.hpp"

/// The numbers of a verdict as JSON are those of its sentence.
namespace fieldscan::analysis {
namespace told_numbers {
namespace {

namespace syn = fieldscan::analysis::synthetic;

scan::Formula formula(const std::string& text) { return {.text = text, .place = {}}; }

TestResult evaluated(const Table& table, const scan::Test& test) {
  return evaluate_tests(syn::make_context(table), std::vector{test}).at(0);
}

/// Predictors whose distance from the theory falls as width^exponent.
Table falling(double exponent) {
  Table table = syn::make_table({.test_points = 40});
  syn::add_predictors(table, 5, 40, 4, exponent, 0.01);
  return table;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace
TEST_CASE("of a power law the number is the exponent, and its distance from the expected one stands beside it") {
  const Table table = falling(-0.5);
  for (const double expect : {-0.5, -1.5}) {
    CAPTURE(expect);
    const TestResult result =
        evaluated(table, {.name = "a law",
                          .of = {formula("deviation(nngp)")},
                          .kind = scan::PowerLaw{.versus = {formula("width")},
                                                 .expect = {.each = {formula(std::to_string(expect))}},
                                                 .within = scan::Margin{0.2, false}}});
    REQUIRE(result.parts.size() == 1);
    const TestResult::Part& part = result.parts[0];
    INFO(part.statement);
    CHECK(part.verdict == (expect == -0.5 ? Verdict::supported : Verdict::contradicted));
    REQUIRE((part.number && part.distance));
    CHECK(part.number->is == "exponent");
    CHECK(std::abs(part.number->value + 0.5) < 0.05);  // twenty of its errors
    CHECK((part.number->low < part.number->value && part.number->value < part.number->high));
    CHECK(part.number->expected == expect);
    CHECK(std::abs(part.number->allowed_low - (expect - 0.2)) < 1e-12);
    CHECK(std::abs(part.number->allowed_high - (expect + 0.2)) < 1e-12);
    // The expected number is exact: the distance is the exponent, moved.
    CHECK(std::abs(part.distance->value - (part.number->value - expect)) < 1e-12);
    CHECK(std::abs(part.distance->low - (part.number->low - expect)) < 1e-9);
    CHECK(std::abs(part.distance->standard_error - part.number->standard_error) < 1e-9);
    CHECK(part.distance->allowed_high == 0.2);
    CHECK(has(to_json({result}), R"("value_is": "exponent", "value": -0.)"));
    CHECK(has(to_json({result}), R"(, "distance": {"value": )"));
  }
}

TEST_CASE("a law of which nothing is expected has its exponent, and no distance") {
  const TestResult result =
      evaluated(falling(-1), {.name = "a law",
                              .of = {formula("deviation(nngp)")},
                              .kind = scan::PowerLaw{.versus = {formula("width")}, .expect = {}, .within = {}}});
  REQUIRE(result.parts.at(0).number);
  CHECK(std::abs(result.parts[0].number->value + 1) < 0.1);
  CHECK_FALSE(result.parts[0].distance);
  CHECK_FALSE(result.parts[0].number->expected);
  CHECK(has(to_json({result}), R"("allowed": [null, null], "expected": null)"));
}

TEST_CASE("of an agreement the number is the difference, relative where the margin is") {
  Table table = syn::make_table({.widths = {64}});
  syn::add_errors(table, 2, {.rest = 0.05}, 1.25);
  for (const bool relative : {true, false}) {
    const TestResult result =
        evaluated(table, {.name = "near",
                          .of = {formula("error_test")},
                          .kind = scan::Agreement{.with = {.text = "nngp"}, .within = scan::Margin{0.1, relative}}});
    REQUIRE(result.parts.at(0).number);
    CHECK(result.parts[0].number->is == (relative ? "relative difference" : "difference"));
    // 0.3 against 0.375, each of 96 networks of 5 %.
    CHECK(std::abs(result.parts[0].number->value - (relative ? -0.2 : -0.075)) < 0.02);
    CHECK_FALSE(result.parts[0].distance);
  }
}

TEST_CASE("χ² over many points has its numbers, and says on how many chains it stands") {
  Table table = syn::make_table({.widths = {64, 128, 256}, .draws = 12, .initialisations = 2});
  for (TablePoint& point : table.points) point.measured.wanted = 24;
  syn::add_errors(table, 3, {.rest = 0.05}, 1, 12);
  const TestResult result =
      evaluated(table, {.name = "noise alone",
                        .of = {formula("error_test")},
                        .kind = scan::Chi2{.with = {.text = "nngp"}, .versus = {formula("width")}}});
  REQUIRE(result.parts.size() == 1);
  const TestResult::Part& part = result.parts[0];
  INFO(part.statement);
  REQUIRE((part.chi2 && part.number));
  CHECK(part.verdict == Verdict::supported);
  CHECK(std::abs(part.chi2->points - 3) < 1e-9);
  CHECK((part.chi2->degrees > 1 && part.chi2->degrees <= 3 + 1e-9));
  CHECK((part.chi2->value > 0 && part.chi2->value < 16));  // beyond it in one of a thousand
  CHECK(part.number->is == "chi2");
  CHECK(part.number->value == part.chi2->value);
  CHECK((part.members == 24 && part.asked == 24));
  const std::string json = to_json({result});
  CHECK(has(json, R"("value_is": "chi2", "value": )"));
  CHECK(has(json, R"("standard_error": null, "interval": null, "allowed": [null, null], "expected": )"));
  CHECK(has(json, R"("points": )"));
  CHECK(has(json, R"("degrees": )"));
}

}  // namespace told_numbers
}  // namespace fieldscan::analysis
