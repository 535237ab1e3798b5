#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "catch.hpp"
#include "fieldscan/scan/task/run_task.hpp"
#include "helpers.hpp"

/// Networks on fresh examples beside the order parameters of each one's own start.
using namespace fieldscan;
using namespace fieldscan::scan;
using namespace fieldscan::scan::test;

namespace {

constexpr int replicas = 12;

Scan scan_of(int dimension, const std::string& unit, double rate, const std::string& rest = "") {
  return must_read(fmt::format(
      "fieldscan: 1\nname: online\nseed: 4\ndata: {{input: {{kind: gaussian, dim: {0}}}, target: {{kind: "
      "teacher_network, width: 2, activation: {1}, readout: ones, normalise: false, orthogonal: true}}, noise: 0.1, "
      "train_size: online, test_size: 2000}}\nnetwork: {{depth: 1, width: 2, activation: {1}, train: hidden, "
      "chi: 0.5}}\ntraining: {{kind: sgd, learning_rate: {2}, batch: 1, time: 12{3}}}\nensemble: {{initialisations: "
      "{4}}}\ntheory: [online_ode, {{kind: online_ode, name: drift, noise_term: dropped}}]\nobserve: [error_test, "
      "{{kind: order_parameters, at: all}}]\ntimes: [1, 4, 12]\n",
      dimension, unit, rate, rest, replicas));
}

/// Of log(error of the network/error of the theory): its mean over replicas, that mean's standard error, and in how
/// many the network errs by more than a fifth more.
struct Distance {
  double mean = 0, standard_error = 0;
  int above = 0;
};
double last_error(const Result& result) {
  double value = 0, time = -1;
  for (const Row& row : result.rows)
    if (row.observable == Observable::error_test && row.time > time) value = row.value, time = row.time;
  return value;
}
Distance distance(const Scan& scan, std::uint64_t theory) {
  Task networks{.kind = Task::Kind::replicas}, predictions{.kind = Task::Kind::prediction, .theory = theory};
  for (int i = 0; i < replicas; ++i) networks.members.push_back({0, i}), predictions.members.push_back({0, i});
  const auto measured = run_task(scan, networks), predicted = run_task(scan, predictions);
  double sum = 0, square = 0;
  int above = 0;
  for (std::size_t i = 0; i < measured.size(); ++i) {
    const double x = std::log(last_error(measured[i]) / last_error(predicted[i]));
    sum += x, square += x * x, above += x > 0.2;
  }
  const double mean = sum / replicas;
  return {mean, std::sqrt((square / replicas - mean * mean) / (replicas - 1)), above};
}

}  // namespace

TEST_CASE("networks learn a teacher's units as online_ode says of their own start", "[slow]") {
  for (const auto& [unit, rate, rest] : {std::tuple{"{kind: erf, scale: 0.70710678118654752}", 1.0, ""},
                                         std::tuple{"relu", 0.3, ""}, std::tuple{"relu", 0.15, ", momentum: 0.5"}}) {
    const Scan scan = scan_of(500, unit, rate, rest);
    const Distance whole = distance(scan, 0), drift = distance(scan, 1);
    CAPTURE(unit, whole.mean, whole.standard_error, whole.above, drift.mean, drift.above);
    CHECK(std::abs(whole.mean) < 4 * whole.standard_error + 0.03);  // 1/d, and 1/√(test points) of the error
    // Control: without the part of order η² the error is far too small.
    CHECK(whole.above <= 1);
    CHECK(drift.above >= 6);
  }
}

TEST_CASE("in few dimensions a run leaves online_ode, and its order parameters more than in many", "[slow]") {
  const auto spread = [](int dimension) {
    const Scan scan = scan_of(dimension, "{kind: erf, scale: 0.70710678118654752}", 1);
    Task networks{.kind = Task::Kind::replicas}, predictions{.kind = Task::Kind::prediction};
    for (int i = 0; i < replicas; ++i) networks.members.push_back({0, i}), predictions.members.push_back({0, i});
    const auto measured = run_task(scan, networks), predicted = run_task(scan, predictions);
    std::vector<double> distance;  // one run may end with its units matched in another order than the theory's
    for (std::size_t i = 0; i < measured.size(); ++i) {
      const Array *ours = nullptr, *theirs = nullptr;
      for (const Array& a : measured[i].arrays)
        if (a.observable == Observable::order_parameters && a.time > 3 && a.time < 5) ours = &a;
      for (const Array& a : predicted[i].arrays)
        if (a.observable == Observable::order_parameters && ours && a.time == ours->time) theirs = &a;
      REQUIRE((ours && theirs && ours->shape == theirs->shape));
      double sum = 0;
      for (std::size_t k = 0; k < ours->data.size(); ++k) sum += std::pow(ours->data[k] - theirs->data[k], 2);
      distance.push_back(std::sqrt(sum / static_cast<double>(ours->data.size())));
    }
    std::ranges::nth_element(distance, distance.begin() + replicas / 2);
    return distance[replicas / 2];
  };
  const double few = spread(40), many = spread(1000);
  CAPTURE(few, many);
  CHECK(few / many > 2.5);  // √25 = 5 where fluctuations are all there is
  CHECK(few / many < 10);
  CHECK(many < 0.06);
}
