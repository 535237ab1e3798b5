#include "fieldscan/theory/finite_width/variational_adaptation.hpp"

#include <cmath>

#include "../../../src/theory/finite_width/gaussian_weights.hpp"
#include "../../../src/theory/finite_width/neuron.hpp"
#include "../../../src/theory/finite_width/pair_averages.hpp"
#include "catch.hpp"
#include "fieldscan/theory/finite_width/kernel_adaptation.hpp"
#include "near.hpp"
#include "theory/examples.hpp"
#include "theory/random.hpp"
#include "theory/setup.hpp"

using namespace fieldscan;
using namespace fieldscan::theory;

namespace {

GaussianWeights problem_of(const reference::Entry& entry) {
  const KernelSpec spec{.activation = network::Erf{}};
  return {
      .activation = network::Erf{},
      .inputs = neuron_inputs(spec, reference::matrix(entry.in.at("X"), 2)),
      .labels = reference::vector(entry.in.at("y")),
      .ridge = entry.number("kappa"),
      .chi = entry.number("chi"),
      .width = entry.number("N"),
      .method = entry.words.at("method") == "mean_field" ? VariationalMethod::mean_field : VariationalMethod::saddle};
}

Vector predictor_of(const Result& result) {
  for (const Array& array : result.arrays)
    if (array.observable == Observable::predictor)
      return Eigen::Map<const Vector>(array.data.data(), static_cast<Index>(array.data.size()));
  return {};
}
double value_of(const Result& result, Observable observable) {
  for (const Row& row : result.rows)
    if (row.observable == observable) return row.value;
  FAIL("no row of " << word(observable));
  return 0;
}

}  // namespace

TEST_CASE("Gaussian weights have the reference covariances, actions and predictions") {
  for (const auto& entry : reference::entries("variational/")) {
    CAPTURE(entry.name);
    const GaussianWeights problem = problem_of(entry);
    const GaussianAdaptation found = adapt_gaussian(problem);
    CHECK(near::largest_difference(found.covariance, reference::matrix(entry.out.at("Sigma"), 2)) < 2e-5);
    CHECK(found.action == Approx(entry.out.at("S")[0]).epsilon(1e-7));
    data::Draw draw;
    draw.train.x = reference::matrix(entry.in.at("X"), 2);
    draw.train.label = problem.labels;
    draw.test.x = reference::matrix(entry.in.at("Xstar"), 2);
    draw.test.target = draw.test.label = Vector::Zero(2);
    const Result result = VariationalAdaptation{.method = problem.method}.predict(
        {.kernel = {.activation = network::Erf{}}, .width = problem.width, .ridge = problem.ridge, .chi = problem.chi},
        draw);
    CHECK(near::largest_difference(predictor_of(result), reference::vector(entry.out.at("mean"))) < 2e-5);
    CHECK(value_of(result, Observable::variance_posterior) ==
          Approx(reference::vector(entry.out.at("variance")).mean()).epsilon(1e-5));
  }
}

TEST_CASE("the free energy of Gaussian weights has the derivative of its differences, whatever the units") {
  const std::vector<network::ActivationChoice> all{network::Erf{.scale = 0.7}, network::Linear{}, network::Tanh{},
                                                   network::Relu{}, network::Quadratic{}};
  for (const auto& activation : all)
    for (const VariationalMethod method : {VariationalMethod::saddle, VariationalMethod::mean_field}) {
      const GaussianWeights problem{.activation = activation,
                                    .inputs = testing::normals(testing::stream("inputs"), 7, 3),
                                    .labels = testing::normal_vector(testing::stream("labels"), 7),
                                    .ridge = 0.3,
                                    .chi = 5,
                                    .width = 8,
                                    .readout = 1.3,
                                    .method = method};
      Matrix root = Matrix::Identity(3, 3) + 0.3 * testing::normals(testing::stream("root"), 3, 3), derivative, unused;
      free_energy(problem, root, derivative);
      for (Index k = 0; k < 9; ++k) {
        const double step = 1e-5, there = root.data()[k];
        root.data()[k] = there + step;
        const double up = free_energy(problem, root, unused);
        root.data()[k] = there - step;
        const double down = free_energy(problem, root, unused);
        root.data()[k] = there;
        CHECK(derivative.data()[k] == Approx((up - down) / (2 * step)).epsilon(1e-6).margin(1e-7));
      }
    }
}

TEST_CASE("without labels and fluctuations the weights keep their prior; wide networks are the Gaussian process") {
  GaussianWeights problem{.activation = network::Erf{},
                          .inputs = testing::normals(testing::stream("inputs"), 7, 3),
                          .labels = Vector::Zero(7),
                          .ridge = 0.3,
                          .method = VariationalMethod::mean_field};
  CHECK(near::largest_difference(adapt_gaussian(problem).covariance, Matrix::Identity(3, 3)) < 1e-7);
  problem.labels = testing::normal_vector(testing::stream("labels"), 7);
  problem.method = VariationalMethod::saddle;
  problem.width = 1e9;
  CHECK(near::largest_difference(adapt_gaussian(problem).covariance, Matrix::Identity(3, 3)) < 1e-6);
}

TEST_CASE("equal points and opposite ones move together: their kernel has no slope across them") {
  for (const network::ActivationChoice& activation :
       {network::ActivationChoice(network::Tanh{}), network::ActivationChoice(network::Sin{})})
    for (const double sign : {1.0, -1.0}) {
      const Vector along{{1, sign}}, across{{1, -sign}};
      const Matrix covariance = 0.7 * along * along.transpose();
      const PairAverages averages = pair_averages(activation, covariance);
      const auto slope = [&](const Vector& v) {
        return averages.backward(v * v.transpose()).cwiseProduct(covariance).sum();
      };
      CHECK(std::abs(slope(across)) < 1e-6);
      CHECK(slope(along) > 0.1);
    }
}

TEST_CASE("linear units with Gaussian weights are those of kernel adaptation: their weights are Gaussian") {
  const Setting s = laws::with(laws::sampler(), [](Setting& one) {
    one.network.activation = network::Linear{};
    one.network.chi = one.network.width.at(0);
    one.data.noise = 0.3;
  });
  const AnyTheory gaussian = VariationalAdaptation{.method = VariationalMethod::mean_field}, exact = KernelAdaptation{};
  const Result a = predict(gaussian, s, 0), b = predict(exact, s, 0);
  CHECK(near::largest_difference(predictor_of(a), predictor_of(b)) < 1e-6);
  for (const Observable observable : {Observable::alignment, Observable::overlap_moment, Observable::validity})
    CHECK(value_of(a, observable) == Approx(value_of(b, observable)).epsilon(1e-6));
  // Not so the variance: the kernel fluctuates.
  CHECK(value_of(a, Observable::variance_posterior) < 0.99 * value_of(b, Observable::variance_posterior));
}

// The document's single-index draw: two modes of the weights, which no Gaussian has.
TEST_CASE("for a target along one direction Gaussian weights find a part of the way, and too large an overlap") {
  const auto entry = reference::entries("adaptation_draw").front();
  const Vector direction = reference::vector(entry.in.at("w"));
  data::Draw draw;
  draw.train.x = reference::matrix(entry.in.at("X"), 5);
  draw.train.label = reference::vector(entry.in.at("y"));
  draw.test.x = reference::matrix(entry.in.at("Xstar"), 5);
  draw.test.target = draw.test.label = Vector::Zero(200);
  draw.directions = direction.transpose();
  const Result result =
      VariationalAdaptation{.method = VariationalMethod::mean_field}.predict({.kernel = {.activation = network::Erf{}},
                                                                              .width = 1000,
                                                                              .ridge = 0.1,
                                                                              .chi = 1000,
                                                                              .bins = 11,
                                                                              .bins_low = -2,
                                                                              .bins_high = 2},
                                                                             draw);
  CHECK(5 * value_of(result, Observable::overlap_moment) == Approx(4.0).epsilon(0.02));
  CHECK(entry.out.at("moment")[0] < 3.2);  // what it is
  CHECK(1000 * value_of(result, Observable::variance_posterior) < 0.2 * entry.out.at("variance")[0]);
}

namespace fieldscan::theory::laws {

namespace {

Setting weak() {
  return with(sampler(), [](Setting& s) { s.data.train_size = 12; });
}

}  // namespace

template <>
std::vector<Example> examples<VariationalAdaptation>() {
  return {{VariationalAdaptation{}, weak()},
          {VariationalAdaptation{.method = VariationalMethod::mean_field},
           with(weak(), [](Setting& s) { s.network.bias_variance = 0.3; })}};
}

template <>
std::vector<Counterexample> counterexamples<VariationalAdaptation>() {
  return {{VariationalAdaptation{}, descent(), "describes the posterior"},
          {VariationalAdaptation{}, with(weak(), [](Setting& s) { s.network.depth = 2; }), "one hidden layer"},
          {VariationalAdaptation{}, with(weak(), [](Setting& s) { s.ridge = 0; }), "a ridge above 0"},
          {VariationalAdaptation{}, online(weak()), "fresh examples"}};
}

}  // namespace fieldscan::theory::laws
