#include "catch.hpp"
#include "fieldscan/core/error.hpp"
#include "fieldscan/data/classes.hpp"
#include "near.hpp"

using namespace fieldscan;
using namespace fieldscan::data;

TEST_CASE("classes as numbers: one of several outputs, or the sign of one") {
  CHECK(near::distance(class_codes(Matrix{{0.75, -0.25}, {-0.25, 0.75}}), Vector{{1, 0, 0, 1}}) == 0);
  CHECK(near::distance(class_codes(Matrix{{-0.1, 3, 2}}), Vector{{0, 1, 0}}) == 0);
  CHECK(near::distance(class_codes(Matrix{{0.3}, {-2}}), Vector{{1, -1}}) == 0);
  CHECK(class_codes(Matrix(0, 3)).size() == 0);
  CHECK_THROWS_AS(class_codes(Matrix{{1}, {0}}), NumericalError);
  CHECK_THROWS_AS(class_codes(Matrix{{0.5, 0.5}}), NumericalError);
}
