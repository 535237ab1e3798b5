#include "fieldscan/theory/finite_width/kernel_adaptation.hpp"

#include <cmath>
#include <numbers>
#include <vector>

#include "../../../src/theory/finite_width/neuron.hpp"
#include "../../../src/theory/finite_width/neuron_chains.hpp"
#include "../../../src/theory/one_theory.hpp"
#include "catch.hpp"
#include "fieldscan/core/solve/solved.hpp"
#include "fieldscan/theory/regression/nngp.hpp"
#include "near.hpp"
#include "theory/examples.hpp"
#include "theory/setup.hpp"

using namespace fieldscan;
using namespace fieldscan::theory;

namespace {

using enum Observable;

/// A draw of a reference entry; its target looks along `direction`.
data::Draw draw_of(const reference::Entry& entry, const Vector& direction) {
  data::Draw draw;
  draw.train.x = reference::matrix(entry.in.at("X"), direction.size());
  draw.train.label = reference::vector(entry.in.at("y"));
  draw.test.x = reference::matrix(entry.in.at("Xstar"), direction.size());
  const double norm = direction.norm();
  const Vector u = draw.test.x * direction / norm;
  draw.test.target = u.array() + 0.3 * (u.array().cube() - 3 * u.array());
  draw.test.label = draw.test.target;
  draw.directions = direction.transpose() / norm;
  return draw;
}

KernelAdaptation::Inputs inputs_of(const reference::Entry& entry, NeuronAverages averages) {
  return {.kernel = {.activation = reference::activation(entry.words.at("activation"))},
          .averages = averages,
          .strength = entry.number("b"),
          .ridge = entry.number("kappa"),
          .chi = 100,
          .bins = 81,
          .bins_low = -4,
          .bins_high = 4};
}

Stream stream_of(std::uint64_t seed) { return Stream(seed, Purpose::theory, "kernel adaptation", 0, 0); }

Result predicted_by(const KernelAdaptation::Inputs& inputs, const data::Draw& draw, std::uint64_t seed = 1,
                    int samples = 32768) {
  return KernelAdaptation{.samples = samples}.predict(inputs, draw, stream_of(seed));
}

Row row_of(const Result& result, Observable observable, double coordinate = 0) {
  for (const Row& row : result.rows)
    if (row.observable == observable && row.coordinate == coordinate) return row;
  FAIL("no row of " << word(observable));
  return {};
}
double value_of(const Result& result, Observable observable) { return row_of(result, observable).value; }
Vector array_of(const Result& result, Observable observable) {
  for (const Array& array : result.arrays)
    if (array.observable == observable)
      return Eigen::Map<const Vector>(array.data.data(), static_cast<Index>(array.data.size()));
  FAIL("no array of " << word(observable));
  return {};
}

const Vector first_axis = Vector::Unit(2, 0);

}  // namespace

TEST_CASE("kernel adaptation has the reference numbers: means, dressed variances, kernels, overlaps") {
  for (const auto& entry : reference::entries("adaptation/erf")) {
    CAPTURE(entry.name);
    const Result result = predicted_by(inputs_of(entry, NeuronAverages::rule), draw_of(entry, first_axis));
    CHECK(near::largest_difference(array_of(result, predictor), reference::vector(entry.out.at("mean"))) < 1e-8);
    CHECK(near::largest_difference(array_of(result, nngp_empirical), reference::vector(entry.out.at("kernel"))) < 1e-8);
    CHECK(near::largest_difference(array_of(result, hidden_kernel), array_of(result, nngp_empirical)) == 0);
    const double variance = reference::vector(entry.out.at("variance")).mean();
    CHECK(value_of(result, variance_posterior) == Approx(variance / 100).epsilon(1e-8));
    CHECK(value_of(result, overlap_moment) == Approx(entry.out.at("covariance")[0] / 2).epsilon(1e-6));
  }
  for (const auto& entry : reference::entries("adaptation/linear")) {
    const Result result = predicted_by(inputs_of(entry, NeuronAverages::closed), draw_of(entry, first_axis));
    CHECK(near::largest_difference(array_of(result, predictor), reference::vector(entry.out.at("mean"))) < 1e-10);
    CHECK(near::largest_difference(array_of(result, nngp_empirical), reference::vector(entry.out.at("kernel"))) < 1e-9);
  }
}

TEST_CASE("the closed form of linear units is the saddle, found by a rule of nodes: all rows but the bins to 1e-8") {
  const auto entry = reference::entries("adaptation/linear").front();
  for (const double b : {0.2, 1.0, 3.0}) {
    auto closed = inputs_of(entry, NeuronAverages::closed), rule = inputs_of(entry, NeuronAverages::rule);
    closed.strength = rule.strength = b;
    rule.kernel.activation = network::Polynomial{.coefficients = {0, 1}};
    const data::Draw draw = draw_of(entry, Vector{{0.6, 0.8}});
    const Result a = predicted_by(closed, draw), c = predicted_by(rule, draw);
    REQUIRE(a.rows.size() == c.rows.size());
    double largest = 0;
    for (std::size_t k = 0; k < a.rows.size(); ++k)
      if (a.rows[k].observable != specialisation)
        largest = std::max(largest, std::abs(a.rows[k].value - c.rows[k].value) / (1 + std::abs(a.rows[k].value)));
    CHECK(largest < 1e-8);
    CHECK(value_of(c, specialisation) == Approx(value_of(a, specialisation)).epsilon(0.01));
    CHECK(near::largest_difference(array_of(a, nngp_empirical), array_of(c, nngp_empirical)) < 1e-8);
  }
}

TEST_CASE("as b falls kernel adaptation becomes the Gaussian process, and as the ridge grows it predicts nothing") {
  const auto entry = reference::entries("adaptation/erf").front();
  const data::Draw draw = draw_of(entry, first_axis);
  auto inputs = inputs_of(entry, NeuronAverages::rule);
  double last = 1;
  for (const double b : {1e-2, 1e-4, 1e-8}) {
    inputs.strength = b;
    const Result adapted = predicted_by(inputs, draw);
    const Result wide = Nngp{}.predict({.kernel = inputs.kernel, .ridge = inputs.ridge, .chi = inputs.chi}, draw);
    const double distance = near::distance(array_of(adapted, predictor), array_of(wide, predictor)),
                 gap = std::abs(value_of(adapted, variance_posterior) / value_of(wide, variance_posterior) - 1);
    CHECK(distance < 30 * b);
    CHECK(gap < 30 * b + 1e-9);
    CHECK(distance < last);
    last = distance;
    CHECK(row_of(adapted, validity).flag == Flag::outside_validity);
  }
  inputs.strength = 1;
  inputs.ridge = 1e7;
  CHECK(array_of(predicted_by(inputs, draw), predictor).norm() < 1e-5);
}

TEST_CASE("several outputs share one adapted kernel") {
  // 5 points in the plane, two outputs: t and predictions of an independent solver of the same saddle.
  const auto table = [](Index rows, Index columns, double phase) {
    Matrix out(rows, columns);
    for (Index i = 0; i < rows; ++i)
      for (Index j = 0; j < columns; ++j) {
        const double a = static_cast<double>(i) + 1, c = static_cast<double>(j) + 1;
        out(i, j) = std::numbers::sqrt2 * std::cos(0.7 * a * c + phase * c * c + 0.37 * a * a);
      }
    return out;
  };
  Matrix labels(5, 2), t(5, 2), mean(2, 2);
  t << 3.2890264015657147, 0.7264513539630099, 0.6080179455025995, -1.7071473117355285, -3.4191883643924776,
      -3.8189074365432143, -5.008614857593607, -2.4305456422161247, 1.4996429941298706, -0.033763442757571836;
  mean << -0.30106333386908574, -0.16762194704576644, -0.370881104238068, 0.0016342658159132048;
  const Matrix points = table(5, 2, 1.3) / std::numbers::sqrt2, tests = table(2, 2, 2.1) / std::numbers::sqrt2;
  for (Index m = 0; m < 5; ++m)
    labels.row(m) << std::sin(1.3 * static_cast<double>(m + 1)), 0.5 * std::cos(0.9 * static_cast<double>(m + 1));
  const SaddleProblem problem{.labels = labels, .ridge = 0.1, .strength = 1, .readout = 1};
  const Adaptation found = adapt_by_rule(network::Erf{}, points, problem, Matrix::Zero(5, 2)).value;
  CHECK(near::largest_difference(found.saddle.t, t) < 1e-8);
  const Matrix feature = features(network::Erf{}, found.population.z, tests);
  const Matrix predicted = feature.transpose() * (found.saddle.weight.asDiagonal() * found.saddle.score);
  CHECK(near::largest_difference(predicted, mean) < 1e-8);
}

// The errors that are stated are those of the spread over seeds: of 24 the ratio lies within 1 ± 0.45 (χ² of 23
// degrees, 3 standard deviations) for each of five numbers; half the error, or twice, would be seen.
TEST_CASE("chains give the numbers of the rule, with errors that are their spread over seeds") {
  const auto entry = reference::entries("adaptation/erf").front();
  const data::Draw draw = draw_of(entry, first_axis);
  const Result rule = predicted_by(inputs_of(entry, NeuronAverages::rule), draw);
  std::vector<Result> chains;
  for (std::uint64_t seed = 1; seed <= 24; ++seed)
    chains.push_back(predicted_by(inputs_of(entry, NeuronAverages::chains), draw, seed, 4096));
  for (const Observable observable :
       {error_mean_predictor, variance_posterior, error_train, alignment, overlap_moment}) {
    CAPTURE(word(observable));
    double mean = 0, square = 0, stated = 0;
    for (const Result& c : chains) {
      const Row row = row_of(c, observable);
      mean += row.value / 24;
      square += std::pow(row.value - value_of(rule, observable), 2) / 24;
      stated += row.standard_error * row.standard_error / 24;
    }
    CHECK(std::sqrt(square / stated) == Approx(1).margin(0.45));
    CHECK(std::abs(mean - value_of(rule, observable)) < 4 * std::sqrt(stated / 24));
  }
}

TEST_CASE("a single-index target at chi = N has the kernel, overlaps and dressed variance of the reference", "[slow]") {
  const auto entry = reference::entries("adaptation_draw").front();
  const data::Draw draw = draw_of(entry, reference::vector(entry.in.at("w")));
  const auto inputs = inputs_of(entry, NeuronAverages::chains);
  const Result result = predicted_by(inputs, draw, 1, 32768);
  const double variance = 100 * value_of(result, variance_posterior);
  CHECK(5 * value_of(result, overlap_moment) == Approx(entry.out.at("moment")[0]).epsilon(0.015));
  CHECK(variance == Approx(entry.out.at("variance")[0]).epsilon(0.015));
  CHECK(value_of(result, error_mean_predictor) == Approx(entry.out.at("error")[0]).epsilon(0.02));
  CHECK(value_of(result, listed("predictor_error")) < 0.01);

  // The saddle itself: yᵀK̄y, and the variance of a Gaussian process with K̄, which is wrong by 8.
  const Matrix points = neuron_inputs(inputs.kernel, draw.train.x), tests = neuron_inputs(inputs.kernel, draw.test.x);
  const Vector label = draw.train.label;
  const SaddleProblem problem{.labels = label, .ridge = inputs.ridge, .strength = 1, .readout = 1};
  const Vector start = factor(nngp_kernel(inputs.kernel, draw.train.x), inputs.ridge).solve(label);
  const Adaptation found = adapt_by_chains(inputs.kernel.activation, points, problem, start, 32768, stream_of(1));
  const Matrix kernel = adapted_kernel(problem, found.population, found.saddle);
  CHECK(label.dot(kernel * label) / label.squaredNorm() == Approx(entry.out.at("form")[0]).epsilon(0.01));
  const Matrix feature = features(inputs.kernel.activation, found.population.z, tests);
  const Matrix cross = found.population.feature.transpose() * (found.saddle.weight.asDiagonal() * feature);
  const Vector diagonal = feature.cwiseAbs2().transpose() * found.saddle.weight;
  const Matrix half = factor(kernel, inputs.ridge).half_solve(cross);
  const double naive = (diagonal - half.colwise().squaredNorm().transpose()).mean();
  CHECK(naive == Approx(entry.out.at("naive")[0]).epsilon(0.03));
  CHECK(variance > 7 * naive);
}

TEST_CASE("in three dimensions nodes find the saddle: in d = 3, and in d = 2 with a bias", "[slow]") {
  for (const auto& [activation, dimension, bias, seeds] :
       {std::tuple{network::ActivationChoice(network::Erf{}), 3, 0.0, std::vector<std::uint64_t>{2, 4}},
        {network::Erf{}, 2, 0.5, {3}},
        {network::Tanh{}, 3, 0.0, {2}}})
    for (const std::uint64_t seed : seeds) {
      CAPTURE(kind_of(activation), dimension, seed);
      Setting s = laws::with(laws::sampler(), [&](Setting& one) {
        one.data.input = data::Gaussian{.dim = dimension};
        one.data.target = data::Hermite{.coefficients = {0, 1, 0, 0.7}};
        one.data.test_size = 20;
        one.network.activation = activation;
        one.network.bias_variance = bias;
        one.network.width = 20;
        one.network.chi = 20;
        one.seed = seed;
      });
      const data::Draw draw = data::make_draw(s.data, s.seed, 0);
      auto inputs = KernelAdaptation{}.inputs(s);
      CHECK(inputs.averages == NeuronAverages::rule);
      const Result rule = predicted_by(inputs, draw);
      CHECK(array_of(rule, nngp_empirical).size() == 400);  // no chains
      inputs.averages = NeuronAverages::chains;
      const Result chains = predicted_by(inputs, draw, seed, 8192);
      for (const Observable observable : {error_mean_predictor, variance_posterior, alignment, overlap_moment}) {
        const Row row = row_of(chains, observable);
        CHECK(std::abs(row.value - value_of(rule, observable)) < 5 * row.standard_error);
      }
    }
}

TEST_CASE("small ridges beside few features learn no rounding") {
  // 20 points of three features: seventeen eigenvalues are rounding.
  const auto draw = [] {
    const Setting s = laws::with(laws::sampler(), [](Setting& one) {
      one.data.input = data::Gaussian{.dim = 3};
      one.data.target = data::Linear{};
    });
    return data::make_draw(s.data, s.seed, 0);
  }();
  const auto at = [&](const network::ActivationChoice& activation, NeuronAverages averages, double ridge) {
    return predicted_by({.kernel = {.activation = activation}, .averages = averages, .strength = 1, .ridge = ridge},
                        draw);
  };
  const Result limit = at(network::Linear{}, NeuronAverages::closed, 1e-5);
  for (const double ridge : {1e-8, 1e-10, 1e-12})
    for (const auto& [activation, averages] :
         {std::pair<network::ActivationChoice, NeuronAverages>{network::Linear{}, NeuronAverages::closed},
          {network::Polynomial{.coefficients = {0, 1}}, NeuronAverages::rule}}) {
      CAPTURE(ridge, kind_of(activation));
      const Result small = at(activation, averages, ridge);
      CHECK(near::distance(array_of(small, predictor), array_of(limit, predictor)) < 1e-4);
      CHECK(value_of(small, error_train) == Approx(value_of(limit, error_train)).epsilon(1e-3));
      CHECK(value_of(small, validity) == Approx(value_of(limit, validity)).epsilon(1e-3));
      CHECK(near::largest_difference(array_of(small, nngp_empirical), array_of(limit, nngp_empirical)) < 1e-3);
    }
  CHECK(near::distance(array_of(at(network::Linear{}, NeuronAverages::closed, 1), predictor),
                       array_of(limit, predictor)) > 0.01);  // control
}

TEST_CASE("where few chains carry all the weight the saddle is not converged, and no number") {
  const auto entry = reference::entries("adaptation_draw").front();
  const data::Draw draw = draw_of(entry, reference::vector(entry.in.at("w")));
  auto inputs = inputs_of(entry, NeuronAverages::chains);
  inputs.strength = 1e5;
  inputs.ridge = 1e-3;
  CHECK_THROWS_AS(predicted_by(inputs, draw, 1, 1024), solve::NotConverged);
}

namespace fieldscan::theory::laws {

namespace {

Setting plane() {
  return with(sampler(), [](Setting& s) {
    s.data.input = data::Gaussian{.dim = 2};
    s.data.target = data::Hermite{.coefficients = {0, 0.8, 0, 0.3}};
    s.data.train_size = 10;
    s.network.chi = s.network.width.at(0);
  });
}

}  // namespace

template <>
std::vector<Example> examples<KernelAdaptation>() {
  const auto teacher = [](Setting& s) {
    s.data.target = data::TeacherNetwork{.width = 2};
    s.network.chi = s.network.width.at(0);
  };
  const auto linear = [](Setting& s) { s.network.activation = network::Linear{}; };
  return {{KernelAdaptation{}, plane()},
          {KernelAdaptation{}, with(plane(), linear)},
          {KernelAdaptation{.samples = 4096}, with(sampler(), teacher)}};
}

template <>
std::vector<Counterexample> counterexamples<KernelAdaptation>() {
  return {{KernelAdaptation{}, descent(), "describes the posterior"},
          {KernelAdaptation{}, with(plane(), [](Setting& s) { s.network.depth = 2; }), "one hidden layer"},
          {KernelAdaptation{}, with(plane(), [](Setting& s) { s.network.activation = network::Quadratic{}; }),
           "faster than linearly"},
          {KernelAdaptation{}, with(plane(), [](Setting& s) { s.network.train = network::Trained::readout; }),
           "initial values"},
          {KernelAdaptation{}, with(plane(), [](Setting& s) { s.ridge = 0; }), "a ridge above 0"},
          {KernelAdaptation{}, online(plane()), "fresh examples"}};
}

}  // namespace fieldscan::theory::laws
