#include "../../src/scan/expression/condition.hpp"

#include <limits>
#include <span>

#include "catch.hpp"
#include "fieldscan/scan/points/names.hpp"
#include "helpers.hpp"

using namespace fieldscan::scan;
using namespace fieldscan::scan::test;

namespace {

/// "OFFSET message | help" of what a text lacks to be a condition; `centred` is a flag.
std::string lacks(const std::string& text) {
  try {
    require_condition(text, [](std::string_view name) { return name == "centred"; });
  } catch (const ExpressionError& error) {
    CHECK(error.code() == "FS0413");
    return std::to_string(error.offset()) + " " + error.what() + " | " + error.help();
  }
  return "";
}
bool chained(const std::string& text) {
  try {
    Expression::compile(text, Scope::statement);
  } catch (const ExpressionError& error) {
    return error.code() == "FS0413";
  }
  return false;
}
bool says(const std::string& text, const std::string& what) { return lacks(text).find(what) != std::string::npos; }

std::string test_where(const std::string& condition) {
  return "tests: [{kind: bound, of: error_test, below: 1, where: \"" + condition + "\"}]\n";
}
const std::string widths = "scan: {grid: {network.width: [16, 32, 64]}}\n";

}  // namespace

TEST_CASE("comparisons, flags and what is made of them are conditions") {
  for (const char* text : {"width == 8",
                           "8 < width + 2 * depth",
                           "activation == 'erf'",
                           "'erf' != activation",
                           "true",
                           "centred",
                           "!centred && width > 2",
                           "!(width == 8)",
                           "(width == 8) != (depth == 2)",
                           "a > 1 && b > 1 || c > 1",
                           "a > 1 ? b > 2 : c > 3",
                           "min(a, b) >= 0.5 * erf(c)",
                           "-a^2 < 3",
                           "centred == 1",
                           "(a > 1) == true",
                           "log(deviation(nngp)) < rms(predictor - nngp.predictor)",
                           "error_test(best) < error_ensemble(20)",
                           "(((width))) >= 3",
                           "width - 8 != 0",
                           "(4 <= width) && (width <= 8)"})
    CHECK(lacks(text) == "");
}

TEST_CASE("what compares nothing is no condition, and is told where it stands") {
  CHECK(lacks("width").starts_with("0 'width' compares nothing: a condition is true or false at a point"));
  CHECK(says("width - 8", "width - 8 > 0"));
  CHECK(lacks("width > 4 && ridge").starts_with("13 'ridge' compares nothing"));
  CHECK(lacks("(width + 1) || ridge > 1").starts_with("0 '(width + 1)' compares"));
  CHECK(lacks("!width == 8").starts_with("1 '!' negates"));
  CHECK(says("!width == 8", "!(width == 32)"));
  CHECK(lacks("width > 4 ? ridge : 1").starts_with("0 "));
  CHECK(lacks("width ? ridge > 1 : true").starts_with("0 'width' compares"));
  CHECK(says("1", "'1' compares nothing"));
  CHECK(says("error_test(best)", "'error_test(best)' compares nothing"));
  CHECK(says("(a > 1) > b", "true or false already"));
  CHECK(says("(a > 1) < (b > 1)", "true or false already"));
  // Of all names but that one it is not known that they are flags.
  CHECK(says("centred && uncentred", "'uncentred' compares nothing"));
}

TEST_CASE("comparisons in a row are refused in every expression, with what was meant") {
  CHECK(says("4 <= width <= 8", "write 4 <= width && width <= 8"));
  CHECK(lacks("4 <= width <= 8").starts_with("11 comparisons in a row: '4 <= width' is 1 or 0"));
  CHECK(says("a + 1 < 2 * b < c == d", "write a + 1 < 2 * b && 2 * b < c && c == d"));
  CHECK(chained("4 <= width <= 8"));
  CHECK(chained("2 * (a == b == c)"));
  CHECK(chained("min(1, a < b < c)"));
  CHECK_FALSE(chained("(a < b) + (b < c)"));
  CHECK_FALSE(chained("width > 8 ? width <= 16 : depth"));
  CHECK(codes(base("let: {inside: \"1 < width < 100\"}\n" + widths)).starts_with("FS0413"));
}

TEST_CASE("conditions of blocks, definitions, tests and figures are conditions") {
  const std::string law = "scan: {grid: {network.width: [16, 32, 64]}, where: \"";
  for (const std::string wrong : {"width", "width - 8", "width && ridge", "16 <= width <= 32", "1"}) {
    INFO(wrong);
    CHECK(codes(base(law + wrong + "\"}\n")) == "FS0413");
    CHECK(codes(base(widths + test_where(wrong))) == "FS0413");
    CHECK(codes(base(widths + "figures: [{plot: error_test, versus: width, where: \"" + wrong + "\"}]\n")) == "FS0413");
    CHECK(codes(base(widths + "define: {a: {maximum: error_test, along: width, where: \"" + wrong + "\"}}\n" +
                     "tests: [{kind: bound, of: a, below: 1}]\n")) == "FS0413");
    CHECK_THROWS_AS(condition(must_read(base(widths)), wrong), ExpressionError);
  }
  for (const std::string right : {"width > 16", "true", "16 <= width && width <= 32"}) {
    INFO(right);
    CHECK(codes(base(law + right + "\"}\n")) == "");
    CHECK(codes(base(widths + test_where(right))) == "");
    CHECK_NOTHROW(condition(must_read(base(widths)), right));
  }
}

TEST_CASE("flags are fields that are true or false, and variables that are conditions") {
  const std::string centred = "scan: {grid: {network.centred: [true, false]}, where: ";
  CHECK(points_of(must_read(base(centred + "centred}\n", "{kind: gradient_descent, time: 4}"))).size() == 1);
  CHECK(points_of(must_read(base(centred + "\"!network.centred\"}\n", "{kind: gradient_descent, time: 4}"))).size() ==
        1);
  const std::string let = "let: {wide: \"width > 16\", chosen: \"wide && ridge < 1\", twice: \"2 * width\"}\n";
  const auto where = [&](const std::string& condition) {
    return base(let + "scan: {grid: {network.width: [16, 32, 64], ridge: [0.1, 1]}, where: \"" + condition + "\"}\n" +
                test_where("chosen && twice > 0 && wide"));
  };
  CHECK(points_of(must_read(where("chosen"))).size() == 2);
  CHECK(points_of(must_read(where("wide"))).size() == 4);
  CHECK(codes(where("twice")) == "FS0413");
  CHECK(codes(base(let + widths + test_where("chosen && wide && twice"))) == "FS0413");
}

TEST_CASE("a condition that holds nowhere is told with the values of its fields") {
  const auto help = [](const std::string& text) {
    std::string all;
    for (const auto& d : read_scan(text, "x.yaml").diagnostics)
      if (d.code == "FS0506" || d.code == "FS0219") all += d.help;
    return all;
  };
  CHECK(help(base(widths + test_where("width == 'erf'"))) == "network.width is 16, 32 or 64");
  CHECK(help(base(widths + test_where("activation == 'nosuch' && width > 16"))) ==
        "network.activation is 'erf'; network.width is 16, 32 or 64");
  const std::string many = "scan: {grid: {network.width: {range: [1, 20], step: 1}}";
  CHECK(help(base(many + "}\n" + test_where("width > 20"))) == "network.width is 1, 2, 3, … or 20");
  CHECK(help(base(many + ", where: width > 20}\n")) == "check the condition: network.width is 1, 2, 3, … or 20");
}

namespace {

/// What is said of a test's condition: "CODE message | help", line by line.
std::string said_of_where(const std::string& condition) {
  std::string all;
  for (const auto& d : read_scan(base(widths + test_where(condition)), "x.yaml").diagnostics)
    if (d.severity == Severity::error) all += d.code + " " + d.message + " | " + d.help + "\n";
  return all;
}
double value_of(const std::string& text, double x) {
  return Expression::compile(text).evaluate(std::span<const double>(&x, 1));
}

}  // namespace

TEST_CASE("a side of a comparison that is no number is an error, where the condition hangs on it") {
  const auto refused = [](const std::string& text, double x) {
    try {
      value_of(text, x);
    } catch (const ExpressionError& error) {
      return error.code() == "FS0411";
    }
    return false;
  };
  for (const char* text :
       {"log(-x) != 1", "x/0 > 1", "0 < 1/(x - 8)", "sqrt(-x) < 2", "!(log(-x) == 1)", "x == 8 && log(-x) < 1",
        "x == 7 || log(-x) < 1", "(log(-x) > 1 ? x : 0) + 1 > 3", "2 * (log(-x) != 1)", "x * 1e308 > 1"}) {
    INFO(text);
    CHECK(refused(text, 8));
  }
  CHECK(value_of("log(x) != 1", 8) == 1);
  CHECK(value_of("x == 8 || log(-x) < 1", 8) == 1);
  CHECK(value_of("x != 8 && log(-x) < 1", 8) == 0);
  CHECK(value_of("log(-x) < 1 && x != 8", 8) == 0);
  CHECK(value_of("log(-x) > 1 ? x == 8 : x == 8", 8) == 1);
  CHECK(value_of("(log(x) > 1) == (sqrt(x) > 1)", 8) == 1);
  CHECK(value_of("(x > 4) + (x^2 > 60) + (x > 9)", 8) == 2);
  // The end of a training is at infinity: that is no fault of the side.
  const double end = std::numeric_limits<double>::infinity();
  CHECK(value_of("log(x) > 3", end) == 1);
  CHECK(value_of("1/x > 3", end) == 0);
  CHECK(refused("x - x < 3", end));
}

TEST_CASE("such a side is told with its place and the point, wherever the condition stands and whichever point it is") {
  CHECK(
      said_of_where("log(-width) != 1") ==
      "FS0411 'log(-width)' is no number at width = 16: compared with something it says nothing | exclude such points "
      "before, as in \"width > 8 && log(width - 8) > 1\"\n");
  CHECK(said_of_where("width/0 > 1").starts_with("FS0411 'width/0' is infinite at width = 16"));
  CHECK(said_of_where("1/(width - 64) < 1").starts_with("FS0411 '1/(width - 64)' is infinite at width = 64"));
  CHECK(said_of_where("width < 64 && 1/(width - 64) < 1") == "");
  CHECK(said_of_where("1/0 > 1").starts_with("FS0411 '1/0' is infinite: "));
  const auto of_block = [](const std::string& condition) {
    return codes(base("scan: {grid: {network.width: [16, 32, 64]}, where: \"" + condition + "\"}\n"));
  };
  CHECK(of_block("log(-width) != 1").starts_with("FS0411"));
  CHECK(of_block("1/(width - 64) < 1").starts_with("FS0411"));
  CHECK(of_block("width < 64 && 1/(width - 64) < 1") == "");
  CHECK(codes(base("let: {a: \"1/0 > 1\"}\n" + widths)).starts_with("FS0411"));
  CHECK(codes(base("let: {a: \"width/0 > 1\"}\nscan: {grid: {network.width: [16, 32]}, where: a}\n"))
            .starts_with("FS0411"));
}

TEST_CASE("common slips are told with what to write instead") {
  const auto told = [](const std::string& text, const std::string& what) {
    INFO(text << ": " << said_of_where(text));
    return said_of_where(text).find(what) != std::string::npos;
  };
  CHECK(told("not width == 32", "'not' is no operator here | write !(width == 32)"));
  CHECK(told("not (width == 32) && ridge > 0", "write !(width == 32)\n"));
  CHECK(told("ridge > 0 && not width == 32", "write !(width == 32)\n"));
  CHECK(told("!!(width == 32)", "'!!' negates twice | leave both out"));
  CHECK(told("activation == ''erf''", "two quotes where one belongs | write 'erf'"));
  CHECK(told("('erf') == activation", "without brackets around it: activation == 'erf'"));
  CHECK(told("('erf')", "without brackets around it: activation == 'erf'"));
  CHECK(told("activation == erf", "a word stands in single quotes: 'erf'"));
  CHECK(told("activation != erf && width > 4", "a word stands in single quotes: 'erf'"));
  CHECK_FALSE(told("widht == 32", "single quotes"));
  CHECK(told("width == '16'", "'16' in quotes is a word, and equals no number | numbers stand without quotes: 16"));
  CHECK(told("width != '16'", "numbers stand without quotes: 16"));
  CHECK(told("width > '16'", "numbers stand without quotes: 16"));
  CHECK(told("width in [16, 32]", "one of several values: width == 8 || width == 16"));
  CHECK(told("width <> 16", "write != for 'not equal'"));
  CHECK(told("width =< 16", "write <="));
  CHECK(told("width ≠ 16", "write !="));
  CHECK(told("activation is 'erf'", "write '=='"));
  CHECK(told("width == 16 == 32", "write width == 16 && 16 == 32"));
  const std::string block = "scan: {grid: {network.width: [16, 32]}, where: \"activation == erf\"}\n";
  std::string help;
  for (const auto& d : read_scan(base(block), "x.yaml").diagnostics) help += d.help;
  CHECK(help.find("a word stands in single quotes: 'erf'") != std::string::npos);
}
