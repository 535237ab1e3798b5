#include "catch.hpp"
#include "helpers.hpp"

using namespace fieldscan;
using namespace fieldscan::scan;
using namespace fieldscan::scan::test;

namespace {

const std::string sizes = "scan: {grid: {data.train_size: [4, 16, 64], network.width: [16, 32, 64]}}\n";

/// How often a curve of one value is said, and where.
std::string idle(const std::string& more) {
  std::string said;
  for (const auto& d : read_scan(base(sizes + more), "x.yaml").diagnostics)
    if (d.code == "FS0617") said += d.path + " ";
  return said;
}
std::string tested(const std::string& test) { return idle("tests: [{" + test + "}]\n"); }
std::string defined(const std::string& define) { return idle("define: {x: {" + define + "}}\n"); }

}  // namespace

TEST_CASE("a test along what never varies is told, with its place") {
  CHECK(tested("kind: power_law, of: error_test, versus: ridge, expect: -1, within: 0.1") == "versus ");
  CHECK(tested("kind: monotone, of: error_test, versus: depth*ridge, direction: down") == "versus ");
  CHECK(tested("kind: power_law, of: error_test, versus: width, expect: -1, within: 0.1, where: \"width == 32\"") ==
        "versus ");
  CHECK(tested("kind: linear, of: error_test, versus: width, where: \"width > 32 && train_size > 4\"") == "versus ");
  CHECK(tested("kind: agreement, of: error_test, between: ridge, within: 3%") == "between ");
  CHECK(tested("kind: collapse, of: error_test, versus: width/train_size, over: [depth]") == "over ");
  CHECK(defined("minimum: error_test, along: ridge") == "along ");
}

TEST_CASE("what varies, or is no field of the points, is not told") {
  CHECK(tested("kind: power_law, of: error_test, versus: width, expect: -1, within: 0.1").empty());
  CHECK(tested("kind: power_law, of: error_test, versus: width*ridge, expect: -1, within: 0.1").empty());
  CHECK(tested("kind: linear, of: error_test, versus: train_size, where: \"width == 16\"").empty());
  CHECK(tested("kind: linear, of: predictor, versus: point").empty());
  CHECK(defined("minimum: error_test, along: width, where: \"train_size == 4\"").empty());
  CHECK(tested("kind: bound, of: error_test, below: 1").empty());
}

TEST_CASE("definitions may use one another, as long as they do not go round") {
  const auto circles = [](const std::string& define) { return codes(base(sizes + "define: {" + define + "}\n")); };
  const std::string a = "a: {minimum: error_test, along: width}", b = "b: {maximum: error_test/a, along: train_size}";
  CHECK(circles(a + ", " + b).empty());
  CHECK(circles(b + ", " + a).empty());
  CHECK(circles("a: {minimum: error_test*a, along: width}") == "FS0515");
  CHECK(circles("a: {minimum: error_test*b, along: width}, b: {maximum: a, along: train_size}") == "FS0515");
  // Who needs the circle stands in none.
  CHECK(circles("z: {value: a, where: \"width == 16 && train_size == 4\"}, a: {minimum: error_test*b, along: width}, "
                "b: {maximum: a, along: train_size}") == "FS0515");
}
