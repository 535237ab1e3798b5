#include "fieldscan/core/memory.hpp"

#include "catch.hpp"
#include "fieldscan/core/error.hpp"

using namespace fieldscan;

TEST_CASE("what does not fit into memory is an error that names the number") {
  const double available = available_memory();
  CHECK(available > 1e7);
  CHECK_NOTHROW(require_memory(1e6, "a little"));
  CHECK_THROWS_AS(require_memory(1e17, "a kernel"), EnvironmentError);
  try {
    require_memory(3.2e18, "a kernel of 632455532 × 632455532 points");
    FAIL("no error");
  } catch (const EnvironmentError& error) {
    const std::string text = error.what();
    CHECK(text.find("632455532") != std::string::npos);
    CHECK(text.find("3200000000.00 GB") != std::string::npos);
  }
}
