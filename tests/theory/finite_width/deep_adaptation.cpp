#include "fieldscan/theory/finite_width/deep_adaptation.hpp"

#include <cmath>

#include "../../../src/theory/finite_width/deep_weights.hpp"
#include "catch.hpp"
#include "fieldscan/core/linear_algebra.hpp"
#include "fieldscan/core/solve/root.hpp"
#include "fieldscan/theory/finite_width/problem.hpp"
#include "fieldscan/theory/regression/nngp.hpp"
#include "near.hpp"
#include "theory/examples.hpp"

using namespace fieldscan;
using namespace fieldscan::theory;

namespace {

Vector array_of(const Result& result, Observable observable) {
  for (const Array& array : result.arrays)
    if (array.observable == observable)
      return Eigen::Map<const Vector>(array.data.data(), static_cast<Index>(array.data.size()));
  FAIL("no array of " << word(observable));
  return {};
}
double value_of(const Result& result, Observable observable) {
  for (const Row& row : result.rows)
    if (row.observable == observable) return row.value;
  FAIL("no row of " << word(observable));
  return 0;
}

Setting learning(int depth, int width, double chi) {
  return laws::with(laws::sampler(), [&](Setting& s) {
    s.network.depth = depth;
    s.network.width = width;
    s.network.chi = chi;
    s.data.train_size = 12;
  });
}

/// Q f̄ of a deep linear network at its saddle: log Q = Σ log(1 + g/N_l), without the trace term of g.
Vector linear_saddle(const Setting& s, const data::Draw& draw, const std::vector<double>& widths) {
  const Problem problem = problem_of(kernel_spec(s.network), draw);
  const Vector label = draw.train.label;
  const auto t_at = [&](double scale) { return Vector(factor(scale * problem.train, s.ridge).solve(label)); };
  const auto rest = [&](double log_scale) {
    const double scale = std::exp(log_scale);
    const Vector t = t_at(scale);
    const double g = s.network.chi * scale * t.dot(problem.train * t);
    double sum = -log_scale;
    for (const double width : widths) sum += std::log1p(g / width);
    return sum;
  };
  const double scale = std::exp(solve::root_between(rest, 0, 20).value);
  return scale * problem.cross.transpose() * t_at(scale);
}

}  // namespace

TEST_CASE("one layer of normal pre-activations is a layer of normal weights") {
  for (const VariationalMethod method : {VariationalMethod::saddle, VariationalMethod::mean_field})
    for (const double chi : {1.0, 30.0}) {
      const Setting s = learning(1, 30, chi);
      const Result deep = predict(DeepAdaptation{.method = method}, s, 0),
                   one = predict(VariationalAdaptation{.method = method}, s, 0);
      CHECK(near::largest_difference(array_of(deep, Observable::predictor), array_of(one, Observable::predictor)) <
            1e-6);
      CHECK(near::largest_difference(array_of(deep, Observable::hidden_kernel),
                                     array_of(one, Observable::hidden_kernel)) < 1e-6);
      CHECK(value_of(deep, Observable::overlap_moment) ==
            Approx(value_of(one, Observable::overlap_moment)).epsilon(1e-5));
    }
}

TEST_CASE("deep linear networks have the means of their saddle at chi = N") {
  for (const auto& widths : {std::vector<int>{20, 20}, {15, 40}, {30, 20, 25}}) {
    const Setting s = laws::with(learning(static_cast<int>(widths.size()), 20, 20), [&](Setting& one) {
      one.network.width = widths;
      one.network.activation = network::Linear{};
      one.network.bias_variance = 0.0;
      one.data.noise = 0.3;
    });
    const data::Draw draw = data::make_draw(s.data, s.seed, 0);
    const Result result = predict(DeepAdaptation{.method = VariationalMethod::mean_field}, s, {0, 0}, draw);
    const Vector exact = linear_saddle(s, draw, {widths.begin(), widths.end()});
    CHECK(near::largest_difference(array_of(result, Observable::predictor), exact) < 1e-7);
    CHECK(exact.norm() > 0.1);
  }
}

TEST_CASE("deep adaptation of wide networks is the Gaussian process; at finite width it deviates as 1/N") {
  double last = 0;
  for (const int width : {1000, 10000, 1000000}) {
    const Setting s = learning(2, width, 1);
    const Result deep = predict(DeepAdaptation{}, s, 0), wide = predict(Nngp{}, s, 0);
    const double distance =
        near::distance(array_of(deep, Observable::predictor), array_of(wide, Observable::predictor));
    CHECK(value_of(deep, Observable::variance_posterior) > 0);
    if (width == 10000) CHECK(distance == Approx(last / 10).epsilon(0.05));
    if (width == 1000000) CHECK(distance == Approx(last / 100).epsilon(0.05));
    last = distance;
  }
}

TEST_CASE("test points have the kernels that training points have") {
  const Setting s = learning(3, 25, 10);
  data::Draw draw = data::make_draw(s.data, s.seed, 0);
  draw.test = draw.train;  // the mean at the training points is y − κ t
  draw.test.target = draw.train.label;
  const Result result = predict(DeepAdaptation{}, s, {0, 0}, draw);
  const Matrix kernel = array_of(result, Observable::nngp_empirical).reshaped(12, 12);
  const Vector mean = kernel * factor(kernel, s.ridge).solve(draw.train.label);
  CHECK(near::largest_difference(array_of(result, Observable::predictor), mean) < 1e-8);
}

namespace fieldscan::theory::laws {

template <>
std::vector<Example> examples<DeepAdaptation>() {
  const auto uneven = [](Setting& s) {
    s.network.width = std::vector<int>{30, 50};
    s.network.bias_variance = 0.2;
  };
  return {{DeepAdaptation{}, learning(2, 40, 4)},
          {DeepAdaptation{.method = VariationalMethod::mean_field}, with(learning(2, 40, 4), uneven)}};
}

template <>
std::vector<Counterexample> counterexamples<DeepAdaptation>() {
  return {{DeepAdaptation{}, descent(), "describes the posterior"},
          {DeepAdaptation{}, with(learning(2, 40, 4), [](Setting& s) { s.ridge = 0; }), "a ridge above 0"},
          {DeepAdaptation{}, with(learning(2, 40, 4), [](Setting& s) { s.network.train = network::Trained::readout; }),
           "initial values"},
          {DeepAdaptation{}, online(learning(2, 40, 4)), "fresh examples"}};
}

}  // namespace fieldscan::theory::laws
