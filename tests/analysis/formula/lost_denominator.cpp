// Ratios whose denominator may be zero.
#include <cmath>

#include "../../../src/analysis/test/evaluate.hpp"
#include "../synthetic.hpp"
#include "catch.hpp"

using namespace fieldscan;
using namespace fieldscan::analysis;
namespace syn = fieldscan::analysis::synthetic;

namespace lost_denominators {

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

Quantity value_of(const Table& table, const std::string& formula) {
  const Context context = syn::make_context(table);
  return evaluate(context, context.resolve(formula), {});
}

/// error_test = 0.3 ± 0.03 in every member, and predictors that differ from the theory's by `shift` alone and noise.
Table table_with(double shift) {
  Table table = syn::make_table({.widths = {64}, .draws = 12});
  syn::add_predictors(table, 500, 40, shift, 0, 1);
  auto theory = std::make_shared<Series>(*table.points[0].theories.at("nngp"));
  for (Member& m : table.points[0].measured.members)
    m.rows.push_back({.observable = Observable::error_test,
                      .value = 0.3 + 0.03 * syn::normal(1, "error", m.draw, m.initialisation)});
  for (Member& m : theory->members)
    m.rows.push_back({.observable = Observable::error_test, .value = 0.3 + 0.03 * syn::normal(1, "theory", m.draw, 0)});
  table.points[0].theories["nngp"] = theory;
  return table;
}

}  // namespace

TEST_CASE("a distance that is smaller than its error can not be divided by") {
  const Table lost = table_with(0), known = table_with(1);
  for (const char* ratio : {"error_test / deviation(nngp)", "1 + error_test / (2 * deviation(nngp)^2)",
                            "deviation(nngp) / deviation(nngp) / 2"}) {
    INFO(ratio);
    CHECK(has(value_of(lost, ratio).problem, "lost in its error: the ratio may be anything"));
    CHECK(value_of(known, ratio).has_value());
  }
  CHECK(has(value_of(lost, "error_test / deviation(nngp)").problem, "the denominator deviation(nngp) is lost"));
  // Above the line it may be what it is, and what is sure of its sign is divided by.
  CHECK(value_of(lost, "deviation(nngp) / error_test").has_value());
  CHECK(value_of(lost, "error_test / (error_test - 1)").has_value());
  CHECK(value_of(lost, "error_test / width").has_value());
}

TEST_CASE("a relative margin of what is lost in its error means nothing") {
  const auto of = [](const std::string& formula, const std::string& with) {
    const Table table = table_with(0);
    const scan::Test test{.name = "test",
                          .of = {{.text = formula, .place = {}}},
                          .kind = scan::Agreement{.with = {.text = with}, .within = scan::Margin{0.5, true}}};
    return evaluate_tests(syn::make_context(table), std::vector{test}).at(0);
  };
  CHECK(has(of("error_test", "error_test - nngp.error_test").because, "is lost in its error: a relative margin"));
  CHECK(of("error_test", "nngp.error_test").verdict == Verdict::supported);
}

}  // namespace lost_denominators
