#include "fieldscan/scan/task/regimes.hpp"

#include <algorithm>

#include "../../../src/scan/task/recommendation.hpp"
#include "../helpers.hpp"
#include "catch.hpp"
#include "fieldscan/data/draw.hpp"
#include "fieldscan/theory/kernel/kernels.hpp"

using namespace fieldscan;
using namespace fieldscan::scan;

TEST_CASE("which theory where") {
  using Names = std::vector<std::string>;
  const std::vector<std::string_view> generic{"perturbative", "kernel_renormalisation", "kernel_adaptation"};
  const auto at = [&](double signal, double trace, double chi) {
    return RegimeNumbers{.signal = signal,
                         .trace = trace,
                         .points = 40,
                         .dimension = 40,
                         .width = 40,
                         .chi = chi,
                         .applicable = generic};
  };
  const auto far = [&](double signal, double trace, double chi) {  // P ≫ d
    RegimeNumbers numbers = at(signal, trace, chi);
    numbers.dimension = 4;
    return numbers;
  };
  CHECK(recommended_theories(at(0.004, 0.005, 1)) == Names{"nngp"});
  CHECK(recommended_theories(at(0.4, 0.2, 1)) == Names{"kernel_renormalisation", "perturbative"});
  CHECK(recommended_theories(far(0.4, 0.2, 1)) == Names{"perturbative"});
  CHECK(recommended_theories(at(5, 0.5, 40)) == Names{"kernel_adaptation"});
  CHECK(recommended_theories(at(5, 0.5, 1)) == Names{"kernel_adaptation"});  // strong labels, however lazy
  CHECK(recommended_theories(at(1, 0.6, 1)) == Names{"kernel_renormalisation"});
  CHECK(recommended_theories(at(3, 1.5, 1)) == Names{"kernel_renormalisation"});
  // Between the regimes: the nearest two, in their order.
  CHECK(recommended_theories(far(1.5, 0.31, 40)) == Names{"kernel_adaptation", "perturbative"});
  CHECK(recommended_theories(far(0.6, 0.31, 40)) == Names{"perturbative", "kernel_adaptation"});
  CHECK(recommended_theories(far(0.6, 0.9, 4)).front() == "kernel_renormalisation");
  RegimeNumbers deep = at(5, 0.5, 40);
  deep.applicable = {"perturbative", sampled_adaptation};
  CHECK(recommended_theories(deep) == Names{std::string(sampled_adaptation)});
  deep.signal = 0.3;
  CHECK(recommended_theories(deep) == Names{"perturbative"});
  RegimeNumbers linear = at(1, 0.6, 1);
  linear.applicable.push_back("deep_linear");
  CHECK(recommended_theories(linear) == Names{"deep_linear"});
  linear.applicable.clear();
  CHECK(recommended_theories(linear).empty());
  // Far from every regime, by more than a factor of five, none is named.
  RegimeNumbers crowded = far(20, 200, 1);
  crowded.points = 4000;
  CHECK(recommended_theories(crowded).empty());
  crowded.trace = 4;
  CHECK(recommended_theories(crowded) == Names{"kernel_adaptation"});
}

TEST_CASE("a plan says where none of the theories is known to hold") {
  const Regimes nowhere{
      .list = {{.theories = {}, .points = 3, .signal_low = 20, .signal_high = 20}}, .seconds = 1, .draws = 1};
  CHECK(regimes_text(nowhere).find("    none is known to hold") != std::string::npos);
  Regimes somewhere = nowhere;
  somewhere.list[0].theories = {"nngp"};
  CHECK(regimes_text(somewhere).find("none is known") == std::string::npos);
}

TEST_CASE("droplets are recommended alone where P is far beyond d, and beside another from three times d on") {
  using Names = std::vector<std::string>;
  RegimeNumbers n{.signal = 30, .trace = 0.6, .points = 40, .dimension = 40, .width = 40, .chi = 40};
  n.applicable = {"perturbative", "kernel_renormalisation", "kernel_adaptation", "droplet"};
  CHECK(recommended_theories(n) == Names{"kernel_adaptation"});  // P = d
  n.points = 4 * n.dimension;
  CHECK(recommended_theories(n) == Names{"kernel_adaptation", "droplet"});
  n.points = 20 * n.dimension;
  CHECK(recommended_theories(n) == Names{"droplet"});
  n.chi = 1;
  CHECK(recommended_theories(n) == Names{"kernel_adaptation"});
  n.chi = 40;
  n.points = 8 * n.dimension;
  n.signal = 1;  // between: droplets are the nearest
  CHECK(recommended_theories(n).front() == "droplet");
  CHECK(recommended_theories(n).size() == 2);
}

namespace {

const std::string two_widths =
    "fieldscan: 1\nname: regimes\nseed: 3\ndata: {input: {kind: sphere, dim: 5}, target: {kind: linear}, train_size: 12, "
    "test_size: 20}\nnetwork: {activation: erf, width: 16}\nridge: 0.2\ntraining: {kind: hmc, samples: 40}\n"
    "ensemble: {data_draws: 2, chains: 2}\ntheory: [nngp]\nobserve: [error_test]\n"
    "scan: {grid: {network.width: [16, 65536], network.chi: [1, 4]}}\n";

}  // namespace

TEST_CASE("the numbers of a plan's regimes are the extremes over points and draws") {
  const Scan scan = test::must_read(two_widths);
  const Regimes regimes = regimes_of(scan, RegimeBudget::ten_seconds);
  REQUIRE(regimes.draws == 2);  // all of the ensemble's
  const Point point = test::points_of(scan).at(0);
  double least = 1e300, most = 0, most_trace = 0;
  for (int r = 0; r < 2; ++r) {
    const data::Draw draw = data::make_draw(point.spec.data, point.spec.seed, r);
    const Matrix kernel = theory::kernels(theory::kernel_spec(point.spec.network), draw.train.x).nngp;
    const Matrix inverse = (kernel + 0.2 * Matrix::Identity(12, 12)).inverse();
    const Vector t = inverse * draw.train.label;
    const double signal = t.dot(kernel * t);
    least = std::min(least, signal);
    most = std::max(most, signal);
    most_trace = std::max(most_trace, (inverse * kernel).trace());
  }
  CHECK(most > 1.01 * least);  // or the draws would not be told apart
  double low = 1e300, high = 0, trace_high = 0;
  std::uint64_t points = 0;
  for (const Regime& regime : regimes.list) {
    low = std::min(low, regime.signal_low);
    high = std::max(high, regime.signal_high);
    trace_high = std::max(trace_high, regime.trace_high);
    points += regime.points;
  }
  CHECK(points == 4);
  CHECK(low == Approx(least / 65536).epsilon(1e-9));
  CHECK(high == Approx(4 * most / 16).epsilon(1e-9));
  CHECK(trace_high == Approx(most_trace / 16).epsilon(1e-9));
  const std::string text = regimes_text(regimes);
  CAPTURE(text);
  CHECK(text.find("K the kernel at initialisation, of 2 draws") != std::string::npos);
  CHECK(text.find("    nngp  ") != std::string::npos);
  CHECK(regimes_json(regimes).find("\"theories\": [\"nngp\"], \"points\": 2") != std::string::npos);
  const Scan many = test::must_read(two_widths, {"ensemble.data_draws=20", "scan.grid={network.width: [16]}"});
  CHECK(regimes_of(many, RegimeBudget::ten_seconds).draws == regime_draws);
}

TEST_CASE("regimes that take long are asked for; others than of samplers there are none") {
  const Scan large = test::must_read(
      two_widths, {"data.train_size=4000", "data.input.dim=2000", "network.activation=tanh", "data.input.kind=gaussian",
                   "scan.grid={seed: [1, 2, 3, 4, 5, 6, 7, 8, 9], ridge: {logspace: [0.01, 1], num: 40}}"});
  const Regimes regimes = regimes_of(large, RegimeBudget::ten_seconds);
  CHECK(regimes.draws == 0);
  CHECK(regimes.seconds > 10);
  CHECK(regimes_text(regimes).find("plan --regime") != std::string::npos);
  CHECK(regimes_json(regimes) == "null");
  const Scan descent = test::must_read(two_widths, {"training={kind: gradient_descent, learning_rate: 0.1, steps: 10}",
                                                    "theory=[ntk]", "ensemble={data_draws: 2, initialisations: 2}"});
  CHECK(regimes_text(regimes_of(descent, RegimeBudget::any)).empty());
}
