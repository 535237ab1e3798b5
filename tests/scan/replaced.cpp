// Theories that take the place of nothing in what they are compared with.
#include "catch.hpp"
#include "helpers.hpp"

using namespace fieldscan::scan;
using namespace fieldscan::scan::test;

namespace {

std::string scan_with(const std::string& statements) {
  std::string text =
      base("observe: [predictor, error_test, error_train]\nscan: {grid: {network.width: [16, 32, 64]}}\n" + statements);
  return text.replace(text.find("theory: [nngp]"), 14, "theory: [nngp, ntk]");
}
std::string codes_of_test(const std::string& fields) { return codes(scan_with("tests: [{" + fields + "}]\n")); }

}  // namespace

TEST_CASE("a theory that replaces nothing in a formula is refused by every kind of test") {
  for (const char* of : {"deviation(nngp)", "2*deviation(nngp)", "rms(predictor - nngp.predictor)", "ridge",
                         "ridge + 0.1", "ntk.error_test"}) {
    INFO(of);
    const std::string fields = std::string(", of: \"") + of + "\", ";
    CHECK(codes_of_test("kind: agreement" + fields + "with: ntk, within: 10%") == "FS0508");
    CHECK(codes_of_test("kind: chi2" + fields + "with: ntk") == "FS0508");
    CHECK(codes_of_test("kind: power_law" + fields + "versus: width, expect: ntk, within: 0.1") == "FS0508");
  }
}

TEST_CASE("what it replaces is compared: measurements, or the predictions of others") {
  for (const char* of : {"error_test", "nngp.error_test", "error_test / nngp.error_test", "error_ensemble(2)",
                         "error_test - deviation(nngp)", "nngp.error_test / ntk.error_train"}) {
    INFO(of);
    const std::string fields = std::string(", of: \"") + of + "\", ";
    CHECK(codes_of_test("kind: agreement" + fields + "with: ntk, within: 10%").empty());
    CHECK(codes_of_test("kind: chi2" + fields + "with: ntk").empty());
  }
  CHECK(codes_of_test("kind: agreement, of: deviation(nngp), with: deviation(ntk), within: 10%").empty());
}

TEST_CASE("so are figures and definitions") {
  const auto figure = [](const std::string& fields) { return codes(scan_with("figures: [{" + fields + "}]\n")); };
  CHECK(figure("plot: deviation(nngp), versus: width, with: [ntk]") == "FS0508");
  CHECK(figure("plot: nngp.error_test, versus: width, with: [ntk]").empty());
  CHECK(figure("plot: deviation(nngp), style: regions, versus: [width, ridge], within: 10%") == "FS0508");
  const auto define = [](const std::string& of, const std::string& from) {
    return codes(scan_with("define: {n: {slope: " + of + ", along: width, from: " + from +
                           "}}\ntests: [{kind: bound, of: n, below: 1}]\n"));
  };
  CHECK(define("deviation(nngp)", "ntk") == "FS0508");
  CHECK(define("error_test", "ntk").empty());
  CHECK(define("nngp.error_test", "ntk").empty());
}
