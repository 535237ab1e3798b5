// Verdicts on numbers of which a bound is known.
#include "../../../src/analysis/verdict/judge.hpp"
#include "../../../src/analysis/verdict/strict.hpp"
#include "../synthetic.hpp"
#include "catch.hpp"

using namespace fieldscan;
using namespace fieldscan::analysis;

namespace verdicts_on_bounds {

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// A bound with an error, of 16 draws.
Quantity bound(double value, double error, Censored side) {
  Quantity q = exact_quantity(value);
  for (int r = 0; r < 16; ++r) q.influence.push_back({r, 0, (r % 2 ? 1 : -1) * error * std::sqrt(15.0) / 16});
  q.censored = side;
  return q;
}

}  // namespace

TEST_CASE("what lies above 0.08 lies above 0.01, and not below it") {
  for (const double error : {0.0, 0.01}) {
    const Quantity above = bound(0.08, error, Censored::above), below = scaled(above, -1);
    CHECK(judge(above, {.low = 0.01}, members_for_mean).inside);
    CHECK(judge(below, {.high = -0.01}, members_for_mean).inside);
    const Finding outside = judge(above, {.high = 0.01}, members_for_mean);
    CHECK_FALSE(outside.inside);
    CHECK(outside.p < 1e-4);
    CHECK(judge(below, {.low = -0.01}, members_for_mean).p < 1e-4);
    CHECK(judge(above, {.low = -0.01, .high = 0.01}, members_for_mean).p < 1e-4);
  }
  Finding same = judge(bound(0.08, 0, Censored::above), {.low = 0.08}, members_for_mean);
  require_strict(same, bound(0.08, 0, Censored::above), {.low = 0.08}, "the bound itself");
  CHECK(same.inside);
}

TEST_CASE("a bound that leaves it open asks for a longer axis, one that its error hides for members") {
  const Quantity above = bound(0.08, 0.01, Censored::above);
  for (const Allowed& allowed : {Allowed{.high = 0.1}, Allowed{.low = 0.1}, Allowed{.low = 0.01, .high = 0.1}}) {
    const Finding open = judge(above, allowed, members_for_mean);
    CHECK_FALSE(open.inside);
    CHECK(open.p == 1);
    CHECK(open.outcome == Finding::Outcome::open);
    CHECK(has(open.because, "a longer axis"));
  }
  for (const Allowed& allowed : {Allowed{.low = 0.07}, Allowed{.high = 0.07}, Allowed{.low = 0.05, .high = 0.07}}) {
    const Finding open = judge(above, allowed, members_for_mean);
    CHECK_FALSE(open.inside);
    CHECK(open.p >= error_rate);
    CHECK_FALSE(has(open.because, "a longer axis"));
    CHECK(has(open.because, "would decide"));
    CHECK(open.enough.draws > 16);
  }
  CHECK(has(judge(bound(0.08, 0.001, Censored::above), {.low = 0.01}, 20).because, "too few"));
}

TEST_CASE("a bound that no member moves stands on all of them, of the larger level") {
  Quantity end = exact_quantity(0.08);  // of an axis: 8 data draws with 4 initialisations
  for (int r = 0; r < 8; ++r)
    for (int i = 0; i < 4; ++i) end.influence.push_back({r, i, 0});
  end.censored = Censored::above;
  end.variance = 1e-6;
  CHECK(judge(end, {.low = 0.01}, members_for_fit).inside);
  CHECK(has(judge(end, {.low = 0.01}, 9).because, "too few"));
}

}  // namespace verdicts_on_bounds
