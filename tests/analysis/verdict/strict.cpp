// Words that mean strictly, and errors that no number of members makes smaller.
#include "../../../src/analysis/verdict/strict.hpp"

#include <cmath>

#include "../../../src/analysis/test/evaluate.hpp"
#include "../../../src/analysis/text/number.hpp"
#include "../synthetic.hpp"
#include "catch.hpp"

using namespace fieldscan;
using namespace fieldscan::analysis;
namespace syn = fieldscan::analysis::synthetic;

namespace {

/// The same of all widths: the theory and the networks alike.
TestResult of_constant(const scan::TestKind& kind, const std::string& of) {
  Table table = syn::make_table({.widths = {64, 128, 256}, .draws = 12});
  syn::add_errors(table, 5, {.draws = 0.1, .initialisations = 0, .rest = 0});
  const scan::Test test{.of = {{.text = of, .place = {}}}, .kind = kind};
  return evaluate_tests(syn::make_context(table), std::vector{test}).at(0);
}

scan::Monotone along_width(scan::Monotone::Direction direction) {
  return {.versus = {{.text = "width", .place = {}}}, .direction = direction};
}

bool says_so(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

Quantity of_members(double value, double spread, int draws) {
  Quantity q = exact_quantity(value);
  for (int r = 0; r < draws; ++r) q.influence.push_back({r, 0, (r % 2 ? spread : -spread) / draws});
  return q;
}

}  // namespace

TEST_CASE("a constant goes neither up nor down") {
  using Direction = scan::Monotone::Direction;
  for (const Direction direction : {Direction::up, Direction::down}) {
    const TestResult result = of_constant(along_width(direction), "nngp.error_test");
    CHECK(result.verdict != Verdict::supported);
    CHECK(says_so(result.because, "neither up nor down"));
  }
  CHECK(of_constant(along_width(Direction::up), "width * 1").verdict == Verdict::supported);
  CHECK(of_constant(along_width(Direction::down), "width * 1").verdict == Verdict::contradicted);
}

TEST_CASE("zero lies neither above nor below zero") {
  const std::string zero = "nngp.error_test - nngp.error_test";
  for (const scan::Bound& bound : {scan::Bound{.below = 0}, scan::Bound{.above = 0}}) {
    CHECK(of_constant(bound, zero).verdict != Verdict::supported);
    CHECK(of_constant(bound, "width - width").verdict == Verdict::contradicted);
    CHECK(says_so(of_constant(bound, "width - width").parts.at(0).statement, "the bound itself"));
  }
  CHECK(of_constant(scan::Bound{.below = 1e-300}, zero).verdict == Verdict::supported);
}

TEST_CASE("an error beyond the range of numbers is told as one") {
  const Finding finding = judge(of_members(1e299, 1e299, 8), {.high = 1e300}, members_for_mean);
  CHECK_FALSE(finding.inside);
  CHECK(says_so(finding.because, "beyond the range of numbers"));
  CHECK_FALSE(says_so(finding.because, "missing"));
  CHECK_FALSE(says_so(with_error(1, std::numeric_limits<double>::infinity()), "inf"));
}

TEST_CASE("more members are advised where they make the error smaller, and only there") {
  Quantity own = exact_quantity(0.95);
  own.variance = 1e-3;
  const Finding of_theory = judge(own, {.high = 1}, members_for_mean);
  CHECK_FALSE(of_theory.inside);
  CHECK(says_so(of_theory.because, "do not make smaller"));
  CHECK_FALSE(says_so(of_theory.because, "would decide"));
  CHECK(of_theory.enough.draws == 0);
  const Quantity sampled = of_members(0.95, 0.1, 12);
  CHECK(says_so(judge(sampled, {.high = 1}, members_for_mean).because, "would decide"));
  Quantity both = sampled;
  both.variance = 1e-3;
  CHECK(says_so(judge(both, {.high = 1}, members_for_mean).because, "do not make smaller"));
}
