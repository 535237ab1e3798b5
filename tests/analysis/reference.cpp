// A theory in the place of another one, in every kind of test.
#include "../../src/analysis/test/evaluate.hpp"
#include "catch.hpp"
#include "synthetic.hpp"

using namespace fieldscan;
using namespace fieldscan::analysis;
namespace syn = fieldscan::analysis::synthetic;

namespace {

/// Networks and nngp with an error of 0.3, and `other`, which has 0.6, on the same 24 draws.
Table two_theories() {
  Table table = syn::make_table({.widths = {64, 128, 256}, .draws = 24});
  syn::add_errors(table, 5, {.draws = 0.1, .initialisations = 0, .rest = 0.01});
  for (TablePoint& point : table.points)
    for (Member& m : syn::add_theory(point, "other", 24).members)
      m.rows.push_back(
          {.observable = Observable::error_test, .value = 0.6 * (1 + 0.1 * syn::normal(5, "draw", m.draw, 1))});
  return table;
}

Verdict verdict(const scan::TestKind& kind, const std::string& of) {
  const Table table = two_theories();
  const scan::Test test{.of = {{.text = of, .place = {}}}, .kind = kind};
  return evaluate_tests(syn::make_context(table), std::vector{test}).at(0).verdict;
}

scan::Reference theory(const std::string& name) { return {.text = name, .place = {}, .theory = true}; }

scan::Chi2 chi2_with(const std::string& name) { return {.with = theory(name)}; }
scan::Agreement agreement_with(const std::string& name) {
  return {.with = theory(name), .within = scan::Margin{0.1, true}};
}
scan::Conservation conservation_with(const std::string& name) {
  return {.within = scan::Margin{0.1, true}, .with = theory(name)};
}

}  // namespace

TEST_CASE("a prediction is compared with the other theory's, not with itself") {
  for (const char* of : {"nngp.error_test", "error_test"}) {
    INFO(of);
    CHECK(verdict(chi2_with("other"), of) == Verdict::contradicted);
    CHECK(verdict(agreement_with("other"), of) == Verdict::contradicted);
    CHECK(verdict(conservation_with("other"), of) == Verdict::contradicted);
  }
}

TEST_CASE("and agrees where it does") {
  CHECK(verdict(agreement_with("nngp"), "error_test") == Verdict::supported);
  CHECK(verdict(conservation_with("nngp"), "error_test") == Verdict::supported);
}
