// What the headline of a test of several statements says.
#include "../../../src/analysis/verdict/family.hpp"
#include "../synthetic.hpp"
#include "catch.hpp"

using namespace fieldscan;
using namespace fieldscan::analysis;

namespace headlines {

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// ±error about `value`, of n data draws, or of as many initialisations on one draw each.
Quantity number(double value, double error, int n, bool of_draws) {
  Quantity q = exact_quantity(value);
  const double unit = error * std::sqrt(n - 1.0) / n;
  for (int k = 0; k < n; ++k) q.influence.push_back({of_draws ? k : 0, of_draws ? 0 : k, k % 2 ? unit : -unit});
  return q;
}

Finding labelled(Finding finding, std::string label) {
  finding.label = std::move(label);
  finding.statement = "the number";
  return finding;
}

}  // namespace

TEST_CASE("a headline asks for what all open statements need, as the plan does") {
  const Allowed allowed{-1, 1};
  const Finding easy = labelled(judge(number(0.7, 0.4, 16, true), allowed, members_for_mean), "easy"),
                hard = labelled(judge(number(0.2, 0.7, 12, false), allowed, members_for_mean), "hard"),
                good = labelled(judge(number(0, 0.1, 16, true), allowed, members_for_mean), "good");
  REQUIRE(easy.enough.draws > 16);
  REQUIRE(hard.enough.initialisations > 12);
  const TestResult result = join("t", "s", {good, easy, hard});
  CHECK(has(result.because, std::to_string(easy.enough.draws) + " data draws and " +
                                std::to_string(hard.enough.initialisations) +
                                " initialisations in all would decide both open statements, four times in five"));
  CHECK_FALSE(has(result.because, "times as many"));  // that is of one statement
  CHECK(options_of(result.enough) ==
        "--set ensemble.data_draws=" + std::to_string(easy.enough.draws) +
            " --set ensemble.initialisations=" + std::to_string(hard.enough.initialisations));
  CHECK(has(result.parts[1].statement, "times as many data draws"));
  // Alone in its test a statement says it itself; beside one that no members decide, of how many it is.
  CHECK(has(join("t", "s", {easy}).because, "times as many data draws"));
  const TestResult some = join("t", "s", {easy, labelled(nothing_to_judge({"no number yet"}), "none")});
  CHECK(has(some.because, "would decide 1 of 2 open statements"));
  CHECK(has(join("t", "s", {good, easy}).because, "would decide it, four times in five"));
}

TEST_CASE("the headline of a contradiction says that its number is formed from survivors") {
  Quantity far = number(3, 0.1, 16, true);
  far.survivors = true;
  far.basis = {.members = 12, .asked = 32, .marks = 0};
  const Allowed allowed{-1, 1};
  const TestResult result = join("t", "s",
                                 {labelled(judge(number(0, 0.1, 16, true), allowed, members_for_mean), "good"),
                                  labelled(judge(far, allowed, members_for_mean), "far")});
  CHECK(result.p_value < error_rate);
  CHECK(has(result.because, "far: the number (formed from the replicas that survived, 12 of 32"));
}

}  // namespace headlines
