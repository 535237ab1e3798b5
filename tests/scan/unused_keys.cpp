#include "catch.hpp"
#include "helpers.hpp"

using namespace fieldscan;
using namespace fieldscan::scan;
using namespace fieldscan::scan::test;

namespace {

const std::string sizes = "times: [2, 3]\nscan: {grid: {data.train_size: [4, 16, 64], network.width: [16, 32]}}\n";
const std::string flow = "{kind: gradient_descent, time: 4}";

std::string tested(const std::string& test, const std::string& training = "{kind: hmc, samples: 40}") {
  return codes(base(sizes + "tests: [{" + test + "}]\n", training));
}
std::string defined(const std::string& define, const std::string& training = "{kind: hmc, samples: 40}") {
  return codes(base(sizes + "define: {x: {" + define + "}}\n", training));
}
std::string drawn(const std::string& figure) { return codes(base(sizes + "figures: [{" + figure + "}]\n")); }

std::string help_of(const std::string& text) {
  for (const auto& d : read_scan(text, "x.yaml").diagnostics)
    if (d.severity == Severity::error) return d.message + " | " + d.help;
  return "";
}

}  // namespace

TEST_CASE("a value is taken where `where` says, never along an axis", "[unused]") {
  CHECK(defined("value: error_test, along: train_size, at: 64") == "FS0503");
  CHECK(defined("value: error_test, along: train_size") == "FS0503");
  CHECK(defined("value: error_test, where: \"train_size == 64\"").empty());
  const std::string help = help_of(
      base(sizes + "define: {x: {value: error_test, along: train_size, at: 64}}\n", "{kind: hmc, samples: 40}"));
  CHECK(help.find("value: error_test, where: \"train_size == 64\"") != std::string::npos);
  CHECK(help.find("`at` is a time") != std::string::npos);
}

TEST_CASE("`at` is a time, in definitions as in tests", "[unused]") {
  CHECK(defined("value: error_test, at: 64") == "FS0511");  // a chain has no times
  CHECK(defined("value: error_test, at: 2", flow).empty());
  CHECK(defined("value: error_test, at: start", flow).empty());
  CHECK(defined("slope: error_test, along: width, at: end").empty());
  CHECK(defined("value: error_test, at: \"2*2\"", flow) == "FS0511");
  CHECK(defined("value: error_test, at: width", flow) == "FS0511");
  CHECK(defined("crossing: error_test, level: 1, along: time, at: 2", flow) == "FS0503");
  CHECK(tested("kind: bound, of: error_test, below: 1, at: 3") == "FS0511");
  CHECK(tested("kind: bound, of: error_test, below: 1, at: 3", flow).empty());
  const std::string langevin = "{kind: langevin, step: 0.01, steps: 100}",
                    bound = "kind: bound, of: error_test, below: 1";
  CHECK(codes(base("tests: [{" + bound + ", at: 3}]\n", langevin)) == "FS0511");  // without a grid it has an end alone
  CHECK(tested(bound + ", at: 3", langevin).empty());
  CHECK(tested("kind: bound, of: error_test, below: 1, at: 3, by: time", flow) == "FS0503");
  CHECK(tested("kind: bound, of: error_test, below: 1, at: 3, where: \"time > 1\"", flow) == "FS0503");
  CHECK(tested("kind: bound, of: error_test, below: 1, at: all, by: time", flow).empty());
}

TEST_CASE("a definition has the keys of its kind", "[unused]") {
  CHECK(defined("slope: error_test, along: width, log: true") == "FS0503");
  CHECK(defined("slope: error_test, along: width, level: 1") == "FS0503");
  CHECK(defined("argmin: error_test, along: width, level: 1") == "FS0503");
  CHECK(defined("minimum: error_test, along: width, log: true").empty());
  CHECK(defined("crossing: error_test, along: width, level: 1, log: true").empty());
  CHECK(defined("value: error_test, log: true") == "FS0503");
  CHECK(defined("slope: error_test, along: width, by: width") == "FS0503");
  CHECK(defined("slope: error_test, along: width, from: nngp").empty());
  CHECK(defined("slope: error_test, along: width, from: nnpg") == "FS0507");
  CHECK(defined("slope: gradient_norm, along: width, from: nngp") == "FS0508");
}

TEST_CASE("a test has the keys of its kind", "[unused]") {
  CHECK(tested("kind: agreement, of: error_test, with: nngp, within: 3%, window: [16, 64]") == "FS0503");
  CHECK(tested("kind: bound, of: error_test, below: 1, window: [16, 64]") == "FS0503");
  CHECK(tested("kind: chi2, of: error_test, with: nngp, window: [16, 64]") == "FS0503");
  CHECK(tested("kind: chi2, of: error_test, with: nngp, within: 3%") == "FS0503");
  CHECK(tested("kind: chi2, of: predictor, with: nngp, within: 0.1").empty());
  CHECK(tested("kind: chi2, of: predictor, with: nngp, over: width") == "FS0503");
  CHECK(tested("kind: chi2, of: predictor, with: 1") == "FS0502");
  CHECK(tested("kind: chi2, of: error_test, with: nngp, over: width").empty());
  CHECK(tested("kind: conservation, of: error_test, within: 1%, at: end", flow) == "FS0503");
  CHECK(tested("kind: scaling_law, of: error_test, versus: [width, train_size], within: 0.1") == "FS0503");
  CHECK(tested("kind: scaling_law, of: error_test, versus: [width, train_size], expect: [-1, -1]") == "FS0502");
  CHECK(tested("kind: scaling_law, of: error_test, versus: [width, train_size], expect: nngp, within: 0.1").empty());
  CHECK(tested("kind: scaling_law, of: error_test, versus: [width, train_size], expect: [nngp, 1], within: 0.1") ==
        "FS0407");
  CHECK(tested("kind: linear, of: error_test, versus: width, expect: nngp, within: 0.1") == "FS0407");
  CHECK(tested("kind: power_law, of: error_test, versus: width, by: width, expect: -1, within: 0.1") == "FS0503");
  CHECK(tested("kind: power_law, of: error_test, versus: \"width/train_size\", by: width, expect: -1, within: 0.1")
            .empty());
  CHECK(tested("kind: agreement, of: error_test, between: width, by: width, within: 0.1") == "FS0503");
}

TEST_CASE("a figure has the keys of its style", "[unused]") {
  const std::string map = "plot: error_test, versus: [width, train_size]";
  CHECK(drawn(map).empty());
  CHECK(drawn(map + ", style: map").empty());
  CHECK(drawn(map + ", style: points") == "FS0503");
  CHECK(drawn(map + ", scale: log-log") == "FS0503");
  CHECK(drawn(map + ", with: nngp") == "FS0503");
  CHECK(drawn("plot: error_test, versus: [width, train_size, ridge]") == "FS0502");
  CHECK(drawn("plot: error_test, style: histogram, scale: log-y").empty());
  CHECK(drawn("plot: error_test, style: histogram, scale: log-x") == "FS0503");
  CHECK(drawn("plot: error_test, style: histogram, mark: 0.5") == "FS0503");
}

TEST_CASE("a value of points that no axis tells apart is refused", "[unused]") {
  const std::string blocks =
      "scan:\n  - {fixed: {data.train_size: 4}, grid: {network.width: [16, 32]}}\n"
      "  - {fixed: {data.train_size: 64}, grid: {network.width: [16, 32]}}\n";
  const auto of = [&](const std::string& define) { return codes(base(blocks + "define: {x: {" + define + "}}\n")); };
  CHECK(of("value: error_test") == "FS0514");
  CHECK(of("value: error_test, by: train_size").empty());
  CHECK(of("value: error_test, where: \"train_size == 64\"").empty());
  CHECK(defined("value: error_test").empty());  // one number per point
}

TEST_CASE("what is formed of several networks has no limit of replicas", "[unused]") {
  CHECK(codes(base("observe: [{kind: error_mean_predictor, replicas: 6}]\n")) == "FS0303");
  CHECK(codes(base("observe: [{kind: predictor, replicas: 6}]\n")).empty());
}
