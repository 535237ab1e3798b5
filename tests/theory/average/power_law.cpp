#include "fieldscan/theory/average/power_law.hpp"

#include <cmath>
#include <limits>

#include "catch.hpp"
#include "fieldscan/data/target/gegenbauer.hpp"
#include "fieldscan/theory/average/random_feature_ridge.hpp"
#include "fieldscan/theory/average/scaling_exponents.hpp"
#include "theory/examples.hpp"
#include "theory/oracles/closed_spectra.hpp"
#include "theory/spectra.hpp"

using namespace fieldscan;
using namespace fieldscan::theory;

namespace {

double decay(double first, double second, double factor) { return -std::log(second / first) / std::log(factor); }

DataAverage at(const PowerLawModes& m, double points, double ridge, double noise_variance) {
  return average_over_data(m.spectrum, m.power, m.hidden_power, points, ridge, noise_variance);
}
RandomFeatureAverage features_at(const PowerLawModes& m, double points, double features) {
  return average_over_features(m.spectrum, m.power, m.hidden_power, points, features, 0, 0);
}

/// The constant C of κ_eff/P → C P^−(1+α) without a ridge: C = ((π/b)/sin(π/b))^b, b = 1 + α. There 1/(1 − γ) → b.
double ridgeless_constant(double capacity) {
  const double b = 1 + capacity, angle = std::acos(-1.0) / b;
  return std::pow(angle / std::sin(angle), b);
}

/// −d ln error/d ln P between P and 2P without noise.
double slope(const PowerLaw& law, double points, double ridge) {
  const PowerLawModes m = power_law_modes(law);
  return decay(at(m, points, ridge, 0).error_test, at(m, 2 * points, ridge, 0).error_test, 2);
}

}  // namespace

TEST_CASE("power-law modes have the whole trace and the whole target") {
  // ζ(1.5), ζ(2): Riemann's zeta function.
  const PowerLawModes m = power_law_modes({.capacity = 0.5, .source = 1});
  CHECK(m.spectrum.eigenvalue.dot(m.spectrum.degeneracy) + m.spectrum.tail == Approx(2.6123753486854883).epsilon(1e-8));
  CHECK(m.power.sum() + m.hidden_power == Approx(1.6449340668482264).epsilon(1e-8));
}

TEST_CASE("the effective ridge of a power law has its constant") {
  for (const auto& entry : reference::entries("powerlaw_constant/")) {
    const double alpha = entry.number("alpha");
    CHECK(reference::agrees(entry, ridgeless_constant(alpha), entry.out.at("const")[0]));
    // The curve approaches it.
    const DataAverage a = at(power_law_modes({alpha, alpha}), 3000, 0, 0);
    CHECK(a.kappa_eff / 3000 == Approx(ridgeless_constant(alpha) * std::pow(3000, -1 - alpha)).epsilon(5e-3));
    CHECK(1 / (1 - a.overfitting) == Approx(entry.out.at("one_over_1_minus_gamma")[0]).epsilon(5e-3));
  }
}

TEST_CASE("learning curves approach their exponents") {
  for (const auto& entry : reference::entries("exponent_ridgeless/")) {
    const PowerLaw law{entry.number("alpha"), entry.number("beta")};
    CHECK(exponent_ridgeless(law) == entry.out.at("value")[0]);
    CHECK(reference::agrees(entry, slope(law, 1000, 0), entry.out.at("value")[0]));
    CHECK(std::abs(slope(law, 1000, 0) - entry.out.at("value")[0]) < 0.01);
  }
  CHECK(slope({0.5, 0.2}, 1000, 0) == Approx(0.2).margin(0.01));
  CHECK(slope({0.3, 3.5}, 1000, 0) == Approx(2.6).margin(0.02));
  // The ridge dominates.
  for (const PowerLaw law : {PowerLaw{0.5, 0.5}, PowerLaw{1, 1.5}, PowerLaw{0.3, 3.5}})
    CHECK(slope(law, 2e5, 300) == Approx(exponent_ridge(law)).margin(0.03));
  // Control: the exponent without a ridge is another one there.
  CHECK(std::abs(slope({0.5, 0.5}, 2e5, 300) - exponent_ridgeless({0.5, 0.5})) > 0.1);
}

TEST_CASE("noise: a plateau without a ridge, α/(1 + α) with one, and the optimum in between") {
  for (double alpha : {0.5, 1.0}) {
    const PowerLawModes m = power_law_modes({alpha, 3});
    CHECK(at(m, 1e5, 0, 1).error_test == Approx(alpha).epsilon(0.01));
    CHECK(decay(at(m, 1e5, 3, 1).error_test, at(m, 4e5, 3, 1).error_test, 4) ==
          Approx(exponent_noise({alpha, 3})).margin(0.02));
  }
  for (const PowerLaw law : {PowerLaw{1, 2}, PowerLaw{0.5, 0.8}}) {
    const PowerLawModes m = power_law_modes(law);
    const auto best = [&](double points) {
      double error = std::numeric_limits<double>::infinity();
      for (int i = 0; i <= 60; ++i)
        error = std::min(error, at(m, points, 1e-2 * std::pow(10, 0.1 * i), 0.1).error_test);
      return error;
    };
    CHECK(decay(best(1e5), best(4e5), 4) == Approx(exponent_optimal_ridge(law)).margin(0.01));
  }
}

TEST_CASE("the width limits with an exponent of its own") {
  for (const PowerLaw law : {PowerLaw{0.5, 0.5}, PowerLaw{0.5, 0.2}, PowerLaw{0.3, 3.5}, PowerLaw{1, 5}}) {
    const PowerLawModes m = power_law_modes(law);
    const double measured = decay(features_at(m, 1e12, 1000).error_test, features_at(m, 1e12, 2000).error_test, 2);
    CAPTURE(law.capacity, law.source, measured);
    CHECK(measured == Approx(exponent_of_width(law)).margin(0.01));
  }
  // Variance-limited: what is left of the other size falls as its inverse.
  const PowerLawModes m = power_law_modes({0.5, 0.5});
  const double kernel = at(m, 100, 0, 0).error_test, narrow = features_at(m, 1e13, 100).error_test;
  CHECK(decay(features_at(m, 100, 2e4).error_test - kernel, features_at(m, 100, 4e4).error_test - kernel, 2) ==
        Approx(1).margin(0.01));
  CHECK(decay(features_at(m, 2e4, 100).error_test - narrow, features_at(m, 4e4, 100).error_test - narrow, 2) ==
        Approx(1).margin(0.01));
}

TEST_CASE("targets drawn from a rectifier's kernel on the sphere have its capacity as exponent", "[slow]") {
  const Index levels = 8000;
  for (int d : {3, 4}) {
    Vector degeneracy(levels);
    for (Index l = 0; l < levels; ++l) degeneracy[l] = data::harmonics_count(d, static_cast<int>(l));
    const auto exponent = [&](const Vector& eigenvalue) {
      const Spectrum s{.eigenvalue = eigenvalue, .degeneracy = degeneracy};
      const Vector prior = eigenvalue.cwiseProduct(degeneracy);
      return decay(average_over_data(s, prior, 0, 3e3, 0, 0).error_test,
                   average_over_data(s, prior, 0, 3e4, 0, 0).error_test, 10);
    };
    CHECK(exponent(rectifier_levels_nngp(d, levels)) == Approx(rectifier_capacity_nngp(d)).margin(0.015));
    CHECK(exponent(rectifier_levels_tangent(d, levels)) == Approx(rectifier_capacity_tangent(d)).margin(0.015));
  }
}

TEST_CASE("the regime of a scaling law follows from the settings") {
  Setting s;
  s.data.input = data::Gaussian{.dim = 4000, .spectrum = data::PowerLawSpectrum{.exponent = 1.5}};
  s.data.target = data::Linear{.spectrum = data::PowerLawSpectrum{.exponent = 1.6}};
  s.network.activation = network::Linear{};
  s.data.train_size = 200;
  s.ridge = 1e-8;
  const auto row = [&](Observable observable) {
    const ScalingExponents theory;
    const Result result = theory.predict(theory.inputs(s));
    for (const Row& r : result.rows)
      if (r.observable == observable) return r.value;
    return -1.0;
  };
  const auto regime = [&] { return static_cast<ScalingRegime>(static_cast<int>(row(Observable::scaling_regime))); };
  CHECK(regime() == ScalingRegime::ridgeless);
  CHECK(row(Observable::exponent_data) == Approx(0.6));
  CHECK(row(Observable::exponent_width) == -1);
  s.ridge = 1;
  CHECK(regime() == ScalingRegime::ridge);
  CHECK(row(Observable::exponent_data) == Approx(0.6 / 1.5));
  s.data.noise = 3;
  CHECK(regime() == ScalingRegime::noise_ridge);
  CHECK(row(Observable::exponent_data) == Approx(0.5 / 1.5));
  CHECK(row(Observable::exponent_optimal_ridge) == Approx(0.6 / 1.6));
  s.ridge = 1e-8;
  CHECK(regime() == ScalingRegime::noise);
  CHECK(row(Observable::exponent_data) == 0);
  s.network.train = network::Trained::readout;
  s.network.width = 50;
  CHECK(regime() == ScalingRegime::width);
  CHECK(row(Observable::exponent_width) == Approx(0.6));
  s.data.target = data::Linear{.spectrum = data::PowerLawSpectrum{.exponent = 1}};
  CHECK_FALSE(ScalingExponents{}.applicability(s).applies);
}

namespace fieldscan::theory::laws {

namespace {
void steep(Setting& s) {
  s.data.input = data::Gaussian{.dim = 200, .spectrum = data::PowerLawSpectrum{.exponent = 1.5}};
  s.data.target = data::Linear{.spectrum = data::PowerLawSpectrum{.exponent = 2}};
  s.network.activation = network::Linear{};
}
}  // namespace

template <>
std::vector<Example> examples<ScalingExponents>() {
  const auto narrow = [](Setting& s) {
    s.network.train = network::Trained::readout;
    s.network.width = 5;
  };
  return {{ScalingExponents{}, with(sampler(), steep)},
          {ScalingExponents{}, with(descent(), steep)},
          {ScalingExponents{}, with(with(sampler(), steep), narrow)}};
}

template <>
std::vector<Counterexample> counterexamples<ScalingExponents>() {
  return {{ScalingExponents{}, sampler(), "power-law spectrum"},
          {ScalingExponents{}, with(unlike(), steep), "the trainer is"},
          {ScalingExponents{}, with(online(sampler()), steep), "number of training points"}};
}

}  // namespace fieldscan::theory::laws
