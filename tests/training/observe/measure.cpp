#include "../../../src/training/observe/measure.hpp"
#include "../../../src/training/observe/overlap.hpp"

#include "../support.hpp"

using namespace fieldscan;
using namespace fieldscan::training;
using namespace fieldscan::training::testing;
using enum fieldscan::Observable;

namespace {

double reading(const std::vector<Reading>& readings, Observable observable, double coordinate = 0) {
  for (const Reading& r : readings)
    if (r.observable == observable && r.coordinate == coordinate) return r.value;
  FAIL("not read");
  return 0;
}

ObservePlan everything() {
  std::vector<Observable> all;
  for (const ObservableInfo& about : all_observables()) all.push_back(*find_observable(about.name));
  return plan_of(all);
}

}  // namespace

TEST_CASE("readings of outputs, by hand") {
  data::Draw data;
  data.train.label = Vector{{1.0, -1.0}};
  data.test.target = Vector{{1.0, -2.0, 0.0, 3.0}};
  data.test.modes = Matrix::Zero(4, 2);
  data.test.modes.col(0) << 1, -1, 1, -1;
  data.mode_numbers = {3, 5};  // the second component is zero: its learnability is not defined
  Outputs outputs;
  outputs.train.mean = Vector{{0.5, -2.0}};
  outputs.test.mean = Vector{{0.5, -1.0, 1.0, -1.0}};
  std::vector<Reading> readings;
  read_outputs(data, outputs, everything(), readings);
  CHECK(reading(readings, error_train) == Approx((0.25 + 1) / 2));
  CHECK(reading(readings, loss_train) == Approx((0.25 + 1) / 2));
  CHECK(reading(readings, error_test) == Approx((0.25 + 1 + 1 + 16) / 4));
  CHECK(reading(readings, accuracy) == Approx(2.0 / 3));
  CHECK(reading(readings, *find_observable("output_size")) == Approx((0.25 + 1 + 1 + 1) / 4));
  CHECK(reading(readings, learnability, 3) == Approx((0.5 + 1 + 1 + 1) / 4));
  for (const Reading& r : readings) CHECK(r.coordinate != 5);

  // With variances: expectations over what was integrated out.
  outputs.test.variance = Vector{{1.0, 4.0, 1.0, 1.0}};
  readings.clear();
  read_outputs(data, outputs, everything(), readings);
  CHECK(reading(readings, error_test) == Approx((0.25 + 1 + 1 + 16 + 7) / 4));
  const auto cdf = [](double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); };
  CHECK(reading(readings, accuracy) == Approx((cdf(0.5) + cdf(0.5) + cdf(-1)) / 3));
  CHECK(reading(readings, learnability, 3) == Approx((0.5 + 1 + 1 + 1) / 4));
}

TEST_CASE("readings of three outputs, by hand: errors are sums over them, the class is the largest") {
  data::Draw data;
  data.train.label = Matrix{{1, 0, -1}, {0, 2, 0}};
  data.test.target = Matrix{{2, -1, -1}, {-1, 2, -1}, {-1, -1, 2}, {-1, 2, -1}};
  data.test.modes = Matrix(4, 0);
  Outputs outputs;
  outputs.train.mean = Vector{{1.0, 1.0, -1.0, 0.0, 1.0, 2.0}};  // point by point
  outputs.test.mean = Vector{{2.0, 0.0, -1.0, 0.5, 0.1, 0.0, -1.0, -1.0, 0.0, 0.0, 1.0, 1.0}};
  std::vector<Reading> readings;
  read_outputs(data, outputs, everything(), readings);
  CHECK(reading(readings, error_train) == Approx((1.0 + 1 + 4) / 2));
  CHECK(reading(readings, loss_train) == Approx((1.0 + 1 + 4) / 2));
  CHECK(reading(readings, discrepancy) == Approx(1 - (2.0 + 2) / 6));
  CHECK(reading(readings, error_test) == Approx((1.0 + (2.25 + 3.61 + 1) + 4 + (1 + 1 + 4)) / 4));
  CHECK(reading(readings, accuracy) == Approx(0.5));  // the last point has no largest output
  const auto confusion_of = [&] {
    std::vector<Array> arrays;
    read_confusion(data, outputs, everything(), arrays);
    CHECK(arrays.at(0).shape == std::vector<std::int64_t>{3, 3});
    return arrays.at(0).data;
  };
  CHECK(confusion_of() == std::vector<double>{0.25, 0, 0, 0.25, 0, 0, 0, 0, 0.25});  // [target, output]

  // Variances: of two outputs alone Φ((m₁ − m₂)/√(v₁ + v₂)), and a third one far below takes no part.
  data.test.target = Matrix{{1, 0, 0}};
  data.test.modes.resize(1, 0);
  outputs.test = {.mean = Vector{{0.3, 0.1, -30.0}}, .variance = Vector{{0.5, 0.7, 0.6}}};
  readings.clear();
  read_outputs(data, outputs, everything(), readings);
  const double expected = 0.5 * std::erfc(-0.2 / std::sqrt(1.2) / std::sqrt(2.0));
  CHECK(reading(readings, accuracy) == Approx(expected).epsilon(1e-7));
  CHECK(reading(readings, error_test) == Approx(0.49 + 0.01 + 900 + 1.8));
  CHECK(confusion_of()[1] == Approx(1 - expected).epsilon(1e-7));
  // accuracy_common_variance of an independent program.
  outputs.test = {.mean = Vector{{0.4, 0.1, -0.5}}, .variance = Vector{{0.3, 0.3, 0.3}}};
  CHECK(confusion_of()[0] == Approx(0.6125650686053503).epsilon(1e-9));
  // Equal means and variances: all classes alike.
  outputs.test = {.mean = Vector{{0.3, 0.3, 0.3}}, .variance = Vector{{0.5, 0.5, 0.5}}};
  CHECK(confusion_of()[2] == Approx(1.0 / 3).epsilon(1e-7));
}

TEST_CASE("readings of the parameters, by hand") {
  const network::Network network({.depth = 2, .width = std::vector<int>{3, 2}, .bias_variance = 0.5}, 2);
  const Vector theta = normals(network.parameter_count(), 1, 40);
  // W1 [3 × 2], b1 [3], W2 [2 × 3], b2 [2], a [2].
  std::vector<Reading> readings;
  read_norms(network, squared_norms(network, theta), everything(), readings);
  CHECK(reading(readings, norm_excess, 1) == Approx(theta.head(9).squaredNorm() - 9));
  CHECK(reading(readings, norm_excess, 2) == Approx(theta.segment(9, 8).squaredNorm() - 8));
  CHECK(reading(readings, norm_excess, 3) == Approx(theta.tail(2).squaredNorm() - 2));
  CHECK(reading(readings, kernel_scale) == Approx(theta.tail(2).squaredNorm() / 2));
  CHECK(reading(readings, weight_norm, 1) == Approx(theta.head(6).norm()));
  CHECK(reading(readings, weight_norm, 3) == Approx(theta.tail(2).norm()));
}

TEST_CASE("readings of the network: |h|, the gradient, the top of Θ/χ") {
  Case c = make_case(4, 3, 3, {.depth = 2, .width = 6, .activation = network::Linear{}, .chi = 3});
  const network::Network network(c.network, 3);
  const Vector theta = initial_of(c);
  auto work = network.workspace(4);
  Vector f(4);
  network.forward_for_gradient(theta, c.data.train.x, work, f);
  std::vector<Reading> readings;
  read_network(network, theta, c.data.train, f, work, everything(), readings);
  const Eigen::Map<const Matrix> w(theta.data(), 6, 3);
  CHECK(reading(readings, coordinate_size, 1) ==
        Approx((c.data.train.x * w.transpose() / std::sqrt(3.0)).cwiseAbs().mean()));
  const Matrix jacobian = network.jacobian(theta, c.data.train.x);
  CHECK(reading(readings, gradient_norm) == Approx((jacobian.transpose() * (f - c.data.train.label)).norm()));
  const Matrix kernel = jacobian * jacobian.transpose();
  CHECK(reading(readings, ntk_top) ==
        Approx(Eigen::SelfAdjointEigenSolver<Matrix>(kernel).eigenvalues().maxCoeff()).epsilon(2e-3));
}

TEST_CASE("a descent records everything it says it can, at start and end") {
  Case c = make_case(4, 3, 3, {.width = 8});
  const Result result = train(c.problem(), GradientDescent{.learning_rate = 0.1, .steps = 3}, everything());
  for (const Observable observable :
       {error_train, error_test, error_validation, loss_train, accuracy, kernel_scale, gradient_norm, ntk_top}) {
    int count = 0;
    for (const Row& row : result.rows) count += row.observable == observable;
    CHECK(count == 2);
  }
  CHECK(value_of(result, learnability, 1) != 0);
  CHECK(predictor_of(result).size() == 3);
  // At the start the norm of W1 is that of the initial draw.
  for (const Row& row : result.rows)
    if (row.observable == weight_norm && row.time == 0 && row.coordinate == 1)
      CHECK(row.value == Approx(initial_of(c).head(24).norm()));
}

TEST_CASE("overlaps of the first layer with a direction, their moment and histogram; the discrepancy") {
  const network::Spec spec{.depth = 1, .width = 4, .weight_variance = 9};
  const network::Network network(spec, 2);
  Vector theta = Vector::Zero(network.parameter_count());
  Eigen::Map<Matrix> weights(theta.data(), 4, 2);
  weights.col(1) << 0.1, -0.4, 0.5, 20;  // m = 3/√2 · w
  ObservePlan plan = plan_of({overlap, overlap_histogram, overlap_moment, droplet_fraction});
  plan.overlap_bins = {.count = 4, .low = -2, .high = 2};
  plan.droplet_beyond = 1;
  std::vector<Reading> readings;
  read_overlaps(network, theta, Matrix(Vector::Unit(2, 1).transpose()), plan, readings);
  CHECK(reading(readings, overlap, 2) == Approx(-0.4 * 3 / std::sqrt(2.0)));
  CHECK(reading(readings, overlap_moment) == Approx((0.01 + 0.16 + 0.25 + 400) * 4.5 / 4));
  CHECK(reading(readings, overlap_histogram, -0.5) == 0.25);
  CHECK(reading(readings, overlap_histogram, 0.5) == 0.25);
  CHECK(reading(readings, overlap_histogram, 1.5) == 0.5);  // what lies outside counts to the last bin
  CHECK(reading(readings, overlap_histogram, -1.5) == 0);
  // Beyond an edge of the bins: what the histogram has outside. Signs do not count.
  CHECK(reading(readings, droplet_fraction) == 0.5);
  const Vector flipped = -theta;
  readings.clear();
  read_overlaps(network, flipped, Matrix(Vector::Unit(2, 1).transpose()), plan, readings);
  CHECK(reading(readings, droplet_fraction) == 0.5);

  Case c = make_case(4, 3, 2, {.width = 3});
  readings.clear();
  read_outputs(c.data, {.train = {.mean = 0.75 * c.data.train.label}}, plan_of({discrepancy}), readings);
  CHECK(reading(readings, discrepancy) == Approx(0.25));
}

TEST_CASE("a descent aligns the units with the target's direction") {
  Case c = make_case(40, 3, 5, {.width = 30, .chi = 30});
  c.data.directions = Matrix(Vector::Unit(5, 0).transpose());
  c.data.train.label = 3 * c.data.train.x.col(0);
  const Result result =
      train(c.problem(), GradientDescent{.learning_rate = 0.5, .steps = 300}, plan_of({overlap_moment}));
  std::vector<double> moments;
  for (const Row& row : result.rows)
    if (row.observable == overlap_moment) moments.push_back(row.value);
  CHECK(moments.size() == 2);
  CHECK(moments.back() > 1.1 * moments.front());
  c.data.directions.resize(0, 5);
  CHECK(train(c.problem(), GradientDescent{.learning_rate = 0.5, .steps = 3}, plan_of({overlap_moment})).rows.empty());
}
