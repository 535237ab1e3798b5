#include <cmath>

#include "catch.hpp"
#include "fieldscan/scan/expression/expression.hpp"

using namespace fieldscan::scan;

namespace {

double number(const std::string& text) { return Expression::compile(text).evaluate(std::span<const double>{}); }
std::string code(const std::string& text, Scope scope = Scope::point) {
  try {
    Expression::compile(text, scope);
  } catch (const ExpressionError& error) {
    return error.code();
  }
  return "";
}

}  // namespace

TEST_CASE("operators, precedence and functions of expressions") {
  CHECK(number("1 + 2*3") == 7);
  CHECK(number("2^3^2") == 512);
  CHECK(number("-2^2") == -4);
  CHECK(number("2^-1") == 0.5);
  CHECK(number("7/2") == 3.5);
  CHECK(number("1 < 2 && 2 < 1 || 3 >= 3") == 1);
  CHECK(number("!(1 == 1)") == 0);
  CHECK(number("1 > 2 ? 3 : 4") == 4);
  CHECK(number("log(exp(1))") == Approx(1).epsilon(1e-15));
  CHECK(number("log10(1000) + log2(8)") == Approx(6).epsilon(1e-15));
  CHECK(number("min(3, 1, 2) + max(1, 5)") == 6);
  CHECK(number("round(2.5)") == 3);
  CHECK(number("erf(0.5)") == std::erf(0.5));
  CHECK(number("cos(pi)") == -1);
  CHECK(number("true + false") == 1);
}

TEST_CASE("words are compared, and only compared") {
  const auto e = Expression::compile("activation == 'erf' && depth != 2");
  REQUIRE(e.atoms().size() == 2);
  CHECK_FALSE(e.atoms()[0].arithmetic);
  const auto at = [&](AxisValue a, AxisValue d) {
    return e.evaluate(std::span<const AxisValue>(std::vector<AxisValue>{std::move(a), std::move(d)}));
  };
  CHECK(at("erf", 1.0) == 1);
  CHECK(at("relu", 1.0) == 0);
  CHECK(at("erf", 2.0) == 0);
  const auto sum = Expression::compile("width + 1");
  CHECK_THROWS_AS(sum.evaluate(std::span<const AxisValue>(std::vector<AxisValue>{"taper"})), ExpressionError);
}

TEST_CASE("what is no expression is refused") {
  CHECK(code("") == "FS0401");
  CHECK(code("2 width") == "FS0401");
  CHECK(code("(1") == "FS0401");
  CHECK(code("1)") == "FS0401");
  CHECK(code("1 +") == "FS0401");
  CHECK(code("a = 3") == "FS0402");
  CHECK(code("1, 2") == "FS0403");
  CHECK(code("sqrt(1, 2)") == "FS0403");
  CHECK(code("'erf' + 1") == "FS0404");
  CHECK(code("foo(1)") == "FS0410");
  CHECK(code("deviation(nngp)") == "FS0410");
  CHECK(code("error_ensemble(0)", Scope::statement) == "FS0401");
  CHECK(code("rms(a + b)", Scope::statement) == "FS0401");
  CHECK(code("x.width ^ 2").empty());
}

TEST_CASE("calls of statements are atoms") {
  const auto e = Expression::compile(
      "width * deviation( nngp ) + nngp.error_ensemble(20) - rms(predictor-nngp.predictor) + deviation(nngp)",
      Scope::statement);
  REQUIRE(e.atoms().size() == 4);
  CHECK(e.atoms()[1].text == "deviation(nngp)");
  CHECK(e.atoms()[2].theory == "nngp");
  CHECK(e.atoms()[3].arguments == std::vector<std::string>{"predictor", "nngp.predictor"});
  CHECK(e.evaluate(std::span<const double>(std::vector<double>{2, 3, 4, 5})) == 2 * 3 + 4 - 5 + 3);
  CHECK(Expression::compile("deviation(nngp)", Scope::statement).is_atom());
  CHECK_FALSE(Expression::compile("-deviation(nngp)", Scope::statement).is_atom());
}

TEST_CASE("a time beside an observable is told how it is written") {
  const auto help = [](const std::string& text) {
    try {
      Expression::compile(text, Scope::statement);
    } catch (const ExpressionError& error) {
      return error.help();
    }
    return std::string();
  };
  CHECK(help("error_test at best / error_test") == "a time stands in brackets: error_test(best)");
  CHECK(help("error_test at start") == "a time stands in brackets: error_test(start)");
  CHECK(help("2 error_test") == "write '*' between factors");
}
