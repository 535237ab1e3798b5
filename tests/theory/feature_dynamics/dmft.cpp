#include "fieldscan/theory/feature_dynamics/width_fluctuations.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "catch.hpp"
#include "fieldscan/theory/descent/ntk_descent.hpp"
#include "fieldscan/theory/trajectory/deep_linear_dynamics.hpp"
#include "near.hpp"
#include "theory/examples.hpp"

using namespace fieldscan;
using namespace fieldscan::theory;

namespace fieldscan::theory::laws {

namespace {

/// χ = N: γ₀ = 1, steps of 0.1.
Setting rich_descent() {
  Setting s = descent();
  s.network.width = 100;
  s.network.chi = 100;
  s.network.activation = network::Tanh{};
  s.dynamics = dynamics::Descent{.rate = 10};
  s.asked.times = {0, 0.5, 2, equilibrium};
  return s;
}
Setting few_points(int depth) {
  Setting s = rich_descent();
  s.data.train_size = 4;
  s.data.test_size = 12;
  s.network.depth = depth;
  s.asked.times = {0, 0.5};
  return s;
}

}  // namespace

template <>
std::vector<Example> examples<Dmft>() {
  return {{Dmft{.samples = 1024}, rich_descent()},
          {Dmft{.samples = 1024}, few_points(2)},
          {Dmft{.responses = Dmft::Form::correlations, .samples = 1024}, few_points(2)},
          {Dmft{}, with(rich_descent(), [](Setting& s) { s.network.activation = network::Linear{}; })}};
}

template <>
std::vector<Counterexample> counterexamples<Dmft>() {
  const auto changed = [](auto change) { return with(rich_descent(), change); };
  return {
      {Dmft{}, sampler(), "the trainer is"},
      {Dmft{}, small(dynamics::Batches{.rate = 1, .batch = 4}), "over the whole training set"},
      {Dmft{}, small(dynamics::Flow{}), "takes the trainer's own steps"},
      {Dmft{}, small(dynamics::Alone{}), "has to be given its learning_rate"},
      {Dmft{.momentum = 0.5}, rich_descent(), "are the trainer's"},
      {Dmft{}, online(rich_descent()), "fresh examples"},
      {Dmft{}, changed([](Setting& s) { s.network.parameterisation = network::Parameterisation::standard; }),
       "in the standard parameterisation"},
      {Dmft{}, changed([](Setting& s) { s.network.train = network::Trained::readout; }), "all of whose tensors move"},
      {Dmft{}, changed([](Setting& s) {
         s.network.depth = 2, s.network.width = std::vector{9, 8};
       }),
       "one width"},
      {Dmft{}, changed([](Setting& s) { s.asked.times = {equilibrium}; }), "end of all times"},
      {Dmft{}, changed([](Setting& s) { s.network.depth = 2; }), "n = (steps + 1)·P = 420"},
      {Dmft{.responses = Dmft::Form::correlations},
       changed([](Setting& s) { s.network.depth = 2, s.asked.times = {20}; }), "n = (steps + 1)·P = 4020"},
      {Dmft{}, with(few_points(4), [](Setting&) {}), "beyond 3 hidden layers"}};
}

template <>
std::vector<Example> examples<WidthFluctuations>() {
  return {{WidthFluctuations{.samples = 1024}, few_points(1)}};
}

template <>
std::vector<Counterexample> counterexamples<WidthFluctuations>() {
  const auto changed = [](auto change) { return with(few_points(1), change); };
  return {{WidthFluctuations{}, sampler(), "the trainer is"},
          {WidthFluctuations{}, few_points(2), "of several hidden layers"},
          {WidthFluctuations{}, changed([](Setting& s) { s.network.centred = true; }), "is subtracted"},
          {WidthFluctuations{}, changed([](Setting& s) { s.data.test_set = data::TestSet::shared; }),
           "it takes a fresh one"},
          {WidthFluctuations{}, changed([](Setting& s) { s.asked.times = {30}; }), "(steps + 1)·P = 1204"}};
}

}  // namespace fieldscan::theory::laws

namespace {

using namespace fieldscan::theory::laws;

std::map<std::pair<Observable, double>, Row> rows_of(const Result& result) {
  std::map<std::pair<Observable, double>, Row> out;
  for (const Row& row : result.rows)
    if (row.coordinate == 0) out[{row.observable, row.time}] = row;
  return out;
}
Vector last_predictor(const Result& result) {
  const Array& array = result.arrays.back();
  return Eigen::Map<const Vector>(array.data.data(), static_cast<Index>(array.data.size()));
}

}  // namespace

TEST_CASE("without feature learning dmft is the descent of infinitely wide networks", "[slow]") {
  Setting s = few_points(1);
  s.network.centred = true;
  s.network.bias_variance = 0.3;
  s.network.readout_variance = 1.7;
  s.dynamics = dynamics::Descent{.rate = 0.1 * 1e-8, .momentum = 0.4};
  s.network.chi = 1e-8;  // γ₀ = 10⁻⁵
  s.asked.times = {0.5, 1.5};
  for (const double ridge : {0.0, 0.3})
    for (const int depth : {1, 2}) {
      CAPTURE(ridge, depth);
      s.ridge = ridge;
      s.network.depth = depth;
      const Result lazy = predict(NtkDescent{}, s, 0), rich = predict(Dmft{.samples = 8192}, s, 0);
      const auto rows = rows_of(rich);
      for (const Row& row : lazy.rows)
        if (row.observable == Observable::error_test || row.observable == Observable::error_train) {
          const Row& mine = rows.at({row.observable, row.time});
          CAPTURE(row.time, row.value, mine.value, mine.standard_error);
          CHECK(std::abs(mine.value - row.value) < 4.5 * mine.standard_error + 1e-3 * row.value);
          CHECK(mine.standard_error < 0.05 * row.value);
        }
      CHECK(rows.at({Observable::kernel_change, 1.5}).value < 1e-3);
    }
}

TEST_CASE("dmft does not depend on the order of points, nor on the width at one γ₀") {
  Setting s = with(few_points(1), [](Setting& t) {
    t.network.activation = network::Linear{};
    t.network.centred = true;  // else χ tells what is neglected
  });
  const data::Draw draw = data::make_draw(s.data, 1, 0);
  data::Draw turned = draw;
  for (Matrix* m : {&turned.train.x, &turned.train.label}) *m = m->colwise().reverse().eval();
  const Result one = predict(Dmft{}, s, 0, draw), other = predict(Dmft{}, s, 0, turned);
  CHECK(near::distance(last_predictor(one), last_predictor(other)) < 1e-12);
  const std::string text = prediction_text(Dmft{}, s);
  for (const auto parameterisation : {network::Parameterisation::ntk, network::Parameterisation::mup}) {
    Setting wide = s;
    wide.network.width = 400;
    wide.network.chi = 400;
    wide.network.base_width = 200;
    wide.network.parameterisation = parameterisation;
    const bool mup = parameterisation == network::Parameterisation::mup;
    wide.dynamics = dynamics::Descent{.rate = mup ? 20.0 : 40.0};
    if (mup) wide.asked.times = {0, 0.25};  // the trainer's t does not hold the factor N/N₀
    const Result wider = predict(Dmft{}, wide, 0, draw);
    CHECK(near::distance(last_predictor(wider), last_predictor(one)) < 1e-12);
    if (!mup) CHECK(prediction_text(Dmft{}, wide) == text);
  }
}

TEST_CASE("sampled populations state their errors, and half of them is told from all") {
  // Against the rule, over 24 seeds: z of 23 degrees of freedom; the spread of 16 estimates is known to 18%.
  Setting s = with(few_points(1), [](Setting& t) {
    t.data.input = data::Sphere{.dim = 2};
    t.data.target = data::Linear{};
    t.data.train_size = 3;
    t.asked.times = {1.5};
  });
  const data::Draw draw = data::make_draw(s.data, 1, 0);
  const Dmft sampled{.averages = Dmft::Averages::sampled, .samples = 2048};
  const auto exact = rows_of(predict(Dmft{}, s, 0, draw));
  for (const Observable observable : {Observable::error_train, Observable::error_test, Observable::kernel_change}) {
    double sum = 0, square = 0;
    for (std::uint64_t seed = 0; seed < 24; ++seed) {
      s.seed = 100 + seed;
      const Row row = rows_of(predict(sampled, s, 0, draw)).at({observable, 1.5});
      const double z = (row.value - exact.at({observable, 1.5}).value) / row.standard_error;
      sum += z, square += z * z;
    }
    CAPTURE(sum / 24, square / 24);
    CHECK(std::abs(sum) / std::sqrt(24.0) < 4);
    CHECK(square / 24 < 2.5);
    CHECK(square / 24 > 0.35);
  }
}

TEST_CASE("a rate beyond stability ends in an outcome") {
  Setting s = with(few_points(1), [](Setting& t) {
    t.network.activation = network::Linear{};
    t.dynamics = dynamics::Descent{.rate = 1000};
    t.asked.times = {0, 10, 1000};
  });
  const Result result = predict(Dmft{}, s, 0);
  CHECK(result.outcome == Outcome::diverged);
  CHECK(result.reason.find("10⁴ times") != std::string::npos);
  // Somewhat beyond, and well inside: Θ of four points in six dimensions has its largest eigenvalue near 4, h is 0.65
  // and 0.1.
  for (const double rate : {65.0, 10.0}) {
    s.dynamics = dynamics::Descent{.rate = rate};
    s.asked.times = {0, 2 * rate / s.network.chi};
    for (const AnyTheory& theory : {AnyTheory(Dmft{}), AnyTheory(WidthFluctuations{.samples = 1024})})
      for (const Row& row : predict(theory, s, 0).rows) CHECK((row.flag == Flag::outside_validity) == (rate > 50));
  }
}

TEST_CASE(
    "validity is the share of the initial output in the error at the start, which ntk_descent has and these lack") {
  // One and two layers of sampled units, linear ones by a rule; χ large, and not.
  Setting one = few_points(1), two = few_points(2), deep = few_points(2);
  deep.network.activation = one.network.activation = network::Linear{};
  two.network.activation = network::Erf{};
  for (Setting* s : {&one, &two, &deep}) {
    s->network.readout_variance = 1.7;
    s->asked.times = {0};
  }
  const auto share_of = [](const AnyTheory& theory, const Setting& s) {
    const auto lacks = rows_of(predict(theory, s, 0)), has = rows_of(predict(NtkDescent{}, s, 0));
    const double truth = 1 - lacks.at({Observable::error_train, 0}).value / has.at({Observable::error_train, 0}).value;
    const Row& row = lacks.at({Observable::validity, 0});
    CHECK(std::abs(row.value - truth) < 5 * row.standard_error + 1e-10);
    CHECK(row.standard_error < 0.05 * row.value);
    for (const auto& [place, each] : lacks) CHECK((each.flag == Flag::outside_validity) == (row.value > 0.05));
    return row.value;
  };
  for (const double chi : {1000.0, 3.0})
    for (const auto& [theory, setting] :
         {std::pair<AnyTheory, Setting>{Dmft{}, one}, {Dmft{.samples = 8192}, two}, {DeepLinearDynamics{}, deep}}) {
      Setting s = setting;
      s.network.chi = chi;
      s.dynamics = dynamics::Descent{.rate = 0.1 * chi};
      CAPTURE(chi, kind_of(theory));
      CHECK((share_of(theory, s) > 0.05) == (chi < 10));
      s.network.centred = true;
      const auto centred = rows_of(predict(theory, s, 0));
      CHECK(centred.count({Observable::validity, 0}) == 0);
      CHECK(centred.at({Observable::error_train, 0}).flag == Flag::none);
    }
}
