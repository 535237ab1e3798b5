// χ² of a predictor: mean squares of few draws are skewed, and an exact theory must not be refused for it.
#include "../../../src/analysis/test/evaluate.hpp"
#include "../synthetic.hpp"
#include "catch.hpp"

using namespace fieldscan;
using namespace fieldscan::analysis;
namespace syn = fieldscan::analysis::synthetic;

namespace {

/// In how many of so many campaigns of ten draws of four chains, at one test point, χ² is given p < 5%; `amplitude`: of
/// what the theory leaves out.
int refusals(int campaigns, double amplitude) {
  const scan::Test test{.of = {{.text = "predictor", .place = {}}},
                        .kind = scan::Chi2{.with = {.text = "nngp", .place = {}, .theory = true}}};
  int count = 0;
  for (int k = 0; k < campaigns; ++k) {
    Table table = syn::make_table({.widths = {64}, .draws = 10});
    syn::add_predictors(table, static_cast<std::uint64_t>(700 + k), 1, amplitude, 0, 0.1);
    count += evaluate_tests(syn::make_context(table), std::vector{test}).at(0).parts.at(0).p < 0.05;
  }
  return count;
}

}  // namespace

TEST_CASE("an exact predictor is refused hardly more often than stated, a wrong one nearly always") {
  // Of 200 some 15 ± 4; with t values of χ²/ν itself 27 ± 5, and of the wrong ones few.
  CHECK(refusals(200, 0) <= 20);
  CHECK(refusals(20, 0.2) >= 19);
}
