// What is no number stays none through every function of expressions.
#include <cmath>
#include <span>
#include <vector>

#include "catch.hpp"
#include "fieldscan/scan/expression/expression.hpp"

using namespace fieldscan::scan;

namespace {

double value_of(const char* text) {
  const std::vector<double> one{8};
  return Expression::compile(text, Scope::statement).evaluate(std::span<const double>(one));
}
bool refused(const char* text) {
  try {
    value_of(text);
  } catch (const ExpressionError& error) {
    return error.code() == "FS0411";
  }
  return false;
}

}  // namespace

TEST_CASE("functions and powers hand on what is no number, whatever its place") {
  for (const char* text :
       {"sign(sqrt(-width))", "min(width, sqrt(-1))", "min(sqrt(-1), width)", "max(width, 0/0)", "max(0/0, width)",
        "max(1, 2, 0/0, width)", "(0/0)^0 + width", "sqrt(-width)^0", "1^sqrt(-width)", "-(1^(0/0)) * width",
        "abs(sqrt(-width))", "floor(0/0) + width", "!sqrt(-width)", "2^3^(0/0*width)"})
    CHECK(std::isnan(value_of(text)));
  for (const auto& [text, value] : std::vector<std::pair<const char*, double>>{{"width^0", 1},
                                                                               {"1^width", 1},
                                                                               {"-width^2", -64},
                                                                               {"2^3^2 + 0*width", 512},
                                                                               {"2^-width", 1.0 / 256},
                                                                               {"sign(0*width)", 0},
                                                                               {"sign(-width)", -1},
                                                                               {"min(width, 9, 7)", 7},
                                                                               {"max(width, 9, 7)", 9}})
    CHECK(value_of(text) == value);
}

TEST_CASE("and comparisons of it are refused") {
  for (const char* text : {"sign(sqrt(-width)) == 0", "(0/0*width)^0 == 1", "max(width, sqrt(-1)) == 8",
                           "max(sqrt(-1), width) == 8", "min(width, 0/0) == 8"})
    CHECK(refused(text));
  CHECK(value_of("max(width, 2) == 8") == 1);
}

TEST_CASE("rounding decides no comparison of what is computed") {
  for (const char* text :
       {"0.0375*width == 0.1*3", "0.0375*width >= 0.1*3", "0.0375*width <= 0.1*3", "0.3 >= 0.1*3", "0.1*3 <= 0.3",
        "0.1*width < 0.1*width*(1+1e-13)", "1e-300*width > 0", "1/(width-8) > -1/(width-8) || width > 1"})
    CHECK(value_of(text) == 1);
  for (const char* text : {"0.3 < 0.1*3", "0.1*3 > 0.3", "0.1*3 != 0.3", "0.1*width == 0.1*width*(1+1e-13)",
                           "width - 8 > 0", "1e-20*width == 0"})
    CHECK(value_of(text) == 0);
}

TEST_CASE("what to write instead of other languages' operators is said") {
  const auto help_of = [](const char* text) {
    try {
      Expression::compile(text, Scope::statement);
    } catch (const ExpressionError& error) {
      return std::string(error.what()) + " | " + error.help();
    }
    return std::string();
  };
  const auto says = [&](const char* text, const char* part) {
    INFO(help_of(text));
    CHECK(help_of(text).find(part) != std::string::npos);
  };
  says("width == 8 == 1", "write width == 8");
  says("width == 8 == 0", "write !(width == 8)");
  CHECK(help_of("width == 8 == 1").find("&&") == std::string::npos);
  says("4 <= width <= 8", "write 4 <= width && width <= 8");
  says("width == 8 OR width == 16", "write '||'");
  says("width == 8 AND depth == 1", "write '&&'");
  says("2**3", "write ^ for powers");
  says("width < 1e400", "beyond the range of numbers");
  says("error_test(3)", "at another time: `at`");
}
