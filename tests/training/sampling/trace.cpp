#include "../../../src/training/sampling/trace.hpp"

#include <algorithm>
#include <cmath>

#include "../support.hpp"
#include "fieldscan/core/observable_list.hpp"
#include "fieldscan/core/statistics.hpp"

using namespace fieldscan;
using namespace fieldscan::training;
using namespace fieldscan::training::testing;

TEST_CASE("a trace keeps every k-th sample, two hundred at most, in the units of its observables") {
  for (const Index samples : {4, 200, 201, 400, 1001}) {
    INFO(samples);
    Matrix watched(samples, 3);
    for (Index s = 0; s < samples; ++s) watched.row(s) << 6.0 * static_cast<double>(s), 10.0, static_cast<double>(s);
    const Array trace = trace_of(watched, {2, 5});
    REQUIRE(trace.shape.size() == 2);
    CHECK(trace.shape[0] == 3);
    const Index kept = trace.shape[1], every = samples <= 200 ? 1 : samples <= 400 ? 2 : 6;
    CHECK(kept == (samples + every - 1) / every);
    CHECK(kept <= most_traced);
    REQUIRE(std::ssize(trace.data) == 3 * kept);
    for (Index s = 0; s < kept; ++s) {
      CHECK(trace.data[static_cast<std::size_t>(s)] == 3.0 * static_cast<double>(s * every));
      CHECK(trace.data[static_cast<std::size_t>(kept + s)] == 2.0);
      CHECK(trace.data[static_cast<std::size_t>(2 * kept + s)] == static_cast<double>(s * every));
    }
  }
}

TEMPLATE_TEST_CASE("a sampler's trace has the means and the R-hat that its rows have", "", Hmc, Mala) {
  Case c = make_case(6, 7, 2, {.width = 3});
  c.ridge = 0.5;
  TestType trainer;
  trainer.samples = 60;
  const std::vector<Observable> numbers{Observable::error_train, Observable::error_test, Observable::rhat};
  std::vector<Observable> all = numbers;
  all.push_back(listed("chain_trace"));
  const Result result = train(c.problem(), trainer, plan_of(all));
  const auto trace = std::ranges::find(result.arrays, listed("chain_trace"), &Array::observable);
  REQUIRE(trace != result.arrays.end());
  REQUIRE(trace->shape == std::vector<std::int64_t>{7, 60});
  const Eigen::Map<const Matrix> series(trace->data.data(), 60, 7);
  CHECK(series.col(0).mean() == Approx(value_of(result, Observable::error_train)).epsilon(1e-12));
  CHECK(series.col(1).mean() == Approx(value_of(result, Observable::error_test)).epsilon(1e-12));
  double worst = 1;
  for (Index k = 0; k < 7; ++k) worst = std::max(worst, diagnose(Matrix(series.col(k))).rhat);
  CHECK(worst == Approx(value_of(result, Observable::rhat)).epsilon(1e-9));
  // Only where it is asked for, and then with the same numbers.
  const Result plain = train(c.problem(), trainer, plan_of(numbers));
  CHECK(plain.arrays.empty());
  CHECK(plain.rows == result.rows);
}
