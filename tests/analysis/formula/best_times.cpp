// Tests along an axis at the best time, which every point has for itself.
#include <cmath>

#include "../../../src/analysis/test/evaluate.hpp"
#include "../synthetic.hpp"
#include "catch.hpp"

using namespace fieldscan;
using namespace fieldscan::analysis;
namespace syn = fieldscan::analysis::synthetic;

namespace best_times {

namespace {

/// Point k of the widths is best at the time k, where its error is 8/width; before and after it is ten times that.
Table with_best_times() {
  Table table = syn::make_table({.widths = {8, 16, 32, 64}, .draws = 10, .initialisations = 1, .sampler = false});
  for (std::size_t k = 0; k < table.points.size(); ++k) {
    TablePoint& point = table.points[k];
    const double width = std::get<double>(point.point.names[0].value);
    for (Member& m : point.measured.members)
      for (std::size_t t = 0; t < 5; ++t) {
        const double noise = 1 + 0.01 * syn::normal(5, "noise" + std::to_string(width), m.draw, 0, t);
        const double value = 8 / width * (t == k ? 1 : 10) * noise, time = static_cast<double>(t);
        m.rows.push_back({.observable = Observable::error_test, .time = time, .value = value});
        m.rows.push_back({.observable = Observable::error_validation, .time = time, .value = value});
      }
    sort_series(point.measured);
  }
  return table;
}

TestResult result_of(scan::TestKind kind) {
  const Table table = with_best_times();
  const scan::Test test{.name = "test", .of = {{.text = "error_test", .place = {}}}, .kind = std::move(kind)};
  return evaluate_tests(syn::make_context(table), std::vector{test}).at(0);
}

std::vector<scan::Formula> width() { return {{.text = "width", .place = {}}}; }

}  // namespace

TEST_CASE("the points of a test at their best times are one curve, each at its own time") {
  const TestResult falls =
      result_of(scan::Monotone{.versus = width(), .direction = scan::Monotone::Direction::down, .at = {"best"}});
  INFO(falls.statement << falls.because);
  CHECK(falls.parts.size() == 1);
  CHECK(falls.verdict == Verdict::supported);
  const TestResult law = result_of(scan::PowerLaw{.versus = width(),
                                                  .expect = {{{.text = "-1", .place = {}}}},
                                                  .within = scan::Margin{0.1, false},
                                                  .at = {"best"}});
  INFO(law.statement << law.because);
  CHECK(law.parts.size() == 1);
  CHECK(law.verdict == Verdict::supported);
  // At a time that is named they are as they are then: best at the time 1 is the second point alone.
  const TestResult at_one =
      result_of(scan::Monotone{.versus = width(), .direction = scan::Monotone::Direction::down, .at = {"1"}});
  CHECK(at_one.parts.size() == 1);
  CHECK(at_one.verdict == Verdict::contradicted);
}

TEST_CASE("statements at best times are told apart by their points alone") {
  const TestResult each =
      result_of(scan::Agreement{.with = {.text = "8 / width"}, .within = scan::Margin{0.1, true}, .at = {"best"}});
  CHECK(each.verdict == Verdict::supported);
  REQUIRE(each.parts.size() == 4);
  for (const TestResult::Part& part : each.parts) {
    CHECK_FALSE(part.key.contains("time"));
    CHECK(part.label.find("time") == std::string::npos);
  }
}

}  // namespace best_times
