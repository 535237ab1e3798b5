#include "fieldscan/theory/trajectory/scaling_dynamics.hpp"

#include "catch.hpp"
#include "theory/examples.hpp"

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
Setting descending_features() { return power_law_features(dynamics::Descent{.rate = 0.02, .momentum = 0.3}); }

}  // namespace

template <>
std::vector<Example> examples<ScalingDynamics>() {
  return {{ScalingDynamics{}, descending_features()},
          {ScalingDynamics{.learning_rate = 0.03}, power_law_features(dynamics::Alone{})}};
}

template <>
std::vector<Counterexample> counterexamples<ScalingDynamics>() {
  const auto changed = [](auto change) { return with(descending_features(), change); };
  return {{ScalingDynamics{}, changed([](Setting& s) { s.network.train = network::Trained::all; }), "is trained"},
          {ScalingDynamics{}, changed([](Setting& s) { s.network.depth = 2; }), "deeper network"},
          {ScalingDynamics{}, changed([](Setting& s) { s.network.activation = network::Erf{}; }), "not linear"},
          {ScalingDynamics{}, changed([](Setting& s) { s.network.bias_variance = 0.1; }), "constant mode"},
          {ScalingDynamics{}, changed([](Setting& s) { s.network.centred = false; }), "centred"},
          {ScalingDynamics{}, power_law_features(dynamics::Solved{}), "describes gradient descent"},
          {ScalingDynamics{}, power_law_features(dynamics::Alone{}), "given its learning_rate"},
          {ScalingDynamics{.momentum = 0.1}, descending_features(), "training: none"},
          {ScalingDynamics{}, power_law_features(dynamics::Flow{}), "steps of a given rate"},
          {ScalingDynamics{}, changed([](Setting& s) { s.asked.times = {equilibrium}; }), "end of all times"},
          {ScalingDynamics{}, online(descending_features()), "number of training points"}};
}

TEST_CASE("scaling in time tells of a rate beyond stability") {
  const Setting s = power_law_features(dynamics::Descent{.rate = 3});
  const Result result = predict(AnyTheory(ScalingDynamics{}), s, 0);
  CHECK(result.outcome == Outcome::diverged);
  CHECK(result.reason.find("stability limit") != std::string::npos);
}

}  // namespace fieldscan::theory::laws
