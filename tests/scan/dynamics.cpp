#include <fmt/format.h>

#include <cmath>
#include <map>

#include "catch.hpp"
#include "fieldscan/scan/task/run_task.hpp"
#include "helpers.hpp"
#include "theory/average.hpp"

/// Finite networks, trained as a scan asks for, beside the theories that the same scan computes.
using namespace fieldscan;
using namespace fieldscan::scan;
using namespace fieldscan::scan::test;

namespace {

using Key = std::tuple<Observable, double, double>;  ///< observable, time, coordinate (or test point)

using fieldscan::testing::Average;

std::map<Key, double> numbers(const Result& result) {
  std::map<Key, double> out;
  for (const Row& row : result.rows) out[{row.observable, row.time, row.coordinate}] = row.value;
  for (const Array& array : result.arrays)
    if (array.observable == Observable::predictor)
      for (std::size_t k = 0; k < array.data.size(); ++k)
        out[{array.observable, array.time, static_cast<double>(k)}] = array.data[k];
  return out;
}

/// Networks of draw 0 at the first point of a scan.
std::map<Key, Average> networks(const Scan& scan, int count) {
  Task task{.kind = Task::Kind::replicas, .block = 0, .index = 0};
  for (int i = 0; i < count; ++i) task.members.push_back({0, i});
  std::map<Key, Average> out;
  for (const Result& result : run_task(scan, task)) {
    REQUIRE(result.outcome == Outcome::done);
    for (const auto& [key, value] : numbers(result)) out[key].add(value);
  }
  return out;
}

/// A theory of that point on draw 0, by its position.
std::map<Key, double> theory_numbers(const Scan& scan, std::uint64_t theory) {
  const auto results =
      run_task(scan, {.kind = Task::Kind::prediction, .block = 0, .index = 0, .theory = theory, .members = {{0, 0}}});
  REQUIRE(results[0].outcome == Outcome::done);
  return numbers(results[0]);
}

/// Root mean square, over the numbers of one observable that both have, of (measured − predicted) in standard errors,
/// to which a share of the prediction is added for what is O(1/N).
double distance(const std::map<Key, Average>& measured, const std::map<Key, double>& predicted, Observable observable,
                double share, double after = 0) {
  double sum = 0;
  int count = 0;
  for (const auto& [key, value] : predicted) {
    if (std::get<0>(key) != observable || std::get<1>(key) < after || !measured.contains(key)) continue;
    const Average& mean = measured.at(key);
    const double error = std::hypot(mean.error(), share * value);
    if (!(error > 0)) continue;
    sum += std::pow((mean.mean() - value) / error, 2);
    ++count;
  }
  REQUIRE(count > 2);
  return std::sqrt(sum / count);
}

std::string text(const std::string& network, const std::string& training, const std::string& rest) {
  return "fieldscan: 1\nname: dynamics\nseed: 11\ndata: {input: {kind: sphere, dim: 6}, target: {kind: gegenbauer, "
         "levels: {1: 0.7, 2: 0.3}}, noise: 0.1, train_size: 20, test_size: 30}\nnetwork: {depth: 1, activation: "
         "relu, weight_variance: 2, bias_variance: 0.2, " +
         network + "}\ntraining: " + training + "\nensemble: {data_draws: 4, initialisations: 8}\n" + rest;
}

}  // namespace

TEST_CASE("wide networks with a solved readout are regression with the NNGP kernel") {
  const auto scan_of = [](const std::string& ridge) {
    return must_read(text("width: 1500, train: readout", "exact_readout",
                          "ridge: " + ridge + "\ntheory: [ntk]\nobserve: [predictor, error_train]\n"));
  };
  const Scan scan = scan_of("0.1");
  const auto measured = networks(scan, 40);
  // 30 test points, strongly correlated: 2.5 is far beyond chance, the control lies much farther still.
  CHECK(distance(measured, theory_numbers(scan, 0), Observable::predictor, 0) < 2.5);
  CHECK(distance(measured, theory_numbers(scan_of("0.2"), 0), Observable::predictor, 0) > 6);
}

TEST_CASE("wide networks descend as ntk_descent says, also where the steps are long", "[slow]") {
  // Θ has λ_max of about 12.5 here: the rate is two thirds of the stability limit.
  for (const bool centred : {false, true}) {
    const Scan scan = must_read(text(fmt::format("width: 1024, chi: 1, centred: {}", centred),
                                     "{kind: gradient_descent, learning_rate: 0.16, momentum: 0.5, steps: 60}",
                                     "ridge: 0.05\ntheory: [ntk_descent, ntk_flow]\n"
                                     "observe: [{kind: predictor, at: all}, error_test, error_train]\n"
                                     "times: {steps: [1, 2, 4, 8, 20]}\n"));
    const auto measured = networks(scan, 60);
    const auto steps = theory_numbers(scan, 0), flow = theory_numbers(scan, 1);
    CAPTURE(centred);
    CHECK(distance(measured, steps, Observable::predictor, 0.02) < 2.5);
    CHECK(distance(measured, steps, Observable::error_test, 0.03) < 2.5);
    // Control: the flow at the same times misses the delay that momentum brings and the overshooting of the fast mode.
    // Initial outputs that are not subtracted hide it in their noise.
    if (centred) CHECK(distance(measured, flow, Observable::predictor, 0.02) > 5);
  }
}

TEST_CASE("wide networks learn level by level as ntk_flow says", "[slow]") {
  const auto scan_of = [](const std::string& variance) {
    return must_read(text("width: 1024, chi: 1, centred: true, readout_variance: " + variance,
                          "{kind: gradient_descent, learning_rate: auto, time: 3}",
                          "ridge: 0.05\ntheory: [ntk_flow]\nobserve: [learnability, error_test, error_train]\n"
                          "times: {logspace: [0.003, 1], num: 6}\n"));
  };
  const Scan scan = scan_of("1");
  const auto measured = networks(scan, 24);
  const auto predicted = theory_numbers(scan, 0);
  for (const auto o : {Observable::learnability, Observable::error_test})
    CHECK(distance(measured, predicted, o, 0.02, 0.002) < 2.5);
  // Control: rates that are 30% too high.
  const auto faster = theory_numbers(scan_of("1.3"), 0);
  CHECK(distance(measured, faster, Observable::learnability, 0.02, 0.002) > 4);
}

TEST_CASE("without training ntk_descent takes its own rate, and a theory in time can be averaged") {
  const Scan scan = must_read(text("width: 8", "none",
                                   "ridge: 0.05\ntheory: [{kind: ntk_descent, learning_rate: 0.01, momentum: 0.5}, "
                                   "{kind: ntk_flow, averaged: true, name: mean}]\ntimes: [0.1, 1]\n"));
  const auto steps = theory_numbers(scan, 0), mean = theory_numbers(scan, 1);
  CHECK(steps.contains({Observable::error_test, 1.0, 0.0}));
  CHECK(mean.contains({Observable::learnability, 1.0, 2.0}));
  CHECK(theory::given_of(points_of(scan)[0].theories[1].theory) == theory::Given::nothing);
}
