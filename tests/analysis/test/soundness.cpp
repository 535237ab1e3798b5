// What is told of numbers of which a test could make none.
#include <cmath>

#include "../../../src/analysis/fit/curve_law.hpp"
#include "../../../src/analysis/fit/fit.hpp"
#include "../../../src/analysis/test/evaluate.hpp"
#include "../synthetic.hpp"
#include "catch.hpp"
#include "fieldscan/analysis/verdict/render.hpp"

using namespace fieldscan;
using namespace fieldscan::analysis;
namespace syn = fieldscan::analysis::synthetic;

namespace soundness_without_numbers {

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// error_test of 0.3 ± 0.01 at five widths; 4 of 96 chains of the first did not equilibrate.
Table with_unsettled_chains() {
  Table table = syn::make_table({});
  syn::add_errors(table, 11, {.rest = 0.03});
  for (std::size_t k = 0; k < 4; ++k) table.points[0].measured.members[k].outcome = Outcome::not_equilibrated;
  return table;
}

TestResult law_of(const std::string& of) {
  const Table table = with_unsettled_chains();
  const scan::Test test{.name = "test",
                        .of = {{.text = of, .place = {}}},
                        .kind = scan::PowerLaw{.versus = {{.text = "width", .place = {}}},
                                               .expect = {{{.text = "-1", .place = {}}}},
                                               .within = scan::Margin{0.3, false}}};
  return evaluate_tests(syn::make_context(table), std::vector{test}).at(0);
}

}  // namespace

TEST_CASE("negative values have no power law, and are not called lost in their errors") {
  const TestResult negative = law_of("error_test - 1");
  CHECK(has(negative.because, "the values are negative: no logarithm"));
  CHECK_FALSE(has(negative.because, "lost"));
  CHECK(negative.verdict == Verdict::undecided);
  // Noise about zero is lost in its errors.
  const std::vector<double> x{1, 2, 4};
  const auto lost = [](double value) {
    Quantity q = exact_quantity(value);
    q.variance = 1;
    return q;
  };
  CHECK(
      has(fit_power_law(x, std::vector{lost(-0.1), lost(-0.2), lost(-0.15)}).exponent.problem, "lost in their errors"));
  CHECK(has(fit_power_law(x, std::vector{exact_quantity(-3), exact_quantity(-2), lost(0.1)}).exponent.problem,
            "2 of 3 values are negative"));
  CHECK(fit_power_law({}, {}).exponent.problem == "0 points; a power law needs three");
  CHECK(fit_power_law(std::vector{1.0}, std::vector{exact_quantity(1)}).exponent.problem ==
        "1 point; a power law needs three");
}

TEST_CASE("chains that did not equilibrate are told of a law that has no exponent too") {
  for (const char* of : {"error_test - 1", "error_test"}) {
    const TestResult result = law_of(of);
    CHECK(result.unsettled.chains == Approx(4.0 / 96));
    CHECK(has(render({result}), "4.2 % of the chains did not equilibrate"));
    REQUIRE(result.parts.size() == 1);
    CHECK(has(result.parts[0].flag, "not_equilibrated"));
  }
}

}  // namespace soundness_without_numbers
