#include "fieldscan/theory/trajectory/one_step.hpp"

#include <cmath>

#include "catch.hpp"
#include "fieldscan/theory/trajectory/giant_step.hpp"
#include "theory/examples.hpp"

using namespace fieldscan;
using namespace fieldscan::theory;

namespace one_step_tests {
namespace {

GiantStep tanh_and_sine(double points, double units, double step = 3) {
  return {.activation = network::Tanh{},
          .target = [](double u) { return std::sin(u); },
          .step = step,
          .ridge = 0.1,
          .step_points = 20,
          .points = points,
          .units = units};
}

/// A step of η = 3 on 20 d points, then α d fresh ones: the network of `tanh_and_sine` in d = 100.
Setting giant_step(int width, int points) {
  return laws::with(laws::sampler(), [&](Setting& s) {
    s.data.input = data::Gaussian{.dim = 100};
    // The Hermite coefficients of the sine.
    s.data.target = data::Hermite{.coefficients = {0, 0.60653066, 0, -0.24761510, 0, 0.05536842, 0, -0.00854353}};
    s.data.noise = 0;
    s.data.train_size = 2000 + points;
    s.network = {.depth = 1, .width = width, .activation = network::Tanh{}, .chi = static_cast<double>(width)};
    s.network.initial.readout.law = network::ReadoutLaw::ones;
    s.ridge = 0.1;
    s.dynamics = dynamics::StepsThenSolved{.rate = 3.0 * width * 100 / 2000, .steps = 1, .points = 2000};
    s.trainer = "steps_then_readout";
  });
}

Result result_of(const Setting& s) {
  const OneStep theory;
  REQUIRE(theory.applicability(s).applies);
  return theory.predict(theory.inputs(s));
}

}  // namespace

TEST_CASE("order parameters after one giant step agree with an independent solution") {
  const GiantStepAverage small = average_after_step(tanh_and_sine(0.9, 1));
  CHECK(small.error_test == Approx(0.042503928488491494).epsilon(1e-5));
  CHECK(small.spike == Approx(1.1340555180444998).epsilon(1e-9));
  CHECK(small.bulk == Approx(1.0189732309366892).epsilon(1e-9));
  CHECK(small.overlap == Approx(0.9718544445).epsilon(1e-9));
  CHECK(average_after_step(tanh_and_sine(3, 1)).error_test == Approx(0.03251820771171783).epsilon(1e-5));
  CHECK(average_after_step(tanh_and_sine(2, 0.5)).error_test == Approx(0.041697603198411454).epsilon(1e-5));
}

// H. Cui et al., public code OneStepGD_asymptotics at commit f3e92d5: theirs is for one draw of W₀ at d = 2000.
TEST_CASE("the published errors after one giant step") {
  for (const auto& [points, error] :
       {std::pair{0.2, 0.0485954}, {0.9, 0.0431181}, {1.6, 0.0380724}, {2.3, 0.0351115}, {3.0, 0.0333400}})
    CHECK(average_after_step(tanh_and_sine(points, 1)).error_test == Approx(error).epsilon(0.03));
}

TEST_CASE("the theory in the program's units is that of rows of unit norm") {
  const Setting s = giant_step(100, 90);
  const Result result = result_of(s);
  CHECK(result.rows.at(0).value == Approx(0.042503928488491494).epsilon(1e-4));
  CHECK(result.rows.at(0).flag == Flag::none);
  // The mean-field start is a convention: a readout of another size at another χ, with the rate that makes up for it.
  const Setting other = laws::with(s, [](Setting& one) {
    one.network.chi = 1;
    one.network.initial.readout.scale = 0.1;
  });
  for (const std::size_t k : {0U, 1U})
    CHECK(result_of(other).rows.at(k).value == Approx(result.rows.at(k).value).epsilon(1e-10));
  // Controls: no step; a large initial output is flagged.
  const Setting none =
      laws::with(s, [](Setting& one) { std::get<dynamics::StepsThenSolved>(one.dynamics).rate = 1e-6; });
  CHECK(result_of(none).rows.at(0).value > 2 * result.rows.at(0).value);
  const Setting large = laws::with(s, [](Setting& one) { one.network.initial.readout.scale = 5; });
  CHECK(result_of(large).rows.at(0).flag == Flag::outside_validity);
  // A ridge that holds the readout's part along the spike: the numbers are of another regime.
  const Setting held = laws::with(s, [](Setting& one) { one.ridge = 1e4; });
  CHECK(result_of(held).rows.at(0).flag == Flag::outside_validity);
}

}  // namespace one_step_tests

namespace fieldscan::theory::laws {

template <>
std::vector<Example> examples<OneStep>() {
  const Setting s = one_step_tests::giant_step(100, 90);
  return {{OneStep{}, s}, {OneStep{.learning_rate = 15, .points = 500}, with(s, [](Setting& one) {
                             one.dynamics = dynamics::Alone{};
                             one.network.activation = network::Erf{};
                             one.data.noise = 0.2;
                           })}};
}

template <>
std::vector<Counterexample> counterexamples<OneStep>() {
  const Setting s = one_step_tests::giant_step(100, 90);
  const auto steps = [](auto change) {
    return [=](Setting& one) { change(std::get<dynamics::StepsThenSolved>(one.dynamics)); };
  };
  return {{OneStep{}, descent(), "a solved readout"},
          {OneStep{}, with(s, [](Setting& one) { one.dynamics = dynamics::Alone{}; }), "learning_rate and points"},
          {OneStep{.learning_rate = 1}, s, "the trainer's"},
          {OneStep{}, with(s, steps([](auto& d) { d.steps = 2; })), "one step"},
          {OneStep{}, with(s, steps([](auto& d) { d.points = 0; })), "fresh ones"},
          {OneStep{}, with(s, steps([](auto& d) { d.points = 5000; })), "none are left"},
          {OneStep{}, online(s), "fresh examples"},
          {OneStep{}, with(s, [](Setting& one) { one.ridge = 0; }), "a ridge above 0"},
          {OneStep{}, with(s, [](Setting& one) { one.network.depth = 2; }), "one hidden layer"},
          {OneStep{}, with(s, [](Setting& one) { one.network.bias_variance = 0.1; }), "without biases"},
          {OneStep{}, with(s, [](Setting& one) { one.network.activation = network::Relu{}; }), "odd activations"},
          {OneStep{}, with(s, [](Setting& one) { one.network.initial = {}; }), "equal numbers"},
          {OneStep{}, with(s, [](Setting& one) { one.network.initial.readout.scale = 0; }), "does not move"},
          {OneStep{}, with(s, [](Setting& one) { one.network.initial.hidden.scale = 2; }), "draws of the prior"},
          {OneStep{}, with(s, [](Setting& one) { one.data.input = data::Sphere{.dim = 100}; }), "not normal"},
          {OneStep{},
           with(s,
                [](Setting& one) {
                  one.data.target = data::Hermite{.coefficients = {0, 1, 1}};
                }),
           "odd targets"},
          {OneStep{},
           with(s,
                [](Setting& one) {
                  one.data.target = data::Gegenbauer{.levels = {{1, 1}}};
                }),
           "Hermite polynomials"}};
}

}  // namespace fieldscan::theory::laws
