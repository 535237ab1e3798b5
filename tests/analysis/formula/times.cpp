// Observables at times of their own, and theories that are references.
#include <cmath>

#include "../../../src/analysis/test/evaluate.hpp"
#include "../synthetic.hpp"
#include "catch.hpp"

using namespace fieldscan;
using namespace fieldscan::analysis;
namespace syn = fieldscan::analysis::synthetic;

namespace times_of_their_own {

namespace {

/// Every network has the errors 3, 2, 1 at the times 0, 1, 2 of training; validation, where there is one, is best at 1.
enum class Validation { none, some };
Table with_times(Validation validation) {
  Table table = syn::make_table({.draws = 6, .initialisations = 1, .sampler = false});
  for (TablePoint& point : table.points) {
    for (Member& m : point.measured.members)
      for (int t = 0; t < 3; ++t) {
        const double noise = 0.01 * syn::normal(5, "noise", m.draw, t);
        m.rows.push_back({.observable = Observable::error_test, .time = 1.0 * t, .value = 3 - t + noise});
        if (validation == Validation::some)
          m.rows.push_back({.observable = Observable::error_validation, .time = 1.0 * t, .value = t == 1 ? 1.0 : 2.0});
      }
    sort_series(point.measured);
  }
  return table;
}

double value_of(const Context& context, const std::string& formula) {
  const Quantity q = evaluate(context, context.resolve(formula), {});
  INFO(q.problem);
  CHECK(q.has_value());
  return q.value;
}

}  // namespace

TEST_CASE("start, end and best in one expression") {
  const Table table = with_times(Validation::some);
  const Context context = syn::make_context(table);
  CHECK(value_of(context, "error_test") == Approx(1).margin(0.02));
  CHECK(value_of(context, "error_test(start)") == Approx(3).margin(0.02));
  CHECK(value_of(context, "error_test(best)") == Approx(2).margin(0.02));
  CHECK(value_of(context, "error_test(start) / error_test(end)") == Approx(3).epsilon(0.02));
  // The difference at one time is that of the same networks: no error at all.
  CHECK(estimate(evaluate(context, context.resolve("error_test(end) - error_test"), {})).standard_error ==
        Approx(0).margin(1e-12));
}

TEST_CASE("without validation errors there is no best time, and it is said") {
  const Table table = with_times(Validation::none);
  const Context context = syn::make_context(table);
  CHECK(evaluate(context, context.resolve("error_test(best)"), {}).problem.find("validation") != std::string::npos);
  CHECK(value_of(context, "error_test(start)") == Approx(3).margin(0.02));
}

TEST_CASE("chains in time have the times at which they were looked at, and at the end their average") {
  Table table = syn::make_table({.draws = 6, .initialisations = 2, .sampler = true});
  for (TablePoint& point : table.points) {
    for (Member& m : point.measured.members)
      for (const double time : {0.0, 1.0, equilibrium})
        m.rows.push_back(
            {.observable = Observable::error_test, .time = time, .value = std::isfinite(time) ? 3 - time : 5});
    sort_series(point.measured);
    Series& theory = syn::add_theory(point, "relaxation", 6);
    for (Member& m : theory.members)
      for (const double time : {0.0, 1.0})
        m.rows.push_back({.observable = Observable::error_test, .time = time, .value = 2.5 - time});
    sort_series(theory);
  }
  const Context context = syn::make_context(table);
  CHECK(value_of(context, "error_test") == 5);
  CHECK(value_of(context, "error_test(start)") == 3);
  CHECK(times_at(context, context.resolve("error_test"), 0, "") == std::vector<double>{0, 1});
  // A theory of finite times has nothing to say of the average, and is not taken at another time for it.
  Site average;
  average.time = {TimePick::Kind::exact, equilibrium};
  CHECK(evaluate(context, context.resolve("error_test"), average).value == 5);
  CHECK_FALSE(evaluate(context, context.resolve("error_test"), average, "relaxation").has_value());
}

TEST_CASE("a verdict against a reference says so") {
  Table table = syn::make_table({.draws = 12, .initialisations = 1, .sampler = false});
  syn::add_errors(table, 4, {.draws = 0.1, .initialisations = 0, .rest = 0.001});
  scan::Test test{.of = {{.text = "error_test"}}, .kind = scan::Agreement{}};
  std::get<scan::Agreement>(test.kind).with = {.text = "nngp"};
  std::get<scan::Agreement>(test.kind).within = scan::Margin{0.03, true};
  const auto statement = [&](scan::Role role) {
    for (TablePoint& point : table.points) point.point.theories = {{.name = "nngp", .theory = {}, .role = role}};
    const TestResult result = evaluate_tests(syn::make_context(table), std::vector{test}).at(0);
    CHECK(result.verdict == Verdict::supported);
    return result.statement;
  };
  CHECK(statement(scan::Role::reference).ends_with("; reference: nngp"));
  CHECK(statement(scan::Role::description).find("reference") == std::string::npos);
}

}  // namespace times_of_their_own
