// Data draws that are copies of one another.
#include <cmath>

#include "../../src/analysis/quantity/observe.hpp"
#include "../../src/analysis/test/evaluate.hpp"
#include "catch.hpp"
#include "synthetic.hpp"

using namespace fieldscan;
using namespace fieldscan::analysis;
namespace syn = fieldscan::analysis::synthetic;

namespace {

constexpr double rounding = 3e-14;

enum class Copies { untold, told };

/// Errors that differ by initialisation, and by rounding from draw to draw; of the theory by rounding alone.
Table copied(int draws, int initialisations, Copies copies, double own_noise = 0) {
  Table table = syn::make_table({.widths = {64}, .draws = draws, .initialisations = initialisations, .sampler = false});
  TablePoint& point = table.points[0];
  for (Member& m : point.measured.members)
    m.rows.push_back({.observable = Observable::error_test,
                      .value = 0.3 + 0.01 * syn::normal(1, "init", 0, m.initialisation) +
                               own_noise * syn::normal(1, "noise", m.draw, m.initialisation) +
                               rounding * syn::normal(1, "rounding", m.draw, m.initialisation)});
  for (Member& m : syn::add_theory(point, "nngp", draws).members)
    m.rows.push_back(
        {.observable = Observable::error_test, .value = 0.31 + rounding * syn::normal(2, "rounding", m.draw, 0)});
  if (copies == Copies::untold) return table;
  point.measured.same_data = true;
  auto theory = std::make_shared<Series>(*point.theories.at("nngp"));
  theory->same_data = true;
  if (own_noise == 0) mark_copies(point.measured), mark_copies(*theory);
  point.theories["nngp"] = theory;
  return table;
}

TestResult bound(const Table& table, const std::string& of, double below) {
  const scan::Test test{.of = {{.text = of, .place = {}}}, .kind = scan::Bound{.below = below}};
  return evaluate_tests(syn::make_context(table), std::vector{test}).at(0);
}
Estimate error_of(const Series& series) {
  return estimate(mean_of_rows(series, Observable::error_test, equilibrium, 0));
}
bool tells(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("an error bar is none of copies: networks have that of their initialisations") {
  const Estimate untold = error_of(copied(20, 1, Copies::untold).points[0].measured);
  CHECK(untold.standard_error < 1e-13);  // the control: it is rounding
  const Table one = copied(20, 1, Copies::told);
  CHECK(std::isnan(error_of(one.points[0].measured).standard_error));
  const Table several = copied(20, 6, Copies::told);
  const Estimate e = error_of(several.points[0].measured),
                 alone = error_of(copied(1, 6, Copies::told).points[0].measured);
  CHECK(e.draws == 1);
  CHECK(e.initialisations == 6);
  CHECK(e.standard_error == Approx(alone.standard_error).epsilon(1e-9));
  CHECK(e.standard_error > 1e-3);
}

TEST_CASE("a theory has one number for copies, whatever stands beside it") {
  for (const double own_noise : {0.0, 0.01}) {
    const Table table = copied(20, 4, Copies::told, own_noise);
    const Quantity q = mean_of_rows(*table.points[0].theories.at("nngp"), Observable::error_test, equilibrium, 0);
    CHECK(q.value == Approx(0.31));
    CHECK(q.influence.size() == 1);
    CHECK(std::isnan(estimate(q).standard_error));
  }
}

TEST_CASE("statements about copies say so, and ask for what helps") {
  CHECK(bound(copied(20, 1, Copies::untold), "error_test", 0.5).verdict == Verdict::supported);  // the control
  const TestResult one = bound(copied(20, 1, Copies::told), "error_test", 0.5);
  CHECK(one.verdict == Verdict::undecided);
  CHECK(tells(
      one.because,
      "all data draws are the same in what it is formed from and count as one, with 1 initialisation; 3 are needed"));
  CHECK(one.enough.draws == 0);
  CHECK(one.enough.initialisations == 3);
  const TestResult several = bound(copied(20, 6, Copies::told), "error_test", 0.5);
  CHECK(several.verdict == Verdict::supported);
  CHECK(tells(several.because, "about this one set of data"));
  CHECK_FALSE(tells(several.because, "about this one data draw"));
  const TestResult theory = bound(copied(20, 6, Copies::told), "nngp.error_test", 0.5);
  CHECK(theory.verdict == Verdict::undecided);
  CHECK(tells(theory.because, "a theory has one number for them"));
  CHECK(theory.enough.draws == 0);
}

TEST_CASE("what trains with noise of its own has an error over copies, and is about this one set of data") {
  const Table table = copied(20, 1, Copies::told, 0.01);
  CHECK(error_of(table.points[0].measured).standard_error == Approx(0.01 / std::sqrt(20)).epsilon(0.4));
  const TestResult result = bound(table, "error_test / nngp.error_test", 1.5);
  CHECK(result.verdict == Verdict::supported);
  CHECK(tells(result.because, "about this one set of data"));
}

TEST_CASE("of copies those of the first draw with most numbers stay") {
  Table table = copied(3, 2, Copies::untold);
  Series& series = table.points[0].measured;
  series.members[0].outcome = Outcome::failed;
  mark_copies(series);
  for (const Member& member : series.members) CHECK(usable(member) == (member.draw == 1));
  CHECK(has_numbers(series.members.back()));
}
