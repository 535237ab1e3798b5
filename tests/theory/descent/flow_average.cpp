#include "fieldscan/theory/descent/flow_average.hpp"

#include <cmath>
#include <numbers>

#include "catch.hpp"
#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/theory/descent/flow.hpp"
#include "fieldscan/theory/list.hpp"
#include "fieldscan/theory/predict.hpp"
#include "near.hpp"
#include "theory/random.hpp"

using namespace fieldscan;
using namespace fieldscan::theory;
using fieldscan::testing::stream;

namespace {

struct Average {
  double sum = 0, square = 0;
  int count = 0;
  void add(double x) { sum += x, square += x * x, ++count; }
  double mean() const { return sum / count; }
  double error() const { return std::sqrt((square / count - mean() * mean()) / (count - 1)); }
  /// In standard errors, with a relative error of the theory beside them.
  double deviation(double predicted, double relative) const {
    return (mean() - predicted) / std::hypot(error(), relative * predicted);
  }
};

Spectrum power_law(Index modes, double exponent) {
  Spectrum spectrum{.eigenvalue = Vector(modes), .degeneracy = Vector::Ones(modes)};
  for (Index i = 0; i < modes; ++i) spectrum.eigenvalue[i] = std::pow(static_cast<double>(i + 1), -exponent);
  return spectrum;
}

/// The flow on data sets of Gaussian features with that spectrum, by the eigenvectors of each kernel matrix.
struct Measured {
  double ridge, time;
  Average error_test = {}, error_train = {}, first = {};
};
/// The same data sets for all ridges and times.
void simulate(const Spectrum& spectrum, const Vector& coefficient, Index points, double noise, int draws,
              std::vector<Measured>& measured) {
  const Index modes = spectrum.eigenvalue.size();
  const Vector root = spectrum.eigenvalue.cwiseSqrt();
  for (int r = 0; r < draws; ++r) {
    const auto normals = stream("features", static_cast<std::uint64_t>(r));
    const Matrix harmonics = testing::normals(normals, points, modes);
    const Vector y = harmonics * coefficient + noise * testing::normal_vector(normals, points, 1 << 20);
    const Matrix features = harmonics * root.asDiagonal();
    const Eigenpairs pairs = eigenpairs(features * features.transpose());
    const Vector positive = pairs.values.cwiseMax(0), along = pairs.vectors.transpose() * y;
    for (Measured& m : measured) {
      const Filter filter = flow_filter(positive, m.ridge, m.time);
      const Vector moved = pairs.vectors * filter.moved.cwiseProduct(along);
      const Vector learned = root.cwiseProduct(features.transpose() * moved);
      m.error_test.add((learned - coefficient).squaredNorm());
      m.error_train.add(filter.left.cwiseProduct(along).squaredNorm() / static_cast<double>(points));
      m.first.add(learned[0] / coefficient[0]);
    }
  }
}

/// ⟨e^{−xt}⟩ over the spectrum of a Wishart matrix of `modes` white modes of size λ on P ≥ modes points
/// (Marchenko–Pastur).
double white_decay(double eigenvalue, double modes, double points, double time) {
  const double ratio = modes / points;
  const double low = std::pow(1 - std::sqrt(ratio), 2), high = std::pow(1 + std::sqrt(ratio), 2);
  const int nodes = 20000;
  double sum = 0;
  for (int k = 0; k < nodes; ++k) {
    const double angle = (k + 0.5) * std::numbers::pi / nodes;
    const double x = 0.5 * (low + high) - 0.5 * (high - low) * std::cos(angle);
    const double half = 0.5 * (high - low) * std::sin(angle);
    sum += half * half / (2 * std::numbers::pi * ratio * x) * std::exp(-eigenvalue * points * x * time);
  }
  return sum * std::numbers::pi / nodes;
}

}  // namespace

TEST_CASE("the averaged flow starts at nothing and ends at the averaged regression") {
  const Spectrum spectrum = power_law(200, 1.4);
  const Vector power = spectrum.eigenvalue;
  for (const double ridge : {0.05, 1.0}) {
    const DataAverage end = average_over_data(spectrum, power, 0.1, 40, ridge, 0.2);
    for (const double time : {1e6, equilibrium}) {
      const FlowAverage late = average_flow(spectrum, power, 0.1, 40, ridge, 0.2, time);
      CHECK(near::largest_difference(late.learnability, end.learnability) < 1e-9);
      CHECK(late.error_test == Approx(end.error_test).epsilon(1e-8));
      CHECK(late.error_train == Approx(end.error_train).epsilon(1e-7));
    }
    for (const double time : {0.0, 1e-9}) {
      const FlowAverage early = average_flow(spectrum, power, 0.1, 40, ridge, 0.2, time);
      CHECK(early.learnability.cwiseAbs().maxCoeff() < 1e-7);
      CHECK(early.error_test == Approx(power.sum() + 0.1).epsilon(1e-6));
      CHECK(early.error_train == Approx(power.sum() + 0.3).epsilon(1e-6));
    }
  }
}

TEST_CASE("with many points every mode decays on its own") {
  const Spectrum spectrum = power_law(5, 1);
  const Vector power = Vector::Constant(5, 0.2);
  const double points = 1e7, ridge = 0.3 * points;  // beside P λ
  for (const double scaled : {0.1, 1.0, 5.0}) {
    const FlowAverage flow = average_flow(spectrum, power, 0, points, ridge, 0, scaled / points);
    double error = 0;
    for (Index l = 0; l < 5; ++l) {
      const double rate = spectrum.eigenvalue[l] + 0.3;
      const double learned = spectrum.eigenvalue[l] / rate * (1 - std::exp(-rate * scaled));
      CHECK(flow.learnability[l] == Approx(learned).epsilon(1e-5));
      error += 0.2 * (1 - learned) * (1 - learned);
    }
    CHECK(flow.error_test == Approx(error).epsilon(1e-5));
    CHECK(flow.error_train == Approx(error).epsilon(1e-5));
  }
}

TEST_CASE("white modes decay with the spectrum of Wishart matrices") {
  const Spectrum spectrum{.eigenvalue = Vector::Constant(1, 0.7), .degeneracy = Vector::Constant(1, 30)};
  const Vector power = Vector::Ones(1);
  for (const double time : {0.005, 0.03, 0.3, 2.0}) {
    const FlowAverage flow = average_flow(spectrum, power, 0, 50, 0, 0, time);
    CHECK(1 - flow.learnability[0] == Approx(white_decay(0.7, 30, 50, time)).epsilon(1e-7));
    // Without noise the error is the mean of e^{−2xt}: all modes are alike.
    CHECK(flow.error_test == Approx(white_decay(0.7, 30, 50, 2 * time)).epsilon(1e-7));
  }
}

TEST_CASE("the averaged flow is the average of flows on Gaussian features", "[slow]") {
  const Spectrum spectrum = power_law(150, 1.3);
  const Vector coefficient = spectrum.eigenvalue.cwiseSqrt();
  std::vector<Measured> all;
  for (const double ridge : {0.0, 0.2})
    for (const double time : {0.03, 0.5, 5.0, 80.0}) all.push_back({ridge, time});
  simulate(spectrum, coefficient, 100, 0.3, 150, all);
  for (const Measured& measured : all) {
    const double ridge = measured.ridge, time = measured.time;
    CAPTURE(ridge, time);
    const FlowAverage flow = average_flow(spectrum, coefficient.cwiseAbs2(), 0, 100, ridge, 0.09, time);
    // 3.5 standard errors: one in 2000 by chance each; 1% for corrections in 1/P.
    CAPTURE(flow.error_test, measured.error_test.mean(), flow.error_train, measured.error_train.mean());
    CHECK(std::abs(measured.error_test.deviation(flow.error_test, 0.01)) < 3.5);
    CHECK(std::abs(measured.error_train.deviation(flow.error_train, 0.01)) < 3.5);
    CHECK(std::abs(measured.first.deviation(flow.learnability[0], 0.001)) < 3.5);
    // Control: every mode on its own, without the fluctuations between data sets.
    double naive = 0;
    for (Index l = 0; l < 150; ++l) {
      const double rate = 100 * spectrum.eigenvalue[l] + ridge;
      const double learned = 100 * spectrum.eigenvalue[l] / rate * (1 - std::exp(-rate * time));
      naive += std::pow((1 - learned) * coefficient[l], 2);
    }
    if (time >= 5) CHECK(std::abs(measured.error_test.deviation(naive, 0.01)) > 6);
  }
}

TEST_CASE("ntk_flow averaged over data is the mean of its draws", "[slow]") {
  for (const bool centred : {false, true}) {
    Setting s;
    s.data.input = data::Sphere{.dim = 8};
    s.data.target = data::Gegenbauer{.levels = {{1, 0.7}, {2, 0.3}}};
    s.data.noise = 0.3;
    s.data.train_size = 100;
    s.data.test_size = 400;
    s.network.activation = network::Relu{};
    s.network.weight_variance = 2;
    s.network.bias_variance = 0.2;
    s.network.centred = centred;
    s.network.chi = 2;
    s.ridge = 0.1;
    s.seed = 5;
    s.dynamics = dynamics::Flow{};
    s.asked.times = {0, 0.003, 0.03, 0.3, 3, equilibrium};
    const Result curve = predict(NtkFlow{.averaged = true}, s, 0);
    std::map<std::tuple<Observable, double, double>, Average> measured;
    std::map<double, Average> unbiased;  // learnability of level 2 with the known power in the denominator
    for (int r = 0; r < 120; ++r) {
      const data::Draw draw = data::make_draw(s.data, s.seed, r);
      const Result result = predict(NtkFlow{}, s, r, draw);
      for (const Row& row : result.rows) measured[{row.observable, row.time, row.coordinate}].add(row.value);
      for (const Array& array : result.arrays)
        unbiased[array.time].add(Eigen::Map<const Vector>(array.data.data(), 400).dot(draw.test.modes.col(1)) /
                                 (400 * 0.3));
    }
    for (const Row& row : curve.rows) {
      if (row.observable == Observable::eigenvalue) continue;
      CAPTURE(centred, info(row.observable).name, row.time, row.coordinate, row.value);
      const bool weak = row.observable == Observable::learnability && row.coordinate == 2;
      const Average& mean = weak ? unbiased.at(row.time) : measured.at({row.observable, row.time, row.coordinate});
      CAPTURE(mean.mean(), mean.error());
      if (row.value == 0)
        CHECK(mean.mean() == 0);
      else
        CHECK(std::abs(mean.deviation(row.value, 0.02)) < 3.5);
      // Control: the time a third off is seen while the target is being learned.
      if (row.observable != Observable::error_mean_predictor || row.time != 0.03) continue;
      Setting late = s;
      late.asked.times = {0.04};
      for (const Row& other : predict(NtkFlow{.averaged = true}, late, 0).rows)
        if (other.observable == row.observable) CHECK(std::abs(mean.deviation(other.value, 0.02)) > 4);
    }
  }
}
