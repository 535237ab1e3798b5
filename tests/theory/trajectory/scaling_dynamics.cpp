#include "fieldscan/theory/trajectory/scaling_dynamics.hpp"

#include <cmath>

#include "catch.hpp"
#include "data/fixture.hpp"
#include "fieldscan/core/observable_list.hpp"
#include "theory/examples.hpp"
#include "theory/random.hpp"

namespace fieldscan::theory::laws {

namespace {

/// Forty points in twelve dimensions with a power law, thirty units.
Setting power_law_features(const Dynamics& dynamics) {
  Setting s = small(dynamics);
  s.data.input = data::Gaussian{.dim = 12, .spectrum = data::PowerLawSpectrum{.exponent = 1.5}};
  s.data.target = data::Linear{.spectrum = data::PowerLawSpectrum{.exponent = 2}};
  s.data.train_size = 40;
  s.network.activation = network::Linear{};
  s.network.width = 30;
  s.network.train = network::Trained::readout;
  s.network.centred = true;
  s.asked.times = {0, 0.2, 1, equilibrium};
  return s;
}
Setting one_pass(const Dynamics& dynamics) {
  return with(power_law_features(dynamics), [](Setting& s) {
    s.data.train_size = data::TrainSizeWord::online;
    s.asked.times = {0, 0.5, 2};
  });
}
Setting descending_features() { return power_law_features(dynamics::Descent{.rate = 0.02, .momentum = 0.3}); }

}  // namespace

template <>
std::vector<Example> examples<ScalingDynamics>() {
  return {{ScalingDynamics{}, descending_features()},
          {ScalingDynamics{.learning_rate = 0.03}, power_law_features(dynamics::Alone{})},
          {ScalingDynamics{}, one_pass(dynamics::Online{.rate = 0.1, .momentum = 0.3, .batch = 4})},
          {ScalingDynamics{.learning_rate = 0.1, .batch = 2}, one_pass(dynamics::Alone{})}};
}

template <>
std::vector<Counterexample> counterexamples<ScalingDynamics>() {
  const auto changed = [](auto change) { return with(descending_features(), change); };
  return {
      {ScalingDynamics{}, changed([](Setting& s) { s.network.train = network::Trained::all; }), "is trained"},
      {ScalingDynamics{}, changed([](Setting& s) { s.network.depth = 2; }), "deeper network"},
      {ScalingDynamics{}, changed([](Setting& s) { s.network.activation = network::Erf{}; }), "not linear"},
      {ScalingDynamics{}, changed([](Setting& s) { s.network.bias_variance = 0.1; }), "constant mode"},
      {ScalingDynamics{}, changed([](Setting& s) { s.network.centred = false; }), "centred"},
      {ScalingDynamics{}, power_law_features(dynamics::Solved{}), "describes gradient descent"},
      {ScalingDynamics{}, power_law_features(dynamics::Alone{}), "given its learning_rate"},
      {ScalingDynamics{.momentum = 0.1}, descending_features(), "training: none"},
      {ScalingDynamics{}, power_law_features(dynamics::Flow{}), "steps of a given rate"},
      {ScalingDynamics{}, changed([](Setting& s) { s.asked.times = {equilibrium}; }), "end of all times"},
      {ScalingDynamics{}, online(descending_features()), "on fresh examples at a fixed rate"},
      {ScalingDynamics{}, one_pass(dynamics::Alone{}), "given its learning_rate"},
      {ScalingDynamics{.batch = 3}, one_pass(dynamics::Online{.rate = 0.1}), "training: none"},
      {ScalingDynamics{.learning_rate = 0.1, .batch = 3}, power_law_features(dynamics::Alone{}), "train_size: online"},
      {ScalingDynamics{}, changed([](Setting& s) { s.data.labels = data::Labels::shuffled; }), "shuffled"}};
}

TEST_CASE("scaling in time of a file is that of the distribution that its rows were drawn from") {
  // Diagonal power-law covariance and a linear target, as a known spectrum and as rows of a file; there with a square
  // beside it, which no linear network learns: noise to training, and error to the end.
  constexpr Index rows = 16000, d = 12;
  const Setting known = with(descending_features(), [](Setting& s) { s.data.noise = 0.5; });
  const auto& gaussian = std::get<data::Gaussian>(known.data.input);
  const Vector covariance = data::spectrum_values(gaussian.spectrum, d),
               power = data::spectrum_values(std::get<data::Linear>(known.data.target).spectrum, d) / d;
  const Matrix normals = testing::normals(fieldscan::testing::stream("file of features"), rows, d);
  std::vector<double> inputs, labels;
  for (Index i = 0; i < rows; ++i) {
    for (Index k = 0; k < d; ++k) inputs.push_back(std::sqrt(covariance[k]) * normals(i, k));
    const double square = (normals(i, 0) * normals(i, 0) - 1) / std::sqrt(2.0);
    labels.push_back(normals.row(i).dot(power.cwiseSqrt()) + 0.5 * square);
  }
  const test::Folder folder("features");
  folder.write("x.npy", test::npy("<f8", "16000, 12", inputs));
  folder.write("y.npy", test::npy("<f8", "16000,", labels));
  Setting file = known;
  file.data.noise = 0;
  file.data.input = data::File{.path = folder.path(), .scaling = data::Scaling::none, .test_part = 0.2};
  file.data.target = data::FileLabels{};
  data::resolve(file.data);
  const Result of_file = predict(AnyTheory(ScalingDynamics{}), file, 0),
               of_law = predict(AnyTheory(ScalingDynamics{}), known, 0);
  CHECK(of_file.reason.find("12800 rows") != std::string::npos);
  REQUIRE(of_file.outcome == Outcome::done);
  int compared = 0;
  for (const Row& row : of_law.rows)
    for (const Row& same : of_file.rows) {
      if (row.observable != same.observable || row.time != same.time || row.coordinate != same.coordinate) continue;
      if (row.observable == listed("solver_residual")) continue;
      const double beside = row.observable == Observable::error_test ? 0.25 : 0;
      CAPTURE(info(row.observable).name, row.time, row.coordinate, same.value, row.value + beside);
      CHECK(std::abs(std::log(same.value / (row.value + beside))) < 0.05);
      ++compared;
    }
  CHECK(compared == 6 + 12);
  CHECK(of_file.rows.front().flag == Flag::none);
}

TEST_CASE("batches of fresh examples that are too small for their rate end in an outcome") {
  const auto outcome = [](int batch) {
    Setting s = one_pass(dynamics::Online{.rate = 2.2 / batch, .batch = batch});
    s.asked.times = {0, 10, 100};
    return predict(AnyTheory(ScalingDynamics{}), s, 0);
  };
  CHECK(outcome(1000).outcome == Outcome::done);
  const Result small = outcome(1);
  CHECK(small.outcome == Outcome::diverged);
  CHECK(small.reason.find("batches of 1 spread") != std::string::npos);
}

TEST_CASE("scaling in time tells of a rate beyond stability") {
  const Setting s = power_law_features(dynamics::Descent{.rate = 3});
  const Result result = predict(AnyTheory(ScalingDynamics{}), s, 0);
  CHECK(result.outcome == Outcome::diverged);
  CHECK(result.reason.find("stability limit") != std::string::npos);
}

}  // namespace fieldscan::theory::laws
