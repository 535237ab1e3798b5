// Observables at times of their own, and theories that are references.
#include <fmt/format.h>

#include <cmath>

#include "../../../src/analysis/formula/definition.hpp"
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

TEST_CASE("a theory in time is not held against networks that were told to stop, and a width without times says why") {
  Table table = with_times(Validation::none);
  for (TablePoint& point : table.points) {
    for (Member& m : point.measured.members)
      if (m.draw < 2) m.rows.push_back({.observable = Observable::end_time, .time = 2, .value = 1});
    sort_series(point.measured);
    for (Member& m : syn::add_theory(point, "flow", 6).members)
      for (const double time : {0.0, 1.0, 2.0})
        m.rows.push_back({.observable = Observable::error_test, .time = time, .value = time < 2 ? 3 - time : 5});
    for (Member& m : syn::add_theory(point, "limit", 6).members)
      m.rows.push_back({.observable = Observable::error_test, .time = equilibrium, .value = 1});
  }
  const auto against = [&](const std::string& theory, const std::string& at) {
    scan::Agreement kind{.with = {.text = theory}, .within = scan::Margin{0.1, false}};
    kind.at = {at};
    const scan::Test test{.of = {{.text = "error_test", .place = {}}}, .kind = kind};
    return evaluate_tests(syn::make_context(table), std::vector{test}).at(0);
  };
  CHECK(against("flow", "1").verdict == Verdict::supported);
  const TestResult late = against("flow", "2");
  INFO(late.because);
  CHECK(late.verdict == Verdict::undecided);
  CHECK(late.because.find("2 of 6 networks had ended their training before t = 2") != std::string::npos);
  CHECK(against("limit", "2").verdict == Verdict::supported);  // what training ends at
  for (TablePoint& point : table.points)
    std::erase_if(point.measured.members[0].rows,
                  [](const Row& row) { return row.observable == Observable::end_time; });
  for (TablePoint& point : table.points)
    std::erase_if(point.measured.members[1].rows,
                  [](const Row& row) { return row.observable == Observable::end_time; });
  CHECK(against("flow", "2").verdict == Verdict::contradicted);  // nobody stopped: it is wrong

  for (Member& m : table.points[1].measured.members) m.rows.clear(), m.outcome = Outcome::diverged;
  table.points[1].measured.wanted = 6;
  const scan::Test down{
      .of = {{.text = "error_test", .place = {}}},
      .by = {"width"},
      .kind = scan::Monotone{.versus = {{.text = "time", .place = {}}}, .direction = scan::Monotone::Direction::down}};
  const TestResult falling = evaluate_tests(syn::make_context(table), std::vector{down}).at(0);
  CHECK(falling.parts.size() == table.points.size());
  CHECK(falling.verdict == Verdict::undecided);
  CHECK(falling.without_numbers);
  CHECK(falling.because.find("all 6 replicas diverged") != std::string::npos);
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

TEST_CASE("curves along steps and operations, whatever unit the times have") {
  Table table = with_times(Validation::none);
  for (TablePoint& point : table.points) {
    point.point.spec.training = training::GradientDescent{.learning_rate = 0.5, .steps = 4};
    point.point.spec.network.width = static_cast<int>(std::get<double>(point.point.names[0].value));
  }
  Context context = syn::make_context(table);
  // Two steps per unit of time; 4 N d P + 6 N P operations a step.
  Site at;
  at.time = {TimePick::Kind::exact, 2};
  CHECK(evaluate(context, context.resolve("steps"), at).value == 4);
  const double wide = evaluate(context, context.resolve("compute"), {4, at.time, {}, ""}).value;
  CHECK(wide == Approx(16 * evaluate(context, context.resolve("compute"), at).value));
  // Error 3 - t meets 1.5 at t = 1.5, three steps; the operations of that differ from width to width.
  scan::Define along{.name = "needed", .kind = scan::Crossing{.level = 1.5}, .of = {.text = "error_test"}};
  std::get<scan::Crossing>(along.kind).along = "steps";
  std::get<scan::Crossing>(along.kind).in = scan::Interpolation::x;
  evaluate_definitions(context, {along});
  REQUIRE(context.definitions["needed"].size() == 5);
  for (const DefinedNumber& number : context.definitions["needed"])
    CHECK(number.quantity.value == Approx(3).margin(0.05));
  // The gradient flow chooses its steps: it is said, and nothing is made up.
  table.points[0].point.spec.training = training::GradientDescent{.time = 2.0};
  CHECK(evaluate(context, context.resolve("steps"), at).problem.find("no fixed steps") != std::string::npos);
}

TEST_CASE("the error of means of as many networks as observe says") {
  Table table = syn::make_table({.draws = 8, .initialisations = 4, .sampler = false});
  syn::add_errors(table, 4, {.draws = 0.1, .initialisations = 0.1, .rest = 0.05});
  syn::add_predictors(table, 4, 20, 0, 0, 0.3);
  for (TablePoint& point : table.points) point.point.observe.members = {1, 3, 10};
  const Context context = syn::make_context(table);
  const scan::Mentions bare = context.resolve("error_ensemble");
  CHECK(coordinates_at(bare, table.points[0], "") == std::pair(std::string("members"), std::vector<double>{1, 3, 10}));
  CHECK(coordinates_at(context.resolve("error_ensemble(3)"), table.points[0], "").second.empty());
  for (const double m : {1.0, 3.0, 10.0}) {
    Site site;
    site.coordinate = m;
    site.dimension = "members";
    const std::string formula = fmt::format("error_ensemble({})", m);
    CHECK(evaluate(context, bare, site).value == value_of(context, formula));
  }
  CHECK(value_of(context, "error_ensemble(1)") == Approx(value_of(context, "error_test")));
  CHECK(evaluate(context, bare, {}).problem.find("how many") != std::string::npos);
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
