#include "fieldscan/scan/task/regimes.hpp"

#include <algorithm>

#include "../helpers.hpp"
#include "catch.hpp"
#include "fieldscan/data/draw.hpp"
#include "fieldscan/theory/kernel/kernels.hpp"

using namespace fieldscan;
using namespace fieldscan::scan;

TEST_CASE("which theory where") {
  const auto at = [](double signal, double trace, double chi) {
    return RegimeNumbers{.signal = signal, .trace = trace, .points = 40, .dimension = 40, .width = 40, .chi = chi};
  };
  CHECK(recommended_theory(at(0.004, 0.005, 1)) == "nngp");
  CHECK(recommended_theory(at(0.4, 0.2, 1)) == "perturbative");
  CHECK(recommended_theory(at(5, 0.5, 40)) == "kernel_adaptation");
  CHECK(recommended_theory(at(5, 0.5, 1)) == "kernel_adaptation");  // strong labels, however lazy
  CHECK(recommended_theory(at(1, 0.6, 1)) == "kernel_renormalisation");
  CHECK(recommended_theory(at(3, 1.5, 1)) == "kernel_renormalisation");
  CHECK(recommended_theory(at(1, 0.6, 40)).empty());
  RegimeNumbers few = at(1, 0.6, 1);
  few.dimension = 4;  // P ≫ d
  CHECK(recommended_theory(few).empty());
  RegimeNumbers linear = at(1, 0.6, 1);
  linear.linear = true;
  CHECK(recommended_theory(linear) == "deep_linear");
  RegimeNumbers single = at(30, 0.6, 40);
  single.droplets = true;
  CHECK(recommended_theory(single) == "kernel_adaptation");  // P = d
  single.points = 120;
  CHECK(recommended_theory(single) == "droplet");
  single.chi = 1;
  CHECK(recommended_theory(single) == "kernel_adaptation");
}

namespace {

const std::string two_widths =
    "fieldscan: 1\nname: regimes\nseed: 3\ndata: {input: {kind: sphere, dim: 5}, target: {kind: linear}, train_size: 12, "
    "test_size: 20}\nnetwork: {activation: erf, width: 16}\nridge: 0.2\ntraining: {kind: hmc, samples: 40}\n"
    "ensemble: {data_draws: 2, chains: 2}\ntheory: [nngp]\nobserve: [error_test]\n"
    "scan: {grid: {network.width: [16, 65536], network.chi: [1, 4]}}\n";

}  // namespace

TEST_CASE("the numbers of a plan's regimes are those of its first draw") {
  const Scan scan = test::must_read(two_widths);
  const Regimes regimes = regimes_of(scan, RegimeBudget::ten_seconds);
  REQUIRE(regimes.computed);
  const Point point = test::points_of(scan).at(0);
  const data::Draw draw = data::make_draw(point.spec.data, point.spec.seed, 0);
  const Matrix kernel = theory::kernels(theory::kernel_spec(point.spec.network), draw.train.x).nngp;
  const Matrix inverse = (kernel + 0.2 * Matrix::Identity(12, 12)).inverse();
  const Vector t = inverse * draw.train.label;
  const double signal = t.dot(kernel * t), trace = (inverse * kernel).trace();
  double low = 1e300, high = 0, trace_high = 0;
  std::uint64_t points = 0;
  for (const Regime& regime : regimes.list) {
    low = std::min(low, regime.signal_low);
    high = std::max(high, regime.signal_high);
    trace_high = std::max(trace_high, regime.trace_high);
    points += regime.points;
  }
  CHECK(points == 4);
  CHECK(low == Approx(signal / 65536).epsilon(1e-9));
  CHECK(high == Approx(4 * signal / 16).epsilon(1e-9));
  CHECK(trace_high == Approx(trace / 16).epsilon(1e-9));
  const std::string text = regimes_text(regimes);
  CAPTURE(text);
  CHECK(text.find("which theory of finite width where") != std::string::npos);
  CHECK(text.find("nngp                        2 points, E ") != std::string::npos);
  CHECK(regimes_json(regimes).find("\"theory\": \"nngp\", \"points\": 2") != std::string::npos);
}

TEST_CASE("regimes that take long are asked for; others than of samplers there are none") {
  const Scan large = test::must_read(
      two_widths, {"data.train_size=4000", "data.input.dim=2000", "network.activation=tanh", "data.input.kind=gaussian",
                   "scan.grid={seed: [1, 2, 3, 4, 5, 6, 7, 8, 9], ridge: {logspace: [0.01, 1], num: 40}}"});
  const Regimes regimes = regimes_of(large, RegimeBudget::ten_seconds);
  CHECK_FALSE(regimes.computed);
  CHECK(regimes.seconds > 10);
  CHECK(regimes_text(regimes).find("plan --regime") != std::string::npos);
  CHECK(regimes_json(regimes) == "null");
  const Scan descent = test::must_read(two_widths, {"training={kind: gradient_descent, learning_rate: 0.1, steps: 10}",
                                                    "theory=[ntk]", "ensemble={data_draws: 2, initialisations: 2}"});
  CHECK(regimes_text(regimes_of(descent, RegimeBudget::any)).empty());
}
