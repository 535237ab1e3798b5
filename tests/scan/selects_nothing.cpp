#include "catch.hpp"
#include "helpers.hpp"

using namespace fieldscan;
using namespace fieldscan::scan;
using namespace fieldscan::scan::test;

namespace {

const std::string axis = "scan: {grid: {network.width: [16, 32, 64]}}\n";
const std::string flow = "{kind: gradient_descent, time: 4}";
const std::string steps = "{kind: gradient_descent, learning_rate: 0.3, steps: 20}";

/// "CODE LINE:COLUMN" of the diagnostics with one of these codes.
std::string told(const std::string& text, const std::string& among) {
  std::string out;
  for (const auto& d : read_scan(text, "x.yaml").diagnostics)
    if (among.find(d.code) != std::string::npos)
      out += (out.empty() ? "" : ", ") + d.code + " " + std::to_string(d.place.line) + ":" +
             std::to_string(d.place.column);
  return out;
}
std::string times_told(const std::string& times, const std::string& training) {
  return told(base("times: " + times + "\n", training), "FS0619");
}
std::string tested(const std::string& test, const std::string& training = flow) {
  return told(base("times: [1, 2]\n" + axis + "tests: [{" + test + "}]\n", training), "FS0506 FS0511 FS0617");
}

}  // namespace

TEST_CASE("times of a grid that no training reaches are told") {
  CHECK(times_told("[1, 2, 4]", flow).empty());
  CHECK(times_told("[1, 2, 5]", flow) == "FS0619 10:8");
  CHECK(times_told("{logspace: [0.1, 100], num: 7}", flow) == "FS0619 10:8");
  CHECK(times_told("{steps: [1, 5, 20]}", steps).empty());
  CHECK(times_told("{steps: [1, 5, 21]}", steps) == "FS0619 10:8");
  CHECK(times_told("{epochs: [1, 20]}", steps).empty());
  CHECK(times_told("{epochs: [1, 30]}", steps) == "FS0619 10:8");
  CHECK(times_told("[0.1, 5]", steps).empty());  // η/χ = 0.3: 6 at the end
  CHECK(times_told("[0.1, 6.2]", steps) == "FS0619 10:8");
  // `auto` counts in time alone; chains have an end alone.
  CHECK(times_told("{steps: [1, 5]}", flow) == "FS0619 10:8");
  CHECK(times_told("[1, 2]", "{kind: hmc, samples: 40}") == "FS0619 10:8");
  CHECK(times_told("[1, 2]", "none").empty());
  // One point is enough.
  CHECK(told(base("times: [1, 40]\nscan: {grid: {training.time: [4, 50]}}\n", flow), "FS0619").empty());
}

TEST_CASE("a statement at a time that nobody records is refused, with the times that there are") {
  const std::string bound = "kind: bound, of: error_test, below: 1, at: ";
  CHECK(tested(bound + "1").empty());
  CHECK(tested(bound + "1.02").empty());  // to 5 %
  CHECK(tested(bound + "4").empty());     // the end
  CHECK(tested(bound + "9") == "FS0511 12:53");
  CHECK(tested(bound + "1.5") == "FS0511 12:53");
  CHECK(tested(bound + "9, where: \"width == 64\"") == "FS0511 12:53");
  CHECK(told(base("times: [1]\n" + axis + "define: {a: {maximum: error_test, along: width, at: 7}}\n", flow),
             "FS0511") == "FS0511 12:53");
  CHECK(told(base("scan: {grid: {training.time: [4, 50]}}\ntests: [{" + bound + "50}]\n", flow), "FS0511").empty());
  CHECK(told(base("scan: {grid: {training.time: [4, 50]}}\ntests: [{" + bound + "50, where: \"time < 1\"}]\n", flow),
             "FS0511 FS0503") == "FS0503 11:49");
}

TEST_CASE("windows and conditions that select nothing are refused at their place") {
  const std::string law = "kind: power_law, of: error_test, versus: width, expect: -1, within: 0.1, ";
  CHECK(tested(law + "window: [16, 64]").empty());
  CHECK(tested(law + "window: [100, 200]") == "FS0506 12:91");
  CHECK(tested(law + "window: [1, 3]") == "FS0506 12:91");  // the logarithms of the widths
  CHECK(tested(law + "window: [20, 40]") == "FS0617 12:91");
  CHECK(tested("kind: monotone, of: error_test, versus: time, direction: down, window: [0.5, 3]").empty());
  CHECK(tested("kind: monotone, of: error_test, versus: time, direction: down, window: [5, 9]") == "FS0506 12:81");
  CHECK(tested("kind: monotone, of: error_test, versus: time, direction: down, where: \"time > 0.5\"").empty());
  CHECK(tested("kind: monotone, of: error_test, versus: time, direction: down, where: \"time > 9\"") == "FS0506 12:81");
  CHECK(tested("kind: bound, of: error_test, below: 1, where: \"width == 64 && time < 2\"").empty());
  CHECK(tested("kind: bound, of: error_test, below: 1, where: \"width == 7 && time < 2\"") == "FS0506 12:57");
}

TEST_CASE("mistakes that do not depend on each other are told together") {
  // Two lengths of a training; a condition that holds nowhere; a theory that applies nowhere; a key of no test.
  const std::string wrong = "{kind: sgd, steps: 10, epochs: 3, learning_rate: 0.1, batch: 4}";
  const std::string where = "tests: [{kind: bound, of: error_test, below: 1, where: \"width > 1000\"}]\n";
  CHECK(told(base(axis + where, wrong), "FS0113 FS0506") == "FS0113 7:11, FS0506 11:57");
  CHECK(told(base(axis + "tests: [{kind: bound, of: rhat, below: 1}]\n", wrong), "FS0113 FS0516") ==
        "FS0113 7:11, FS0516 11:27");
  std::string theory = base(axis + where, flow);
  theory.replace(theory.find("[nngp]"), 6, "[{kind: nngp, samples: 1}, ntk_descent]");
  CHECK(told(theory, "FS0102 FS0506 FS0608").find("FS0506") != std::string::npos);
  CHECK(told(theory, "FS0102 FS0506 FS0608").find("FS0608 9:36") != std::string::npos);
  // Points can not be made at all: statements are read all the same.
  const std::string nothing = base(axis + "tests: [{kind: bound, of: error_test, belwo: 1}]\n", "{kind: sdg}");
  CHECK(told(nothing, "FS0104 FS0503") == "FS0104 7:18, FS0503 11:39");
  // Some points can be, others not: where the latter would be selected nothing is said.
  const std::string some = "scan: {grid: {ridge: [0, 0.1]}}\n";
  const auto at_ridge = [&](const char* value) {
    return told(base(some + "tests: [{kind: bound, of: error_test, below: 1, where: \"ridge == " + value + "\"}]\n"),
                "FS0610 FS0506");
  };
  CHECK(at_ridge("0") == "FS0610 10:23");
  CHECK(at_ridge("5") == "FS0610 10:23, FS0506 11:57");
}

TEST_CASE("diagnostics of sections stand at the sections") {
  const std::string head = "fieldscan: 1\ndata: {input: {kind: sphere, dim: 8}}\n";
  const auto at = [&](const std::string& more, const char* code) { return told(head + more, code); };
  CHECK(at("training: {kind: hmc}\nridge: 1\n\nensemble: {data_draws: 2}\n", "FS0603") == "FS0603 6:11");
  CHECK(at("training: {kind: hmc}\nridge: 1\ntheory:\n  - nngp\n  - ntk\n", "FS0608") == "FS0608 7:5");
  CHECK(at("training: none\ntheory:\n  - ntk\n  - learning_curve\n", "FS0614") == "FS0614 6:5");
  CHECK(at("training: {kind: sgd, steps: 9}\nobserve:\n  - error_test\n  - rhat\n", "FS0616") == "FS0616 6:5");
  CHECK(at("training: none\ntheory: [nngp]\nobserve: [error_test]\n", "FS0616") == "FS0616 5:10");
  CHECK(at("scan:\n  - theory: [ntk]\n    fixed: {training: {kind: hmc}}\n", "FS0608") == "FS0608 4:14");
}

TEST_CASE("a theory has a name of its own") {
  const auto named = [](const std::string& name, const std::string& more) {
    std::string text = base(more);
    text.replace(text.find("[nngp]"), 6, "[{kind: nngp, name: " + name + "}]");
    return told(text, "FS0302");
  };
  CHECK(named("other", axis).empty());
  CHECK(named("width", axis) == "FS0302 9:10");
  CHECK(named("alpha", "let: {alpha: 1}\n" + axis) == "FS0302 9:10");
  CHECK(named("error_test", axis) == "FS0302 9:10");
}

TEST_CASE("a word that no point has is told under every comparison, not only where it selects nothing") {
  const std::string words = "scan: {grid: {network.activation: [erf, relu]}}\n";
  const auto where = [&](const std::string& condition) {
    return told(base(words + "tests: [{kind: bound, of: error_test, below: 1, where: \"" + condition + "\"}]\n"),
                "FS0506");
  };
  CHECK(where("activation != 'relu'").empty());
  CHECK(where("activation == 'rleu'") == "FS0506 11:57");  // it holds nowhere: once
  CHECK(where("activation != 'rleu'") == "FS0506 11:71");  // it would hold everywhere
  CHECK(where("'rleu' != activation") == "FS0506 11:57");
  CHECK(where("activation == 'erf' || activation == 'rleu'") == "FS0506 11:94");
  CHECK(where("!(activation == 'rleu')") == "FS0506 11:73");
  CHECK(where("error_test < 1 && activation != 'rleu'") == "FS0506 11:89");  // beside what is not known before a run
  const auto last = [](const std::string& text) { return read_scan(text, "x.yaml").diagnostics.back(); };
  const std::string test = "tests: [{kind: bound, of: error_test, below: 1, where: \"activation != '";
  const Diagnostic misspelt = last(base(words + test + "rleu'\"}]\n"));
  CHECK(misspelt.severity == Severity::error);
  CHECK(misspelt.help == "did you mean 'relu'?");
  // Another word may be one that a shorter axis has left out: it is told, and no error.
  const Diagnostic other = last(base(words + test + "linear'\"}]\n"));
  CHECK(other.severity == Severity::warning);
  CHECK(other.help == "network.activation is 'erf' or 'relu'");
  const auto block = [&](const std::string& condition) {
    return told(base("scan: {grid: {network.activation: [erf, relu]}, where: \"" + condition + "\"}\n"), "FS0506");
  };
  CHECK(block("activation != 'erf'").empty());  // excluded points have it
  CHECK(block("activation != 'rleu'") == "FS0506 10:56");
}
