#include "fieldscan/theory/trajectory/feature_descent.hpp"

#include <cmath>

#include "catch.hpp"
#include "fieldscan/theory/average/random_feature_ridge.hpp"
#include "near.hpp"
#include "theory/random.hpp"
#include "theory/reference.hpp"

using namespace fieldscan;
using namespace fieldscan::theory;
using fieldscan::testing::stream;

namespace feature_descent_tests {

namespace {

/// λ_k ∝ k^−b of sum one, g_k² = k^−a.
struct PowerLawModel {
  Spectrum spectrum;
  Vector power;
  PowerLawModel(Index modes, double b, double a) {
    spectrum.eigenvalue.resize(modes);
    power.resize(modes);
    for (Index k = 0; k < modes; ++k) {
      spectrum.eigenvalue[k] = std::pow(static_cast<double>(k + 1), -b);
      power[k] = std::pow(static_cast<double>(k + 1), -a);
    }
    spectrum.eigenvalue /= spectrum.eigenvalue.sum();
    spectrum.degeneracy = Vector::Ones(modes);
  }
};

/// Test and training errors of one draw of features and data; of fresh points those that the next step sees.
Matrix simulated(const PowerLawModel& model, const FeatureDescent& d, Index steps, std::uint64_t key) {
  const bool fresh = d.examples == Examples::fresh;
  const Index modes = model.power.size(), points = static_cast<Index>(d.points), units = static_cast<Index>(d.features);
  const Matrix a = testing::normals(stream("features", key), units, modes) / std::sqrt(d.features);
  const Index drawn = fresh ? (steps + 1) * points : points;
  const Matrix all =
      testing::normals(stream("inputs", key), drawn, modes) * model.spectrum.eigenvalue.cwiseSqrt().asDiagonal();
  const Vector all_noise = std::sqrt(d.noise_variance) * testing::normal_vector(stream("noise", key), drawn);
  const Vector target = model.power.cwiseQuotient(model.spectrum.eigenvalue).cwiseSqrt();
  Vector readout = Vector::Zero(units), velocity = readout;
  Matrix out(2, steps + 1);
  for (Index t = 0; t <= steps; ++t) {
    const auto psi = all.middleRows(fresh ? t * points : 0, points);
    const Vector left = target - a.transpose() * readout;
    const Vector error = psi * left + all_noise.segment(fresh ? t * points : 0, points);
    out(0, t) = model.spectrum.eigenvalue.dot(left.cwiseAbs2());
    out(1, t) = error.squaredNorm() / d.points;
    velocity = d.momentum * velocity + d.step * (a * (psi.transpose() * error) - d.ridge * readout);
    readout += velocity;
  }
  return out;
}

double slope(double low, double high, double ratio) { return std::log(high / low) / std::log(ratio); }

}  // namespace

TEST_CASE("errors over random features in time agree with the reference numbers of causal matrices") {
  for (const auto& entry : reference::entries("feature_descent")) {
    const PowerLawModel model(20, 1.5, 2);
    const double points = entry.number("P"), sigma = entry.number("sigma");
    std::vector<std::int64_t> at;
    for (const double t : entry.in.at("at")) at.push_back(static_cast<std::int64_t>(t));
    const auto errors = average_descent(model.spectrum, model.power,
                                        {.points = points,
                                         .features = entry.number("N"),
                                         .step = entry.number("eta") / points,
                                         .noise_variance = sigma * sigma},
                                        at);
    for (std::size_t k = 0; k < at.size(); ++k) {
      CAPTURE(entry.name, at[k]);
      CHECK(std::abs(errors[k].test - entry.out.at("test")[k]) <= entry.tolerance);
      CHECK(std::abs(errors[k].train - entry.out.at("train")[k]) <= entry.tolerance);
    }
  }
}

// Means of 40 draws: a standard error of some 2%, and 1/N of the limit.
TEST_CASE("descent over random features, with momentum, ridge and noise: simulations inside, and outside at four") {
  const PowerLawModel model(60, 1.5, 2);
  const Index steps = 60;
  const auto worst = [&](const FeatureDescent& d) {
    Matrix mean = Matrix::Zero(2, steps + 1);
    for (std::uint64_t k = 0; k < 40; ++k) mean += simulated(model, d, steps, k) / 40;
    const auto errors = average_descent(model.spectrum, model.power, d, {0, 1, 10, 60});
    double largest = 0;
    std::size_t k = 0;
    for (const Index t : {0, 1, 10, 60}) {
      largest = std::max(largest, std::abs(std::log(mean(0, t) / errors[k].test)));
      largest = std::max(largest, std::abs(std::log(mean(1, t) / errors[k].train)));
      ++k;
    }
    return largest;
  };
  const FeatureDescent plain{.points = 90, .features = 60, .step = 0.8 / 90, .noise_variance = 0.02};
  FeatureDescent heavy = plain;
  heavy.momentum = 0.6;
  heavy.step /= 2;
  heavy.ridge = 4;
  CHECK(worst(plain) < 0.08);
  CHECK(worst(heavy) < 0.08);
  FeatureDescent few = plain;
  few.points = 4;
  few.features = 4;
  few.step = 0.8 / 4;
  CHECK(worst(few) > 0.15);
}

TEST_CASE("one pass of fresh batches has the reference numbers, and those of simulations at finite widths") {
  // Causal matrices at N = ∞ and B = 4, and the recursion of every mode with all moments of normal inputs.
  const FeatureDescent wide{
      .points = 4, .features = 1e300, .step = 0.4 / 4, .noise_variance = 0.04, .examples = Examples::fresh};
  const std::vector<double> expected = {1.5961632439130236, 1.232875927078727, 0.5696169377621733, 0.3390866868410879,
                                        0.11225345273170806},
                            exact = {1.5961632439130236, 1.2416786181449913, 0.579861070141109, 0.3431705321834345,
                                     0.11269970873745408};
  const auto errors =
      average_descent(PowerLawModel(20, 1.5, 2).spectrum, PowerLawModel(20, 1.5, 2).power, wide, {0, 1, 5, 10, 40});
  for (std::size_t k = 0; k < expected.size(); ++k) {
    CHECK(std::abs(errors[k].test - expected[k]) < 1e-9);
    CHECK(std::abs(errors[k].test / exact[k] - 1) < 0.02);
  }
  // Means of 120 draws, with momentum too; without the batches' noise, B → ∞, it is another number.
  const PowerLawModel model(60, 1.5, 2);
  for (const double momentum : {0.0, 0.5}) {
    const FeatureDescent batches{.points = 4,
                                 .features = 50,
                                 .step = (1 - momentum) * 0.8 / 4,
                                 .momentum = momentum,
                                 .noise_variance = 0.1,
                                 .examples = Examples::fresh};
    FeatureDescent all = batches;
    all.points = 1e6, all.step *= 4 / 1e6;
    Matrix mean = Matrix::Zero(2, 61);
    for (std::uint64_t k = 0; k < 120; ++k) mean += simulated(model, batches, 60, k) / 120;
    const auto told = average_descent(model.spectrum, model.power, batches, {1, 10, 60}),
               noiseless = average_descent(model.spectrum, model.power, all, {1, 10, 60});
    std::size_t k = 0;
    for (const Index t : {1, 10, 60}) {
      CAPTURE(momentum, t, told[k].test, mean(0, t));
      CHECK(std::abs(std::log(mean(0, t) / told[k++].test)) < 0.08);
    }
    CHECK(std::log(mean(0, 60) / noiseless[2].test) > 0.1);
  }
}

TEST_CASE("infinitely many points and features leave every mode to itself") {
  const PowerLawModel model(30, 1.5, 2);
  const double rate = 0.7;
  const auto errors = average_descent(model.spectrum, model.power,
                                      {.points = 1e300, .features = 1e300, .step = rate / 1e300}, {0, 7, 50});
  std::size_t k = 0;
  for (const double t : {0.0, 7.0, 50.0}) {
    const Vector left = (1 - rate * model.spectrum.eigenvalue.array()).pow(2 * t);
    CHECK(errors[k++].test == Approx(model.power.dot(left)).epsilon(1e-8));
  }
}

TEST_CASE("the exponent in time is that of the power laws") {
  const PowerLawModel model(500, 1.5, 2);
  const FeatureDescent all{.points = 1e300, .features = 1e300, .step = 0.5 / 1e300};
  const auto in_time = average_descent(model.spectrum, model.power, all, {50, 200});
  CHECK(slope(in_time[0].test, in_time[1].test, 4) == Approx(-1 / 1.5).margin(0.05));
}

TEST_CASE("with a ridge descent ends at the averaged regression over random features") {
  const PowerLawModel model(30, 1.5, 2);
  const FeatureDescent d{
      .points = 40, .features = 25, .step = 0.8 / 40, .momentum = 0.5, .ridge = 3, .noise_variance = 0.1};
  const FeatureDescentErrors end = average_descent(model.spectrum, model.power, d, {300})[0];
  const RandomFeatureAverage still = average_over_features(model.spectrum, model.power, 0, 40, 25, 3, 0.1);
  CHECK(end.test == Approx(still.error_test).epsilon(1e-7));
  CHECK(end.train == Approx(still.error_train).epsilon(1e-7));
}

TEST_CASE("a rate is stable up to the edge of the spectrum of features on points") {
  const PowerLawModel model(40, 1.2, 2);
  FeatureDescent d{.points = 60, .features = 50, .step = 1e-3, .momentum = 0.3, .ridge = 0.5};
  d.step /= feature_instability(model.spectrum, d);  // at the edge
  CHECK(feature_instability(model.spectrum, d) == Approx(1));
  FeatureDescent below = d, above = d;
  below.step *= 0.7;
  above.step *= 2.5;  // the spread of a mode alone: (1 + 60^−½)² (1 + 50^−½)² = 1.66
  CHECK(simulated(model, below, 400, 1)(1, 400) < simulated(model, below, 400, 1)(1, 0));
  CHECK(!(simulated(model, above, 400, 1)(1, 400) < 1e3 * simulated(model, above, 400, 1)(1, 0)));
}

}  // namespace feature_descent_tests
