#include "fieldscan/theory/descent/flow_average.hpp"

#include <cmath>
#include <map>
#include <numbers>

#include "catch.hpp"
#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/core/row.hpp"
#include "fieldscan/theory/descent/flow.hpp"
#include "near.hpp"
#include "theory/average.hpp"
#include "theory/random.hpp"

using namespace fieldscan;
using namespace fieldscan::theory;
using fieldscan::testing::Average;
using fieldscan::testing::stream;

namespace {

Spectrum power_law(Index modes, double exponent) {
  Spectrum spectrum{.eigenvalue = Vector(modes), .degeneracy = Vector::Ones(modes)};
  for (Index i = 0; i < modes; ++i) spectrum.eigenvalue[i] = std::pow(static_cast<double>(i + 1), -exponent);
  return spectrum;
}

Filter descent_filter(const Vector& eigenvalues, double ridge, const AveragedSteps& d) {
  return Descent(eigenvalues, ridge, d.step, d.momentum).go_to(d.steps);
}

/// The flow (no steps) or descent on data sets of Gaussian features with that spectrum, by the eigenvectors of each
/// kernel matrix.
struct Measured {
  double ridge, time;
  AveragedSteps descent = {};
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
      const Filter filter =
          m.descent.steps > 0 ? descent_filter(positive, m.ridge, m.descent) : flow_filter(positive, m.ridge, m.time);
      const Vector moved = pairs.vectors * filter.moved.cwiseProduct(along);
      const Vector learned = root.cwiseProduct(features.transpose() * moved);
      m.error_test.add((learned - coefficient).squaredNorm());
      m.error_train.add(filter.left.cwiseProduct(along).squaredNorm() / static_cast<double>(points));
      m.first.add(learned[0] / coefficient[0]);
    }
  }
}

/// ⟨f(x)⟩ over the spectrum of a Wishart matrix of `modes` white modes of size λ on P ≥ modes points
/// (Marchenko–Pastur).
template <class F>
double white_mean(double eigenvalue, double modes, double points, F&& f) {
  const double ratio = modes / points;
  const double low = std::pow(1 - std::sqrt(ratio), 2), high = std::pow(1 + std::sqrt(ratio), 2);
  const int nodes = 1000;
  double sum = 0;
  for (int k = 0; k < nodes; ++k) {
    const double angle = (k + 0.5) * std::numbers::pi / nodes;
    const double x = 0.5 * (low + high) - 0.5 * (high - low) * std::cos(angle);
    const double half = 0.5 * (high - low) * std::sin(angle);
    sum += half * half / (2 * std::numbers::pi * ratio * x) * f(eigenvalue * points * x);
  }
  return sum * std::numbers::pi / nodes;
}
double white_decay(double eigenvalue, double modes, double points, double time) {
  return white_mean(eigenvalue, modes, points, [&](double x) { return std::exp(-x * time); });
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
  // Descent near its stability limit, with and without momentum.
  for (const double momentum : {0.0, 0.7})
    for (const int steps : {1, 6, 40, 200})
      all.push_back({0.2, 0, {.step = 0.011 * (1 + momentum), .momentum = momentum, .steps = steps}});
  simulate(spectrum, coefficient, 100, 0.3, 150, all);
  for (const Measured& measured : all) {
    const double ridge = measured.ridge, time = measured.time;
    CAPTURE(ridge, time);
    const bool steps = measured.descent.steps > 0;
    const FlowAverage flow =
        steps ? average_descent(spectrum, coefficient.cwiseAbs2(), 0, 100, ridge, 0.09, measured.descent)
              : average_flow(spectrum, coefficient.cwiseAbs2(), 0, 100, ridge, 0.09, time);
    // 3.5 standard errors: one in 2000 by chance each; 1% for corrections in 1/P.
    CAPTURE(flow.error_test, measured.error_test.mean(), flow.error_train, measured.error_train.mean());
    CHECK(std::abs(measured.error_test.deviation(flow.error_test, 0.01)) < 3.5);
    CHECK(std::abs(measured.error_train.deviation(flow.error_train, 0.01)) < 3.5);
    CHECK(std::abs(measured.first.deviation(flow.learnability[0], 0.001)) < 3.5);
    // Control: every mode on its own, without the fluctuations between data sets.
    if (steps) continue;
    double naive = 0;
    for (Index l = 0; l < 150; ++l) {
      const double rate = 100 * spectrum.eigenvalue[l] + ridge;
      const double learned = 100 * spectrum.eigenvalue[l] / rate * (1 - std::exp(-rate * time));
      naive += std::pow((1 - learned) * coefficient[l], 2);
    }
    if (time >= 5) CHECK(std::abs(measured.error_test.deviation(naive, 0.01)) > 6);
  }
}

TEST_CASE("of few data sets the smallest eigenvalues make the training error late: outside of the averages", "[slow]") {
  const Spectrum spectrum = power_law(150, 1.3);
  const Vector coefficient = spectrum.eigenvalue.cwiseSqrt();
  AveragedSteps d{.step = 0.5 / averaged_instability(spectrum, 10, 0, {}), .steps = 60};
  std::vector<Measured> few = {{0, 0, d}};
  simulate(spectrum, coefficient, 10, 0.3, 3000, few);
  const FlowAverage mean = average_descent(spectrum, coefficient.cwiseAbs2(), 0, 10, 0, 0.09, d);
  CAPTURE(mean.error_train, few[0].error_train.mean(), few[0].error_train.error());
  CHECK(few[0].error_train.deviation(mean.error_train, 0.01) > 5);
}

TEST_CASE("white modes descend in steps with the spectrum of Wishart matrices, up to the stability limit") {
  const Spectrum spectrum{.eigenvalue = Vector::Constant(1, 0.7), .degeneracy = Vector::Constant(1, 30)};
  const Vector power = Vector::Ones(1);
  const double edge = 0.7 * std::pow(std::sqrt(50) + std::sqrt(30), 2);
  for (const double ridge : {0.0, 2.0})
    for (const double momentum : {0.0, 0.6})
      for (const double share : {0.05, 0.95}) {
        AveragedSteps d{.step = share * 2 * (1 + momentum) / (edge + ridge), .momentum = momentum};
        CHECK(averaged_instability(spectrum, 50, ridge, d) == Approx(share));
        for (const int steps : {0, 1, 2, 9, 24}) {
          CAPTURE(ridge, momentum, share, steps);
          d.steps = steps;
          const auto left = [&](double x) { return descent_filter(Vector::Constant(1, x), ridge, d).left[0]; };
          const FlowAverage mean = average_descent(spectrum, power, 0, 50, ridge, 0, d);
          CHECK(std::abs(1 - mean.learnability[0] - white_mean(0.7, 30, 50, left)) < 1e-9);
          const double square = white_mean(0.7, 30, 50, [&](double x) { return std::pow(left(x), 2); });
          CHECK(std::abs(mean.error_test - square) < 1.1e-9);
        }
      }
}

TEST_CASE("the averaged descent ends at the averaged regression, and in short steps is the averaged flow") {
  const Spectrum spectrum = power_law(40, 1.4);
  const Vector power = spectrum.eigenvalue;
  const DataAverage end = average_over_data(spectrum, power, 0.1, 40, 1, 0.2);
  const FlowAverage late =
      average_descent(spectrum, power, 0.1, 40, 1, 0.2, {.step = 0.04, .momentum = 0.5, .steps = 150});
  CHECK(near::largest_difference(late.learnability, end.learnability) < 1e-4);
  CHECK(late.error_test == Approx(end.error_test).epsilon(1e-4));
  CHECK(late.error_train == Approx(end.error_train).epsilon(1e-4));
  const FlowAverage flow = average_flow(spectrum, power, 0.1, 40, 0.2, 0.2, 0.1);
  const auto away = [&](int steps) {
    return average_descent(spectrum, power, 0.1, 40, 0.2, 0.2, {.step = 0.1 / steps, .steps = steps}).error_test -
           flow.error_test;
  };
  CHECK(away(30) / away(60) == Approx(2).epsilon(0.2));  // first order in the step
  CHECK(std::abs(away(60)) < 0.02 * flow.error_test);
}

TEST_CASE("descent of a linear student has the published overlap at every step") {
  // Three inputs a dimension of variance 1/d, rate .1, decay .5 towards zero from an overlap of .2: what is left of the
  // start, q, follows from the overlap learned from nothing, l: q ← (1 − .1·.5) q − (l′ − l).
  const Spectrum spectrum{.eigenvalue = Vector::Constant(1, 1e-3), .degeneracy = Vector::Constant(1, 1000)};
  const std::map<int, double> published = {
      {1, 0.43}, {2, 0.5555}, {3, 0.630775}, {5, 0.7122566875}, {10, 0.7824286487757618}, {20, 0.8089001074839782}};
  double start = 1, learned = 0;
  for (int n = 1; n <= 20; ++n) {
    const double next =
        average_descent(spectrum, Vector::Ones(1), 0, 3000, 0.5, 0, {.step = 0.1, .steps = n}).learnability[0];
    start = (1 - 0.1 * 0.5) * start - (next - learned);
    learned = next;
    if (published.contains(n)) CHECK(learned + 0.2 * start == Approx(published.at(n)).epsilon(1e-8));
  }
}
