#include "fieldscan/scan/statement/few_members.hpp"

#include "catch.hpp"
#include "fieldscan/scan/task/test_members.hpp"
#include "helpers.hpp"

using namespace fieldscan;
using namespace fieldscan::scan;
using namespace fieldscan::scan::test;

namespace few_members_of_tests {

namespace {

const std::string flow = "{kind: gradient_descent, time: 4}";
const std::string fit = "{kind: power_law, of: error_test, versus: width, expect: -1, within: 0.1}";
const std::string mean = "{kind: bound, of: error_test, below: 1}";

/// Three widths with an ensemble of their own, and one test.
std::string with_ensemble(const std::string& ensemble, const std::string& test) {
  return base("scan: {ensemble: " + ensemble + ", grid: {network.width: [16, 32, 64]}}\ntests: [" + test + "]\n", flow);
}
/// The warnings of few members, with their remedies.
std::string told(const std::string& text) {
  std::string out;
  for (const auto& d : read_scan(text, "x.yaml").diagnostics)
    if (d.code == "FS0603") out += d.message + " | " + d.help;
  return out;
}
bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("every test that can not be decided is told before the run, with what would") {
  const auto few = [](const std::string& ensemble, const std::string& test) {
    return told(with_ensemble(ensemble, test));
  };
  // The second level is that of the base: four initialisations.
  CHECK(few("{data_draws: 3, initialisations: 3}", mean).empty());
  CHECK(few("{data_draws: 4, initialisations: 4}", mean).empty());
  CHECK(few("{data_draws: 8, initialisations: 4}", fit).empty());
  CHECK(few("{data_draws: 8, initialisations: 1}", fit).empty());
  CHECK(
      has(few("{data_draws: 4, initialisations: 4}", fit),
          "can not be decided: it takes at least 8 data draws, or 8 initialisations where these vary more; every point "
          "has 4 data draws × 4 initialisations | --set ensemble.data_draws=8"));
  CHECK(has(few("{data_draws: 1, initialisations: 2}", mean), "it takes at least 3 data draws, or 3 initialisations"));
  CHECK(
      has(few("{data_draws: 10, initialisations: 2}", mean),
          "of data draws and of initialisations at least 4, or one alone of either, to know how much both vary; every "
          "point has 10 data draws × 2 initialisations | --set ensemble.initialisations=4"));
  // What is no mean of single networks needs as many as a fit.
  const std::string formed = "{kind: bound, of: deviation(nngp), below: 1}";
  CHECK(has(told(base("scan: {ensemble: {data_draws: 4, chains: 1}}\ntests: [" + formed + "]\n")),
            "at least 8 chains in all;"));
  CHECK(told(base("scan: {ensemble: {data_draws: 4, chains: 2}}\ntests: [" + formed + "]\n")).empty());
  // Predictions of a draw need draws, one that is averaged over data nothing; an ensemble that grows gets there.
  const std::string predicted = "{kind: bound, of: nngp.error_test, below: 1}";
  CHECK(has(told(base("scan: {ensemble: {data_draws: 2, chains: 4}}\ntests: [" + predicted + "]\n")), "at least 3 "));
  CHECK(told(base("scan: {ensemble: {data_draws: 2, theory_draws: 5}}\ntests: [" + predicted + "]\n")).empty());
  CHECK(told(base("scan: {theory: [learning_curve], ensemble: {data_draws: 1, chains: 1}}\ntests: [{kind: bound, of: "
                  "learning_curve.error_test, below: 1}]\n"))
            .empty());
  CHECK(few("{data_draws: 2, initialisations: 1, until: {relative_error: 0.1}}", mean).empty());
}

TEST_CASE("what is said of an ensemble without tests is so: two networks make an interval, one makes none") {
  const auto few = [](const std::string& ensemble) {
    return told(base("scan: {ensemble: " + ensemble + ", grid: {network.width: [16, 32, 64]}}\n", flow));
  };
  const std::string one = few("{data_draws: 1, initialisations: 1}"), four = few("{data_draws: 2, initialisations: 2}"),
                    many = few("{data_draws: 10, initialisations: 2}");
  CHECK(
      has(one, "no mean will have an interval of its ensemble, and no test of one be decided: that takes at least 3 "));
  CHECK(has(one, "there is 1 data draw × 1 initialisation"));
  for (const std::string& text : {four, many}) CHECK_FALSE(has(text, "interval"));
  CHECK(has(four,
            "no test of a mean will be decided: that takes at least 3 data draws, or 3 initialisations where these "
            "vary more, and there are 2 data draws × 2 initialisations"));
  // Ten draws are enough; what is missing are initialisations.
  CHECK(has(many, "that takes of data draws and of initialisations at least 4, or one alone of either"));
  CHECK(few("{data_draws: 3, initialisations: 3}").empty());
}

TEST_CASE("members are counted at the points that a test selects, through its definitions too") {
  const std::string two =
      "scan: [{ensemble: {data_draws: 8, initialisations: 1}, grid: {network.width: [16, 32, 64]}}, "
      "{ensemble: {data_draws: 2, initialisations: 1}, grid: {network.width: [128, 256]}}]\n";
  CHECK(has(told(base(two + "tests: [" + fit + "]\n", flow)), "2 of 5 points have 2 data draws × 1 initialisation"));
  const std::string narrow =
      "{kind: power_law, of: error_test, versus: width, expect: -1, within: 0.1, where: \"width < 100\"}";
  CHECK(told(base(two + "tests: [" + narrow + "]\n", flow)).empty());
  const std::string slope = "define: {s: {slope: error_test, along: width, where: \"width < 100\"}}\n";
  CHECK(told(base(two + slope + "tests: [{kind: agreement, of: s, with: -1, within: 0.1}]\n", flow)).empty());
  // Two definitions of other points each: both are looked at.
  const std::string both =
      "define: {s: {slope: error_test, along: width, where: \"width < 100\"}, t: {maximum: error_test, "
      "along: width, where: \"width > 100\"}}\n";
  CHECK(
      has(told(base(two + both + "tests: [{kind: agreement, of: s, with: t, within: 0.1}]\n", flow)), "2 of 5 points"));
  const auto members = members_of_tests(must_read(base(two + "tests: [" + narrow + ", " + mean + "]\n", flow)));
  CHECK(members[0].points == 3);
  CHECK(members[0].abscissas == std::set<double>{16, 32, 64});
  CHECK(members[1].too_few == 2);
  CHECK(members[1].members == 2);
}

TEST_CASE("which sizes of two levels are known") {
  for (const auto& [draws, initialisations, known] : {std::tuple{10, 1, true},
                                                      {1, 1, true},
                                                      {3, 3, true},
                                                      {4, 4, true},
                                                      {4, 60, true},
                                                      {2, 2, false},
                                                      {10, 2, false},
                                                      {3, 4, false},
                                                      {20, 3, false}}) {
    CAPTURE(draws, initialisations);
    CHECK(both_levels_known(draws, initialisations) == known);
    CHECK(both_levels_known(initialisations, draws) == known);
  }
}

}  // namespace few_members_of_tests
