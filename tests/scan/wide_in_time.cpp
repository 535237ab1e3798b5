#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "catch.hpp"
#include "fieldscan/core/observable_list.hpp"
#include "fieldscan/scan/task/run_task.hpp"
#include "helpers.hpp"

/// The program's own networks in time beside the theories that average over them, inside their regime and outside.
using namespace fieldscan;
using namespace fieldscan::scan;
using namespace fieldscan::scan::test;

namespace in_time_tests {

namespace {

/// A number in time, and the standard error of its mean over members.
struct Curve {
  std::map<double, double> sum, square, count;
  void add(const Result& result, Observable observable) {
    for (const Row& row : result.rows) {
      if (row.observable != observable || !std::isfinite(row.time)) continue;
      sum[row.time] += row.value, square[row.time] += row.value * row.value, count[row.time] += 1;
    }
  }
  double mean(double time) const { return sum.at(time) / count.at(time); }
  double error(double time) const {
    const double n = count.at(time), m = mean(time);
    return n > 1 ? std::sqrt(std::max(0.0, square.at(time) / n - m * m) / (n - 1)) : 0;
  }
};

/// The results of all members; a short chain is not equilibrated, which is of no matter in time.
std::vector<Result> results_of(const Scan& scan, Task task, int draws, int initialisations) {
  for (int r = 0; r < draws; ++r)
    for (int i = 0; i < initialisations; ++i) task.members.push_back({r, i});
  std::vector<Result> out = run_task(scan, task);
  for (const Result& result : out) {
    CAPTURE(result.reason);
    REQUIRE((result.outcome == Outcome::done || result.outcome == Outcome::not_equilibrated));
  }
  return out;
}

/// Networks of a scan, and predictions of its theories.
struct Beside {
  std::vector<Result> networks;
  std::vector<std::vector<Result>> theories;
};
Beside beside(const Scan& scan, int draws, int initialisations, std::vector<int> evaluations) {
  Beside out{.networks = results_of(scan, {.kind = Task::Kind::replicas}, draws, initialisations), .theories = {}};
  for (std::size_t k = 0; k < evaluations.size(); ++k)
    out.theories.push_back(results_of(scan, {.kind = Task::Kind::prediction, .theory = k}, evaluations[k], 1));
  return out;
}

/// How far the networks' mean is from the theory's: the largest |log ratio| over times, and in standard errors.
struct Distance {
  double relative = 0, standard_errors = 0;
};
Distance distance(const Beside& results, Observable observable, std::size_t theory = 0) {
  Curve networks, predicted;
  for (const Result& result : results.networks) networks.add(result, observable);
  for (const Result& result : results.theories.at(theory)) predicted.add(result, observable);
  Distance out;
  int compared = 0;
  for (const auto& [time, sum] : predicted.sum) {
    if (!networks.sum.contains(time) || time == 0) continue;
    if (networks.mean(time) == 0) continue;  // what two times compare, at the earlier one
    const double off = networks.mean(time) - predicted.mean(time);
    out.relative = std::max(out.relative, std::abs(std::log(networks.mean(time) / predicted.mean(time))));
    out.standard_errors = std::max(out.standard_errors, std::abs(off) / networks.error(time));
    ++compared;
  }
  REQUIRE(compared >= 2);
  return out;
}

Scan langevin(int width, int points) {
  return must_read(fmt::format(
      "fieldscan: 1\nname: relaxing\nseed: 5\ndata: {{input: {{kind: sphere, dim: 5}}, target: {{kind: gegenbauer, "
      "levels: {{1: 1, 3: 0.3}}}}, noise: 0.1, train_size: {1}, test_size: 30}}\nnetwork: {{depth: 1, width: {0}, "
      "activation: erf, weight_variance: 2, chi: 2}}\nridge: 0.3\ntraining: {{kind: langevin, step: 0.01, steps: "
      "200, waiting: 1.5}}\nensemble: {{data_draws: 2, chains: 60}}\ntheory: [langevin_dynamics]\nobserve: [error_test, error_train, "
      "output_size, response, displacement, two_time_correlation]\ntimes: [0.3, 1.5, 3, 6]\n",
      width, points));
}

Scan linear(int width) {
  return must_read(fmt::format(
      "fieldscan: 1\nname: deep-linear\nseed: 5\ndata: {{input: {{kind: gaussian, dim: 6}}, target: {{kind: linear, "
      "norm: 1.5}}, noise: 0.1, train_size: 4, test_size: 40}}\nnetwork: {{depth: 2, width: {0}, activation: linear, "
      "weight_variance: 1.5, chi: {0}}}\nridge: 0.05\ntraining: {{kind: gradient_descent, learning_rate: {1}, "
      "momentum: 0.5, steps: 40}}\nensemble: {{data_draws: 2, initialisations: 12}}\ntheory: [deep_linear_dynamics, "
      "ntk_descent]\nobserve: [error_train, ntk_top]\ntimes: {{steps: [10, 20, 40]}}\n",
      width, 0.01 * width));
}

Scan features(int width, int points) {
  return must_read(fmt::format(
      "fieldscan: 1\nname: features\nseed: 5\ndata: {{input: {{kind: gaussian, dim: 60, spectrum: {{power_law: "
      "1.5}}}}, target: {{kind: linear, spectrum: {{power_law: 2}}}}, noise: 0.2, train_size: "
      "{1}, test_size: exact}}\nnetwork: {{depth: 1, width: {0}, activation: linear, train: readout, centred: "
      "true}}\nridge: 0\ntraining: {{kind: gradient_descent, learning_rate: {2}, steps: 100}}\nensemble: {{data_draws: 16, "
      "initialisations: 32}}\ntheory: [scaling_dynamics]\nobserve: [error_test, error_train]\ntimes: {{steps: [5, 20, 100]}}\n",
      width, points, 0.5 / points));
}

Scan fresh_features(int width) {
  return must_read(fmt::format(
      "fieldscan: 1\nname: one-pass\nseed: 5\ndata: {{input: {{kind: gaussian, dim: 60, spectrum: {{power_law: "
      "1.5}}}}, target: {{kind: linear, spectrum: {{power_law: 2}}}}, noise: 0.2, train_size: "
      "online, test_size: exact}}\nnetwork: {{depth: 1, width: {0}, activation: linear, train: readout, centred: "
      "true}}\nridge: 0\ntraining: {{kind: sgd, learning_rate: 0.05, batch: 10, steps: 100}}\nensemble: {{data_draws: 16, "
      "initialisations: 32}}\ntheory: [scaling_dynamics]\nobserve: [error_test]\ntimes: {{steps: [5, 20, 100]}}\n",
      width));
}

Scan balanced(const std::string& initial, int depth) {
  return must_read(fmt::format(
      "fieldscan: 1\nname: balanced\nseed: 5\ndata: {{input: {{kind: gaussian, dim: 6}}, target: {{kind: linear, "
      "norm: 2}}, noise: 0.1, train_size: 12, test_size: 20}}\nnetwork: {{depth: {1}, width: 9, activation: linear, "
      "weight_variance: 1.5, chi: 3, initial: {{{0}}}}}\nridge: 0.05\ntraining: {{kind: gradient_descent, "
      "learning_rate: 0.02, momentum: 0.4, steps: 400}}\nensemble: {{data_draws: 2, initialisations: 3}}\ntheory: "
      "[balanced_descent]\nobserve: [error_test, error_train]\ntimes: {{steps: [20, 50, 100, 200, 400]}}\n",
      initial, depth));
}

/// The largest |log ratio| of a network's errors to those of another result, over times after the start.
double apart(const Result& network, const Result& other) {
  double most = 0;
  for (const Row& row : network.rows)
    for (const Row& its : other.rows)
      if (row.time > 0 && row.observable == its.observable && row.time == its.time &&
          (row.observable == Observable::error_test || row.observable == Observable::error_train))
        most = std::max(most, std::abs(std::log(row.value / its.value)));
  return most;
}

Scan batches(int width, const std::string& sampling) {
  return must_read(fmt::format(
      "fieldscan: 1\nname: batches\nseed: 5\ndata: {{input: {{kind: sphere, dim: 5}}, target: {{kind: gegenbauer, "
      "levels: {{1: 1, 3: 0.3}}}}, noise: 0.3, train_size: 12, test_size: 30}}\nnetwork: {{depth: 1, width: {0}, "
      "activation: erf, weight_variance: 2, centred: true}}\nridge: 0\ntraining: {{kind: sgd, learning_rate: 0.12, "
      "batch: 2, steps: 30, sampling: {1}}}\nensemble: {{data_draws: 2, initialisations: 300}}\ntheory: "
      "[{2}]\nobserve: [error_test, error_train]\ntimes: {{steps: [6, 18, 30]}}\n",
      width, sampling, sampling == "permutation" ? "nngp" : "sgd_fluctuations"));
}

}  // namespace

TEST_CASE("networks go the way of balanced_descent from a balanced start, and other ways from small random ones") {
  for (const int depth : {1, 3}) {
    const Scan scan = balanced("hidden: {law: balanced, strength: 0.05}", depth);
    const auto networks = results_of(scan, {.kind = Task::Kind::replicas}, 2, 3);
    const auto told = results_of(scan, {.kind = Task::Kind::prediction, .theory = 0}, 2, 3);
    // From weights of the same size that are not balanced; 0.6 in each of them is an output of that strength.
    const auto random = results_of(
        balanced(fmt::format("hidden: {{scale: {0}}}, readout: {{scale: {0}}}", std::pow(0.05, 1.0 / (depth + 1))),
                 depth),
        {.kind = Task::Kind::replicas}, 2, 3);
    for (std::size_t k = 0; k < networks.size(); ++k) {
      CAPTURE(depth, k, apart(networks[k], told[k]), apart(random[k], told[k]));
      CHECK(apart(networks[k], told[k]) < 1e-8);
      CHECK(apart(random[k], told[k]) > 0.05);
    }
  }
}

// 600 networks that start at 0: the spread is of their batches alone.
TEST_CASE("networks trained in batches spread as sgd_fluctuations says; narrow ones and permutations do not",
          "[slow]") {
  const Scan wide = batches(300, "with_replacement");
  const Beside drawn = beside(wide, 2, 300, {2});
  Beside permuted = drawn, narrow = drawn;
  permuted.networks = results_of(batches(300, "permutation"), {.kind = Task::Kind::replicas}, 2, 300);
  narrow.networks = results_of(batches(2, "with_replacement"), {.kind = Task::Kind::replicas}, 2, 300);
  for (const Observable observable : {Observable::error_test, Observable::error_train}) {
    const Distance off = distance(drawn, observable);
    CAPTURE(info(observable).name, off.relative, off.standard_errors, distance(permuted, observable).standard_errors,
            distance(narrow, observable).standard_errors);
    CHECK(off.standard_errors < 5);
    CHECK(off.relative < 0.15);
    CHECK(distance(permuted, observable).standard_errors > 5);
    CHECK(distance(narrow, observable).standard_errors > 5);
  }
}

// 120 chains: an error of some 5% where the posterior spreads; 6 standard errors, of three times and three numbers.
TEST_CASE("chains of wide networks relax as langevin_dynamics says; narrow ones with many points do not", "[slow]") {
  const Beside wide = beside(langevin(200, 5), 2, 60, {2});
  for (const Observable observable : {Observable::error_test, Observable::error_train, listed("output_size"),
                                      listed("response"), listed("displacement"), listed("two_time_correlation")}) {
    const Distance off = distance(wide, observable);
    CAPTURE(info(observable).name, off.relative, off.standard_errors);
    CHECK(off.standard_errors < 6);
    CHECK(off.relative < 0.25);
  }
  const Beside narrow = beside(langevin(3, 24), 2, 60, {2});
  for (const Observable observable : {Observable::error_train, listed("response")})
    CHECK(distance(narrow, observable).standard_errors > 6);
}

TEST_CASE(
    "linear networks learn features in time as deep_linear_dynamics says; the lazy theory and narrow ones do not") {
  const Beside wide = beside(linear(200), 2, 12, {2, 2}), narrow = beside(linear(2), 2, 12, {2});
  for (const Observable observable : {Observable::error_train, Observable::ntk_top}) {
    const Distance off = distance(wide, observable), lazy = distance(wide, observable, 1);
    CAPTURE(info(observable).name, off.relative, lazy.relative);
    CHECK(off.relative < 0.12);
    CHECK(lazy.relative > 0.3);
  }
  CHECK(distance(narrow, Observable::error_train).relative > 0.3);
}

TEST_CASE("readouts over random features descend as scaling_dynamics says; not over three on five points", "[slow]") {
  const Beside many = beside(features(40, 60), 16, 32, {1}), few = beside(features(3, 5), 16, 32, {1});
  for (const Observable observable : {Observable::error_test, Observable::error_train}) {
    const Distance off = distance(many, observable);
    CAPTURE(info(observable).name, off.relative, off.standard_errors);
    CHECK(off.relative < 0.1);
  }
  CHECK(distance(few, Observable::error_train).relative > 0.15);
  // One pass of fresh batches.
  const Beside fresh = beside(fresh_features(40), 16, 32, {1});
  Beside narrower = fresh;
  narrower.theories = {results_of(fresh_features(10), {.kind = Task::Kind::prediction}, 1, 1)};
  CAPTURE(distance(fresh, Observable::error_test).relative, distance(narrower, Observable::error_test).relative);
  CHECK(distance(fresh, Observable::error_test).relative < 0.08);
  CHECK(distance(narrower, Observable::error_test).relative > 0.15);
}

}  // namespace in_time_tests
