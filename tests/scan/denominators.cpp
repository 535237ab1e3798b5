#include "fieldscan/scan/expression/denominators.hpp"

#include "catch.hpp"

using fieldscan::scan::denominators;

TEST_CASE("what an expression divides by") {
  using Texts = std::vector<std::string>;
  CHECK(denominators("a * b - c").empty());
  CHECK(denominators("a / 2").empty());
  CHECK(denominators("a / b") == Texts{"b"});
  CHECK(denominators("a / b / c * d") == Texts{"b", "c"});
  CHECK(denominators("a / b^2 + 1") == Texts{"b^2"});
  CHECK(denominators("a / b^-c + 1") == Texts{"b^-c"});
  CHECK(denominators("a / -b") == Texts{"-b"});
  CHECK(denominators("(a - b) / (c - d) > 0.5") == Texts{"(c - d)"});
  CHECK(denominators("1 / deviation(nngp)^2 * 3") == Texts{"deviation(nngp)^2"});
  CHECK(denominators("1 / log(a / b)") == Texts{"log(a / b)", "b"});
  CHECK(denominators("1 / error_test(best)") == Texts{"error_test(best)"});
}
