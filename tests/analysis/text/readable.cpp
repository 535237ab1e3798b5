#include "../../../src/analysis/text/readable.hpp"

#include "catch.hpp"

using fieldscan::analysis::readable;

TEST_CASE("formulas are shown with the signs of print") {
  CHECK(readable("width >= 512 && training.readout == 'integrated'") ==
        "width ≥ 512 and training.readout = integrated");
  CHECK(readable("a != 1 || b <= 2") == "a ≠ 1 or b ≤ 2");
  CHECK(readable("width * deviation(nngp)") == "width · deviation(nngp)");
  CHECK(readable("exponent -1 ± 0.2, (-0.5)") == "exponent −1 ± 0.2, (−0.5)");
  CHECK(readable("rms(a - b)") == "rms(a − b)");
}

TEST_CASE("powers of ten are written out, names and words with hyphens stay") {
  CHECK(readable("below 1e-06") == "below 10⁻⁶");
  CHECK(readable("2.5e+05 or 3e7") == "2.5·10⁵ or 3·10⁷");
  CHECK(readable("-1e-10") == "−10⁻¹⁰");
  for (const char* same : {"two-way", "error_test", "layer1e5x", "the points' own", "x-1", "3 %", ""}) {
    INFO(same);
    CHECK(readable(same) == same);
  }
}
