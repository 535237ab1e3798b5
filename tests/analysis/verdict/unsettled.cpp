// Verdicts on members that are not what they were asked to become: chains that did not equilibrate, networks that did
// not converge, pairs that tell no error.
#include <algorithm>
#include <cmath>

#include "../../../src/analysis/formula/formula.hpp"
#include "../../../src/analysis/test/evaluate.hpp"
#include "../../../src/analysis/verdict/judge.hpp"
#include "../synthetic.hpp"
#include "catch.hpp"
#include "fieldscan/analysis/verdict/render.hpp"

using namespace fieldscan;
using namespace fieldscan::analysis;
namespace syn = fieldscan::analysis::synthetic;

namespace {

scan::Formula formula(const std::string& text) { return {.text = text, .place = {}}; }
bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TestResult result_of(const Table& table, scan::TestKind kind) {
  const scan::Test test{.name = "test", .of = {formula("error_test")}, .kind = std::move(kind)};
  return evaluate_tests(syn::make_context(table), std::vector{test}).at(0);
}

scan::Agreement agreement(const std::string& at = "") {
  return {.with = {.text = "nngp"}, .within = scan::Margin{0.1, true}, .at = {at}};
}

/// Networks that follow the theory at two widths; of the first width so many did not end as asked.
Table table_of(Outcome outcome, std::size_t count, bool sampler) {
  Table table = syn::make_table({.widths = {64, 128}, .draws = 12, .initialisations = 4, .sampler = sampler});
  syn::add_errors(table, 11, {.draws = 0.3, .rest = 0.01}, 1, 12);
  auto& members = table.points[0].measured.members;
  for (std::size_t k = 0; k < count; ++k) {
    members[k].outcome = outcome;
    members[k].reason = "the loss is 0.3, not below 0.1";
  }
  return table;
}

}  // namespace

TEST_CASE(
    "a verdict on networks of which some did not converge is marked, on those of which none did it is undecided") {
  const TestResult all_done = result_of(table_of(Outcome::not_converged, 0, false), agreement());
  CHECK(all_done.verdict == Verdict::supported);
  CHECK_FALSE(all_done.unsettled.any());
  CHECK_FALSE(has(render({all_done}), "did not"));
  const TestResult some = result_of(table_of(Outcome::not_converged, 5, false), agreement());
  CHECK(some.verdict == Verdict::supported);
  CHECK(some.unsettled.networks == Approx(5.0 / 48));
  CHECK(has(render({some}), "as many as 10 % of the networks did not converge"));
  CHECK(has(to_json({some}), R"("unsettled": {"chains": 0, "networks": 0.104)"));
  const TestResult none = result_of(table_of(Outcome::not_converged, 48, false), agreement());
  CHECK(none.verdict == Verdict::undecided);
  CHECK(has(none.because, "none of 48 networks converged: the loss is 0.3, not below 0.1"));
  CHECK(exit_status({none}) == 6);
  // The share of those that did not is a measurement all the same.
  const scan::Test share{.of = {formula("not_converged")}, .kind = scan::Bound{.above = 0.5}};
  Table half = table_of(Outcome::not_converged, 48, false);
  half.points.pop_back();
  CHECK(evaluate_tests(syn::make_context(half), std::vector{share}).at(0).verdict == Verdict::supported);
}

TEST_CASE("what networks are on their way is no matter of whether they converge") {
  Table table = table_of(Outcome::not_converged, 48, false);
  table.points.pop_back();
  table.points[0].point.spec.training = training::GradientDescent{};
  const auto at_two_times = [](Series& series) {
    for (Member& member : series.members) {
      Row early = member.rows.at(0);
      early.time = 1;
      member.rows[0].time = 2;
      member.rows.insert(member.rows.begin(), early);
    }
  };
  at_two_times(table.points[0].measured);
  auto theory = std::make_shared<Series>(*table.points[0].theories["nngp"]);
  at_two_times(*theory);
  table.points[0].theories["nngp"] = theory;
  CHECK(result_of(table, agreement("1")).verdict == Verdict::supported);
  CHECK_FALSE(result_of(table, agreement("1")).unsettled.any());
  CHECK(result_of(table, agreement("2")).verdict == Verdict::supported);  // the last of them, by its name
  CHECK(result_of(table, agreement("end")).verdict == Verdict::undecided);
}

TEST_CASE("a mark of chains stands at every kind of test, and chi2 judges no chains that did not equilibrate") {
  const TestResult some = result_of(table_of(Outcome::not_equilibrated, 4, true), agreement());
  CHECK(some.verdict == Verdict::supported);
  CHECK(some.unsettled.chains == Approx(4.0 / 48));
  CHECK(has(render({some}), "as many as 8.3 % of the chains did not equilibrate"));
  for (const std::size_t count : {std::size_t{0}, std::size_t{48}})
    for (const std::vector<scan::Formula>& versus : {std::vector<scan::Formula>{}, {formula("width")}}) {
      const TestResult result = result_of(table_of(Outcome::not_equilibrated, count, true),
                                          scan::Chi2{.with = {.text = "nngp"}, .versus = versus});
      INFO(result.statement << " | " << result.because);
      const bool open = std::ranges::any_of(result.parts, [](const TestResult::Part& part) {
        return part.verdict == Verdict::undecided && has(part.statement, "none of 48 chains equilibrated");
      });
      CHECK(open == (count > 0));
    }
}

TEST_CASE("of several points on chains that did not equilibrate the worst is told, and how many there are") {
  Table table = syn::make_table({.widths = {64, 128, 256, 512}, .draws = 6, .initialisations = 1});
  syn::add_errors(table, 11, {.rest = 0.02}, 1, 6);
  for (const auto& [point, count] : {std::pair{0, 2}, {1, 5}, {2, 1}, {3, 0}})
    for (int k = 0; k < count; ++k)
      table.points[static_cast<std::size_t>(point)].measured.members[static_cast<std::size_t>(k)].outcome =
          Outcome::not_equilibrated;
  const TestResult law = result_of(
      table,
      scan::PowerLaw{.versus = {formula("width")}, .expect = {{formula("0")}}, .within = scan::Margin{0.1, false}});
  INFO(law.because);
  CHECK(law.verdict == Verdict::undecided);
  CHECK(has(law.because, "5 of 6 chains did not equilibrate"));
  CHECK(has(law.because, "so at 3 of 4 points, of which this is the worst"));
  CHECK_FALSE(has(law.because, "2 of 6 chains"));
}

TEST_CASE("a theory beyond its range is named beside other reasons, and no draws are advised to decide on it") {
  const auto flag = [](Table& table) {
    for (TablePoint& point : table.points) {
      auto series = std::make_shared<Series>(*point.theories["nngp"]);
      for (Member& m : series->members)
        for (Row& row : m.rows) row.flag = Flag::outside_validity;
      point.theories["nngp"] = series;
    }
  };
  Table chains = table_of(Outcome::not_equilibrated, 24, true);
  chains.points.pop_back();
  CHECK_FALSE(has(result_of(chains, agreement()).because, "range of validity"));
  flag(chains);
  const TestResult both = result_of(chains, agreement());
  CHECK(has(both.because, "24 of 48 chains did not equilibrate"));
  CHECK(has(both.because, "nngp is beyond its stated range of validity"));
  // As far from the theory as the margin: more draws would decide.
  Table near = syn::make_table({.widths = {64}, .draws = 6, .initialisations = 1});
  syn::add_errors(near, 5, {.rest = 0.1}, 1.1, 6);
  const TestResult open = result_of(near, agreement());
  REQUIRE(open.verdict == Verdict::undecided);
  CHECK(has(open.because, "would decide"));
  flag(near);
  const TestResult beyond = result_of(near, agreement());
  CHECK(beyond.verdict == Verdict::undecided);
  CHECK_FALSE(has(beyond.because, "decide"));
  CHECK_FALSE(beyond.enough.known());
  CHECK(has(beyond.because, "nngp is beyond its stated range of validity"));
}

TEST_CASE("two members that enter a product alike leave it without an error") {
  const auto predictors = [](int draws, int initialisations, bool sampler) {
    Table table =
        syn::make_table({.widths = {64}, .draws = draws, .initialisations = initialisations, .sampler = sampler});
    syn::add_predictors(table, 7, 30, 1, 0, 0.5);
    table.points[0].point.spec.data.test_set = draws > 1 ? data::TestSet::shared : data::TestSet::fresh;
    for (Member& m : table.points[0].measured.members)
      m.rows.push_back(
          {.observable = Observable::error_test, .value = 3 + syn::normal(8, "e", m.draw, m.initialisation)});
    return table;
  };
  const auto number = [](const Table& table, const std::string& name) {
    const Context context = syn::make_context(table);
    return evaluate(context, context.resolve(name), {.point = 0});
  };
  for (const char* name : {"error_mean_predictor", "variance_init"}) {
    INFO(name);
    for (const bool sampler : {true, false}) {
      const Quantity two = number(predictors(1, 2, sampler), name), three = number(predictors(1, 3, sampler), name);
      REQUIRE(two.has_value());
      CHECK(std::isnan(estimate(two).standard_error));
      CHECK(estimate(three).standard_error > 1e-3 * std::abs(three.value));
      const Finding finding = judge(two, {.high = 1e3}, 2);
      CHECK_FALSE(finding.inside);
      CHECK(has(finding.because, "nothing tells its error"));
    }
  }
  for (const char* name : {"bias2", "variance_data", "interaction"}) {
    INFO(name);
    const Quantity two = number(predictors(2, 2, true), name), six = number(predictors(6, 2, true), name);
    REQUIRE(two.has_value());
    CHECK(std::isnan(estimate(two).standard_error));
    CHECK(estimate(six).standard_error > 1e-3 * std::abs(six.value));
  }
}
