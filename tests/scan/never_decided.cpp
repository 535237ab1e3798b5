#include "catch.hpp"
#include "helpers.hpp"

using namespace fieldscan;
using namespace fieldscan::scan;
using namespace fieldscan::scan::test;

namespace {

const std::string axis = "scan: {grid: {network.width: [16, 32]}}\n";
const std::string flow = "{kind: gradient_descent, time: 4}";

/// "LINE:COLUMN severity" of the diagnostics of a code, one after the other.
std::string places(const std::string& text, const std::string& code) {
  std::string out;
  for (const auto& d : read_scan(text, "x.yaml").diagnostics)
    if (d.code == code)
      out += (out.empty() ? "" : " ") + std::to_string(d.place.line) + ":" + std::to_string(d.place.column) +
             (d.severity == Severity::error ? "" : "w");
  return out;
}
std::string said(const std::string& text, const std::string& code) {
  for (const auto& d : read_scan(text, "x.yaml").diagnostics)
    if (d.code == code) return d.message + " | " + d.help;
  return "";
}
bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::string undecided(const std::string& statements, const std::string& training = flow) {
  return places(base(axis + statements, training), "FS0516");
}

}  // namespace

TEST_CASE("what the trainer does not have can never be decided, and is told at its place") {
  // Line 10 is the axis, 11 the statements.
  for (const char* of : {"rhat", "ess", "acceptance", "step_size", "ess_tail", "rhat_chains", "condition_number",
                         "rhat/error_test", "log(ess)"}) {
    INFO(of);
    CHECK(undecided("tests: [{kind: bound, below: 1, of: " + std::string(of) + "}]\n") == "11:37");
    CHECK(undecided("define: {a: {maximum: " + std::string(of) + ", along: width}}\n") == "11:23");
    CHECK(undecided("figures: [{versus: width, plot: " + std::string(of) + "}]\n") == "11:33");
  }
  CHECK(undecided("tests: [{kind: bound, below: 1, of: rhat}]\n", "{kind: hmc, samples: 40}").empty());
  // What accepts every step has an acceptance that says nothing.
  const std::string acceptance = "tests: [{kind: bound, above: 0.5, of: acceptance}]\n",
                    langevin = "{kind: langevin, step: 1e-3, steps: 400, burn_in: 100, thin: 10}";
  CHECK(undecided(acceptance, "{kind: hmc, samples: 40}").empty());
  CHECK(undecided(acceptance, "{kind: mala, samples: 40}").empty());
  CHECK(undecided(acceptance, langevin) == "11:39");
  CHECK(undecided("tests: [{kind: bound, below: 1.1, of: rhat}]\n", langevin).empty());
  CHECK(has(said(base(axis + acceptance, langevin), "FS0516"), "have it: mala, hmc; langevin accepts every step"));
  CHECK(undecided("tests: [{kind: bound, below: 1, of: kernel_change}]\n").empty());
  CHECK(undecided("tests: [{kind: bound, below: 1, of: kernel_change}]\n", "{kind: hmc, samples: 40}") == "11:37");
  CHECK(undecided("tests: [{kind: bound, below: 1, of: diverged}]\n").empty());
  CHECK(undecided("tests: [{kind: bound, below: 1, of: error_test, where: \"rhat < 2\"}]\n") == "11:57");
  CHECK(undecided("tests: [{kind: linear, versus: ess, of: error_test}]\n") == "11:32");
  CHECK(undecided("tests: [{kind: agreement, within: 3%, of: error_test, with: 2*ess}]\n") == "11:61");
  CHECK(undecided("figures: [{plot: error_test, versus: width, with: [rhat]}]\n") == "11:52w");
  CHECK(has(said(base(axis + "tests: [{kind: bound, below: 1, of: ess}]\n", flow), "FS0516"), "langevin, mala, hmc"));
}

TEST_CASE("what can never be decided, drawn or given a value is told so") {
  const std::string none = "none";
  const auto told = [&](const std::string& statement) { return said(base(axis + statement, none), "FS0516"); };
  CHECK(has(told("tests: [{name: low, kind: bound, below: 1, of: error_test}]\n"),
            "the test 'low' can never be decided: "));
  CHECK(
      has(told("figures: [{name: low, versus: width, plot: error_test}]\n"), "the figure 'low' can never be drawn: "));
  CHECK(has(told("define: {a: {maximum: error_test, along: width}}\n"),
            "the definition 'a' can never be given a value: "));
  CHECK(has(told("tests: [{kind: bound, below: 1, of: error_test}]\n"),
            "is a number of trained networks, and at its points"));
}

TEST_CASE("where nothing is trained nothing is measured, and the remedy names what is predicted") {
  const std::string of = "tests: [{kind: bound, below: 1, of: error_test}]\n";
  CHECK(undecided(of, "none") == "11:37");
  CHECK(has(said(base(axis + of, "none"), "FS0516"), "nngp.error_test"));
  CHECK(undecided("tests: [{kind: bound, below: 1, of: diverged}]\n", "none") == "11:37");
  CHECK(undecided("tests: [{kind: bound, below: 1, of: deviation(nngp)}]\n", "none") == "11:37");
  CHECK(undecided("tests: [{kind: bound, below: 1, of: nngp.error_test}]\n", "none").empty());
  CHECK(undecided("define: {a: {maximum: error_test, from: nngp, along: width}}\n", "none").empty());
  // A block that trains, and one that does not.
  const std::string blocks = "scan: [{fixed: {network.width: 16}}, {fixed: {training: none, network.width: 32}}]\n";
  const auto in_blocks = [&](const std::string& where) {
    return places(base(blocks + "tests: [{kind: bound, below: 1, of: error_test" + where + "}]\n", flow), "FS0516");
  };
  CHECK(in_blocks("").empty());
  CHECK(in_blocks(", where: \"width == 16\"").empty());
  CHECK(in_blocks(", where: \"width == 32\"") == "11:37");
}

TEST_CASE("what is measured and what is predicted must meet at a point") {
  const std::string blocks = "scan: [{fixed: {network.width: 16}}, {theory: [ntk], fixed: {network.width: 32}}]\n";
  const auto with = [&](const std::string& where) {
    return places(
        base(blocks + "tests: [{kind: agreement, within: 3%, of: error_test, with: ntk" + where + "}]\n", flow),
        "FS0516");
  };
  CHECK(with("").empty());
  CHECK(with(", where: \"width == 16\"") == "11:61");
}

TEST_CASE("data without what an observable is formed of are told") {
  const std::string of = "tests: [{kind: bound, below: 2, of: learnability}]\n";
  CHECK(undecided(of).empty());
  std::string few = base(axis + of, flow);  // one test point does not tell two components apart
  few.replace(few.find("test_size: 50"), 13, "test_size: 1");
  CHECK(places(few, "FS0516") == "11:37");
  CHECK(has(said(few, "FS0516"), "at least as many test points"));
  std::string labels = base(axis + of, flow);
  const auto at = labels.find("{kind: gegenbauer, levels: {1: 0.8, 3: 0.2}}");
  labels.replace(at, 44, "{kind: teacher_network}");
  CHECK(places(labels, "FS0516") == "11:37");
  CHECK(has(said(labels, "FS0516"), "components"));
}

TEST_CASE("a dimension belongs to the observables that have it") {
  CHECK(undecided("tests: [{kind: linear, of: error_test, versus: layer}]\n") == "11:48");
  CHECK(undecided("tests: [{kind: bound, below: 1, of: error_test, by: mode}]\n") == "11:53");
  CHECK(undecided("tests: [{kind: linear, of: coordinate_size, versus: layer}]\n").empty());
  CHECK(undecided("figures: [{plot: learnability, versus: time, by: mode}]\n").empty());
}

TEST_CASE("a stopping rule waits for what is measured") {
  const auto until = [](const std::string& observable, const std::string& training) {
    std::string text = base("", training);
    text.replace(text.find("chains: 4}"), 10, "chains: 4, until: {observable: " + observable + "}}");
    return places(text, "FS0516");
  };
  CHECK(until("rhat", flow) == "8:45");
  CHECK(until("error_test", flow).empty());
  CHECK(until("rhat", "{kind: hmc, samples: 40}").empty());
}

TEST_CASE("predictors alone are compared by chi2, and refused elsewhere") {
  const auto codes_of = [](const std::string& more) { return codes(base(axis + more, flow)); };
  CHECK(codes_of("tests: [{kind: bound, of: predictor, below: 1}]\n") == "FS0509");
  CHECK(codes_of("define: {a: {maximum: nngp.predictor, along: width}}\n") == "FS0509");
  CHECK(codes_of("tests: [{kind: bound, of: error_ensemble(1.5), below: 1}]\n") == "FS0509");
  CHECK(codes_of("tests: [{kind: bound, of: error_test, below: 1, above: 2}]\n") == "FS0502");
  CHECK(codes_of("figures: [{plot: predictor, style: histogram}]\n") == "FS0509");
  CHECK(codes_of("tests: [{kind: chi2, of: predictor, with: nngp}]\n").empty());
  CHECK(codes_of("tests: [{kind: bound, of: rms(predictor - nngp.predictor), below: 1}]\n").empty());
  CHECK(
      has(said(base(axis + "tests: [{kind: bound, of: predictor, below: 1}]\n", flow), "FS0509"), "deviation(THEORY)"));
}
