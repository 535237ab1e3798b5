#include "fieldscan/theory/trajectory/langevin_dynamics.hpp"

#include "catch.hpp"
#include "fieldscan/core/observable_list.hpp"
#include "fieldscan/data/draw.hpp"
#include "theory/examples.hpp"

namespace fieldscan::theory::laws {

namespace {

/// Six points and forty steps.
Setting relaxing(const Dynamics& dynamics) {
  Setting s = small(dynamics);
  s.data.train_size = 6;
  s.data.test_size = 8;
  s.ridge = 1;
  s.asked.times = {0, 0.5, 2, equilibrium};
  return s;
}
Setting diffusing() { return relaxing(dynamics::Langevin{.step = 0.05}); }

}  // namespace

template <>
std::vector<Example> examples<LangevinDynamics>() {
  return {{LangevinDynamics{}, diffusing()},
          {LangevinDynamics{}, relaxing(dynamics::Langevin{.step = 0.05, .waiting = 0.5})},
          {LangevinDynamics{.step = 0.1, .waiting = 0.7}, relaxing(dynamics::Alone{})},
          {LangevinDynamics{}, with(diffusing(), [](Setting& s) { s.network.train = network::Trained::readout; })}};
}

template <>
std::vector<Counterexample> counterexamples<LangevinDynamics>() {
  return {{LangevinDynamics{}, sampler(), "describes Langevin dynamics"},
          {LangevinDynamics{}, descent(), "the trainer is"},
          {LangevinDynamics{}, relaxing(dynamics::Alone{}), "given its step"},
          {LangevinDynamics{.step = 0.1}, diffusing(), "training: none"},
          {LangevinDynamics{.waiting = 0.1}, diffusing(), "training: none"},
          {LangevinDynamics{}, relaxing(dynamics::Langevin{.step = 0.01, .from_prior = false}), "from the prior"},
          {LangevinDynamics{}, with(diffusing(), [](Setting& s) { s.ridge = 0; }), "temperature"},
          {LangevinDynamics{}, with(diffusing(), [](Setting& s) { s.network.centred = true; }), "subtracted"},
          {LangevinDynamics{}, with(diffusing(), [](Setting& s) { s.asked.times = {equilibrium}; }), "theory nngp"},
          {LangevinDynamics{}, online(diffusing()), "fresh examples"}};
}

TEST_CASE("Langevin dynamics shows the errors of one network, and tells of steps that are too long") {
  Setting s = diffusing();
  const Result one = predict(AnyTheory(LangevinDynamics{}), s, 0);
  s.network.chi = 4;
  const Result four = predict(AnyTheory(LangevinDynamics{}), s, 0);
  const auto value = [](const Result& result, Observable observable, double time) {
    for (const Row& row : result.rows)
      if (row.observable == observable && row.time == time) return row.value;
    return -1.0;
  };
  for (const double time : {0.0, 0.5, 2.0}) {
    const double mean = value(one, Observable::error_mean_predictor, time);
    CHECK(value(four, Observable::error_mean_predictor, time) == Approx(mean));
    CHECK(value(one, Observable::error_test, time) - mean ==
          Approx(4 * (value(four, Observable::error_test, time) - mean)));
  }
  CHECK(value(one, Observable::error_test, equilibrium) == -1);
  s.dynamics = dynamics::Langevin{.step = 1.2};
  const Result diverged = predict(AnyTheory(LangevinDynamics{}), s, 0);
  CHECK(diverged.outcome == Outcome::diverged);
  CHECK(diverged.reason.find("stable below 2") != std::string::npos);
  CHECK(diverged.rows.empty());
}

TEST_CASE("two equal outputs have twice the displacement and response of one, and none at the waiting time") {
  const Setting s = relaxing(dynamics::Langevin{.step = 0.05, .waiting = 0.5});
  const data::Draw draw = data::make_draw(s.data, s.seed, 0);
  data::Draw doubled = draw;
  for (data::Sample* sample : {&doubled.train, &doubled.test}) {
    sample->label = Matrix(sample->label.replicate(1, 2));
    sample->target = Matrix(sample->target.replicate(1, 2));
  }
  const LangevinDynamics theory;
  const Result one = theory.predict(theory.inputs(s), draw), two = theory.predict(theory.inputs(s), doubled);
  const auto value = [](const Result& result, const char* name, double time) {
    for (const Row& row : result.rows)
      if (row.observable == *find_observable(name) && row.time == time) return row.value;
    return -1.0;
  };
  for (const char* name : {"displacement", "response"}) {
    CHECK(value(one, name, 0.5) == 0);
    CHECK(value(one, name, 2) > 0.01);
    CHECK(value(two, name, 2) == Approx(2 * value(one, name, 2)));
  }
}

}  // namespace fieldscan::theory::laws
