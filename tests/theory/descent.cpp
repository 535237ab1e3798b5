#include <cmath>
#include <limits>

#include "catch.hpp"
#include "fieldscan/theory/descent/flow.hpp"
#include "fieldscan/theory/list.hpp"
#include "fieldscan/theory/predict.hpp"
#include "near.hpp"
#include "theory/examples.hpp"
#include "theory/random.hpp"
#include "theory/setup.hpp"

using namespace fieldscan;
using namespace fieldscan::theory;
using fieldscan::testing::stream;

namespace {

FlowKernels kernels_of(const KernelSpec& spec, const Matrix& x, const Matrix& test) {
  const Kernels train = kernels(spec, x), cross = kernels(spec, x, test);
  return {train.tangent, train.nngp, cross.tangent, cross.nngp, kernel_diagonal(spec, test).nngp};
}

/// Spec of a reference entry: σ_w² = σ_a² = 1, no bias; its erf is erf(z/√2).
KernelSpec spec_of(const reference::Entry& entry) {
  const std::string word = entry.words.at("activation");
  return {.depth = static_cast<int>(entry.number("L")),
          .activation = word == "erf" ? network::ActivationChoice(network::Erf{.scale = std::sqrt(0.5)})
                                      : reference::activation(word)};
}

Setting descent_setting(double rate, double momentum, double chi = 1) {
  Setting s;
  s.data.input = data::Sphere{.dim = 5};
  s.data.target = data::Gegenbauer{.levels = {{1, 0.8}, {3, 0.2}}};
  s.data.train_size = 12;
  s.data.test_size = 50;
  s.network.bias_variance = 0.1;
  s.network.chi = chi;
  s.ridge = 0.05;
  s.dynamics = dynamics::Descent{.rate = rate, .momentum = momentum};
  s.trainer = "gradient_descent";
  for (const double steps : {0, 1, 7, 40}) s.asked.times.push_back(steps * rate / (chi * (1 - momentum)));
  return s;
}

std::vector<double> values(const Result& result, Observable observable) {
  std::vector<double> out;
  for (const Row& row : result.rows)
    if (row.observable == observable) out.push_back(row.value);
  return out;
}

}  // namespace

TEST_CASE("one mode follows the reference polynomials of the heavy ball") {
  for (const auto& entry : reference::entries("heavy_ball")) {
    CAPTURE(entry.name);
    Descent descent(Vector::Constant(1, entry.number("eta_lambda")), 0, 1, entry.number("beta"));
    const auto& expected = entry.out.at("p");
    for (std::size_t t = 0; t < expected.size(); ++t) {
      const Filter& filter = descent.go_to(static_cast<std::int64_t>(t));
      CHECK(reference::agrees(entry, filter.left[0], expected[t]));
      CHECK(reference::agrees(entry, 1 - entry.number("eta_lambda") * filter.moved[0], expected[t]));
    }
  }
}

TEST_CASE("descent in steps agrees with the reference numbers: mean and variance, training and test points") {
  for (const auto& entry : reference::entries("lazy_gd")) {
    const Matrix x = reference::matrix(entry.in.at("X"), 3);
    const Vector y = reference::vector(entry.in.at("y"));
    const Flow flow(kernels_of(spec_of(entry), x.topRows(3), x.bottomRows(2)), y, 0);
    Descent descent(flow.eigenvalues(), 0, entry.number("eta"), entry.number("beta"));
    for (const std::int64_t t : {0, 1, 5, 20}) {
      CAPTURE(entry.name, t);
      const FlowState state = flow.through(descent.go_to(t));
      const std::string end = "_" + std::to_string(t);
      const Vector mean_train = reference::vector(entry.out.at("mean_train" + end));
      CHECK(near::largest_difference(y - state.residual, mean_train) <= entry.tolerance);
      CHECK(near::largest_difference(state.mean, reference::vector(entry.out.at("mean_test" + end))) <=
            entry.tolerance);
      CHECK(near::largest_difference(state.variance, reference::vector(entry.out.at("variance_test" + end))) <=
            entry.tolerance);
      CHECK(std::abs(state.variance_train - reference::vector(entry.out.at("variance_train" + end)).mean()) <=
            entry.tolerance);
    }
  }
}

TEST_CASE("steps are the iteration in function space, with ridge and momentum") {
  const Matrix x = testing::normals(stream("train"), 6, 3), test = testing::normals(stream("test"), 4, 3);
  const Vector y = testing::normal_vector(stream("labels"), 6);
  const KernelSpec spec{.depth = 1, .activation = network::Relu{}, .bias_variance = 0.1};
  const FlowKernels k = kernels_of(spec, x, test);
  Matrix tangent_all(10, 6);
  tangent_all << k.tangent, k.tangent_cross.transpose();
  const double ridge = 0.3, step = 0.2, momentum = 0.7;
  // The response R of f = f₀ + R (y − f₀(X)).
  Matrix r = Matrix::Zero(10, 6), u = r;
  for (int t = 0; t < 17; ++t) {
    u = momentum * u + step * (tangent_all * (Matrix::Identity(6, 6) - r.topRows(6)) - ridge * r);
    r += u;
  }
  const Flow flow(k, y, ridge);
  Descent descent(flow.eigenvalues(), ridge, step, momentum);
  const FlowState state = flow.through(descent.go_to(17));
  CHECK(near::distance(state.mean, r.bottomRows(4) * y) < 1e-12);
  CHECK(near::distance(state.residual, y - r.topRows(6) * y) < 1e-12);
  const Matrix left = Matrix::Identity(6, 6) - r.topRows(6);
  CHECK(state.variance_train == Approx((left * k.nngp * left.transpose()).trace() / 6).epsilon(1e-10));
}

TEST_CASE("short steps are the flow, and many of them the regression") {
  const Vector eigenvalues = (Vector(4) << 3.0, 0.4, 1e-3, 0.0).finished();
  for (const double ridge : {0.0, 0.2})
    for (const double momentum : {0.0, 0.8}) {
      const double step = 1e-5;
      Descent descent(eigenvalues, ridge, step * (1 - momentum), momentum);
      const Filter steps = descent.go_to(100000), flow = flow_filter(eigenvalues, ridge, 1);
      CHECK(near::distance(steps.moved, flow.moved) < 2e-4);
      CHECK(near::distance(steps.left, flow.left) < 2e-4);
      Descent coarse(eigenvalues, ridge, 0.3, momentum);
      const Filter end = coarse.go_to(200000), limit = flow_filter(eigenvalues, ridge, equilibrium);
      CHECK(near::distance(end.moved, limit.moved) < 1e-8 * limit.moved.norm());
      CHECK(steps.moved[3] == 0);
      CHECK(steps.left[3] == 1);
    }
}

TEST_CASE("a mode is stable below the limit and grows above it") {
  for (const double momentum : {0.0, 0.5, 0.9})
    for (const double ridge : {0.0, 0.4}) {
      const Vector eigenvalue = Vector::Constant(1, 1.6);
      const double limit = 2 * (1 + momentum) / (1.6 + ridge);
      Descent below(eigenvalue, ridge, 0.99 * limit, momentum), above(eigenvalue, ridge, 1.01 * limit, momentum);
      CHECK(below.instability() == Approx(0.99));
      CHECK(above.instability() == Approx(1.01));
      const double rest = ridge / (1.6 + ridge);
      CHECK(std::abs(below.go_to(5000).left[0] - rest) < 1e-6);
      CHECK(std::abs(above.go_to(1000).left[0]) > 1e3);
    }
}

TEST_CASE("ntk_descent follows the settings of the trainer") {
  const Setting s = descent_setting(0.1, 0.5, 3);
  const Result steps = predict(NtkDescent{}, s, 1), flow = predict(NtkFlow{}, s, 1);
  REQUIRE(steps.outcome == Outcome::done);
  CHECK(values(steps, Observable::error_test).size() == 4);
  CHECK(values(steps, Observable::error_test)[0] == Approx(values(flow, Observable::error_test)[0]));
  // Momentum has not built up after one step: descent lags behind the flow.
  CHECK(values(steps, Observable::error_train)[1] > values(flow, Observable::error_train)[1]);
  // χ in rate and initial variance: the same h at another χ has the same mean.
  const Result lazy = predict(NtkDescent{}, descent_setting(0.1 / 3, 0.5, 1), 1);
  for (std::size_t k = 0; k < steps.arrays.size(); ++k)
    for (std::size_t i = 0; i < 50; ++i) CHECK(steps.arrays[k].data[i] == Approx(lazy.arrays[k].data[i]).margin(1e-12));
  CHECK_FALSE(values(steps, Observable::error_test)[0] == values(lazy, Observable::error_test)[0]);
}

TEST_CASE("beyond the stability limit the numbers are flagged, and left out from where networks have diverged") {
  Setting s = descent_setting(2, 0);
  s.asked.times.clear();
  for (int step = 0; step < 60; ++step) s.asked.times.push_back(2.0 * step);
  s.asked.times.push_back(equilibrium);
  const Result result = predict(NtkDescent{}, s, 0);
  CHECK(result.outcome == Outcome::diverged);
  // An eigenvalue, which "the largest rate" did not say.
  CHECK(result.reason.starts_with("(η/χ)(λ_max(Θ) + κ) is "));
  CHECK(result.reason.find("stability limit 2(1 + β): modes grow") != std::string::npos);
  const std::vector<double> errors = values(result, Observable::error_train);
  REQUIRE(errors.size() > 2);
  CHECK(errors.size() < 60);
  CHECK(errors.back() > 10 * errors.front());    // growth that is no divergence yet is kept
  CHECK(errors.back() <= 1e4 * errors.front());  // and nothing that would stretch a figure
  CHECK(values(result, Observable::error_test).size() == errors.size());
  for (const Row& row : result.rows) {
    CHECK(std::isfinite(row.value));
    if (row.observable != Observable::eigenvalue) CHECK(row.flag == Flag::outside_validity);
  }
}

TEST_CASE("a step at once beyond all bounds is diverged, with the network at its start") {
  Setting s = descent_setting(1e6, 0);
  s.asked.times = {0, 1e6, 2e6};
  const Result result = predict(NtkDescent{}, s, 0);
  CHECK(result.outcome == Outcome::diverged);
  CHECK(values(result, Observable::error_train).size() == 1);
}

TEST_CASE("ntk_descent says where it does not hold") {
  const auto because = [](const NtkDescent& theory, const Setting& s) { return theory.applicability(s).because; };
  Setting s = descent_setting(0.1, 0);
  CHECK(because({}, s).empty());
  CHECK(because({.learning_rate = 1.0}, s).find("training: none") != std::string::npos);
  s.dynamics = dynamics::Flow{};
  CHECK(because({}, s).find("ntk_flow") != std::string::npos);
  s.dynamics = dynamics::Batches{.rate = 0.1, .batch = 4};
  s.trainer = "sgd";
  CHECK(because({}, s).find("sgd") != std::string::npos);
  s.dynamics = dynamics::Alone{};
  CHECK(because({}, s).find("learning_rate") != std::string::npos);
  s.asked.times = {0, 0.33, 0.34, 1, equilibrium};
  const NtkDescent own{.learning_rate = 0.1, .momentum = 0.5};
  CHECK(because(own, s).empty());
  // The times are whole steps of 0.2; 0.33 and 0.34 are the same one.
  const auto times = own.inputs(s).times;
  REQUIRE(times.size() == 4);
  CHECK(times[1] == Approx(0.4));
  CHECK(times[2] == Approx(1.0));
  CHECK(std::isinf(times[3]));
}

namespace fieldscan::theory::laws {

template <>
std::vector<Example> examples<NtkDescent>() {
  return {{NtkDescent{}, descent()},
          {NtkDescent{.learning_rate = 0.1}, small(dynamics::Alone{})},
          {NtkDescent{.averaged = true}, small(dynamics::Descent{.rate = 0.05})}};
}

template <>
std::vector<Counterexample> counterexamples<NtkDescent>() {
  return {{NtkDescent{}, sampler(), "describes gradient descent"},
          {NtkDescent{}, small(dynamics::Flow{}), "ntk_flow"},
          {NtkDescent{}, small(dynamics::Batches{.rate = 0.01, .batch = 4}), "whole training set"},
          {NtkDescent{.learning_rate = 0.1}, descent(), "training: none"},
          {NtkDescent{}, small(dynamics::Alone{}), "learning_rate"},
          {NtkDescent{}, online(descent()), "fresh examples"},
          {NtkDescent{.averaged = true}, with(descent(), [](Setting& s) { s.data.input = data::Gaussian{.dim = 6}; }),
           "normal inputs"},
          {NtkDescent{.averaged = true}, with(descent(), [](Setting& s) { s.asked.times = {30}; }), "3000, and 2000"}};
}

}  // namespace fieldscan::theory::laws
