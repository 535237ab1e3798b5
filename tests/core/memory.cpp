#include "fieldscan/core/memory.hpp"

#include <sys/resource.h>

#include "catch.hpp"
#include "fieldscan/core/error.hpp"
#include "fieldscan/core/freed_memory.hpp"
#include "fieldscan/core/matrix.hpp"

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

#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__)
TEST_CASE("memory that was freed is used again without the system") {
  // 320 kB twice, as a factor of 200 points takes it: some 80 pages each.
  const auto faults = [] {
    const auto so_far = [] {
      rusage usage{};
      getrusage(RUSAGE_SELF, &usage);
      return usage.ru_minflt;
    };
    const auto before = so_far();
    for (int k = 0; k < 10; ++k) {
      const Matrix first = Matrix::Constant(200, 200, k), second = first;
      REQUIRE(second(199, 199) == k);
    }
    return so_far() - before;
  };
  keep_freed_memory();
  faults();  // takes it from the system once
  CHECK(faults() <= 10);
}
#endif
