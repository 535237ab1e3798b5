#include "fieldscan/theory/finite_width/deep_linear.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "../../../src/theory/finite_width/hidden_kernels.hpp"
#include "../../../src/theory/finite_width/scaled_rows.hpp"
#include "catch.hpp"
#include "fieldscan/core/linear_algebra.hpp"
#include "near.hpp"
#include "theory/examples.hpp"
#include "theory/finite_width/draws.hpp"

using namespace fieldscan;
using namespace fieldscan::theory;
using namespace fieldscan::testing;

namespace fieldscan::theory::laws {

namespace {
Setting linear(const std::vector<int>& widths, double chi = 1) {
  return with(sampler(), [&](Setting& s) {
    s.network.activation = network::Linear{};
    s.network.depth = static_cast<int>(widths.size());
    s.network.width = widths.size() == 1 ? PerLayer<int>(widths[0]) : PerLayer<int>(widths);
    s.network.chi = chi;
  });
}
}  // namespace

template <>
std::vector<Example> examples<DeepLinear>() {
  const auto with_kernels = [](ScaleMethod method) {
    return DeepLinear{.method = method, .hidden_kernel = HiddenKernel::with};
  };
  return {{DeepLinear{}, linear({10})},
          {with_kernels(ScaleMethod::exact), linear({6, 9}, 3)},
          {with_kernels(ScaleMethod::exact), linear({7})},
          {with_kernels(ScaleMethod::mean_field), linear({8, 8, 8}, 8)},
          {DeepLinear{.method = ScaleMethod::saddle}, with(linear({12}), [](Setting& s) {
             s.dynamics = dynamics::Alone{};
             s.network.bias_variance = 0.3;
           })}};
}

template <>
std::vector<Counterexample> counterexamples<DeepLinear>() {
  return {{DeepLinear{}, sampler(), "the activation is erf"},
          {DeepLinear{}, with(linear({8, 8}), [](Setting& s) { s.network.bias_variance = 0.1; }), "have biases"},
          {DeepLinear{}, with(linear({8}), [](Setting& s) { s.dynamics = dynamics::Descent{.rate = 0.1}; }),
           "describes the posterior"},
          {DeepLinear{}, with(linear({8}), [](Setting& s) { s.network.train = network::Trained::readout; }),
           "keep their initial values"},
          {DeepLinear{}, online(linear({8})), "fresh examples"}};
}

}  // namespace fieldscan::theory::laws

namespace {

DeepLinear::Inputs inputs_of(const std::vector<int>& widths, double ridge, double chi) {
  return {.kernel = {.depth = static_cast<int>(widths.size()), .activation = network::Linear{}},
          .width = widths,
          .ridge = ridge,
          .chi = chi};
}

ScaledKernel scaled(const data::Draw& draw, double ridge, double chi) {
  return scaled_kernel(problem_of({.activation = network::Linear{}}, draw), draw.train.label, ridge, chi);
}

}  // namespace

TEST_CASE("the exact mixture has the reference numbers: moments, evidence, hidden kernel") {
  for (const auto& entry : reference::entries("deep_linear_exact")) {
    CAPTURE(entry.name);
    const data::Draw draw = draw_of(entry);
    const auto integers = testing::widths_of(entry);
    const auto inputs = inputs_of(integers, entry.number("kappa"), entry.number("chi"));
    const ScaledKernel kernel = scaled(draw, inputs.ridge, inputs.chi);
    const auto widths = theory::widths_of(inputs.width, inputs.kernel.depth);
    const ScaleMixture mixture = scale_mixture(kernel, widths, scale_saddle(kernel, widths, TraceTerm::kept));
    CHECK(reference::agrees(entry, mixture.scale.dot(mixture.weight), entry.out.at("EQ")[0]));
    const ScaledPosterior posterior = scaled_posterior(kernel, mixture);
    CHECK(relative_difference(posterior.mean, reference::vector(entry.out.at("mean"))) < 1e-11);
    CHECK(relative_difference(posterior.variance, reference::vector(entry.out.at("var"))) < 1e-10);
    const Result result = DeepLinear{.hidden_kernel = HiddenKernel::with}.predict(inputs, draw);
    CHECK(reference::agrees(entry, row_of(result, Observable::log_evidence), entry.out.at("log_evidence")[0]));
    if (entry.out.contains("hidden_kernel_train"))
      CHECK(relative_difference(array_of(result, Observable::hidden_kernel),
                                reference::vector(entry.out.at("hidden_kernel_train"))) < 1e-11);
  }
}

TEST_CASE("the saddle has the reference numbers, and without a ridge its closed equation") {
  for (const auto& entry : reference::entries("deep_linear_saddle")) {
    CAPTURE(entry.name);
    const data::Draw draw = draw_of(entry);
    const ScaledKernel kernel = scaled(draw, entry.number("kappa"), entry.number("chi"));
    const auto& widths = entry.in.at("widths");
    const ScaleSaddle saddle = scale_saddle(kernel, widths, TraceTerm::kept);
    CHECK(reference::agrees(entry, saddle.scale, entry.out.at("Q")[0]));
    CHECK(reference::agrees(entry, saddle.action, entry.out.at("S")[0]));
    CHECK(relative_difference(scaled_posterior(kernel, mixture_of(saddle, widths)).mean,
                              reference::vector(entry.out.at("mean"))) < 1e-9);
  }
  for (const auto& entry : reference::entries("ridgeless_scale")) {
    CAPTURE(entry.name);
    // 20 equal eigenvalues, P/N = α, |y|²/P = r₀.
    const Index points = 20;
    const double width = static_cast<double>(points) / entry.number("alpha");
    const Problem problem{
        .train = Matrix::Identity(points, points), .cross = Matrix::Identity(points, 1), .diagonal = Vector::Ones(1)};
    const Vector y = Vector::Constant(points, std::sqrt(entry.number("r0")));
    const ScaledKernel kernel = scaled_kernel(problem, y, 0, 1);
    const std::vector<double> widths(static_cast<std::size_t>(entry.number("L")), width);
    CHECK(reference::agrees(entry, scale_saddle(kernel, widths, TraceTerm::kept).layer[0], entry.out.at("q")[0]));
  }
}

TEST_CASE("mean field: the published scales, and the spike of the hidden kernel") {
  for (const auto& entry : reference::entries("mean_field_scale")) {
    const Problem problem{
        .train = Matrix::Identity(8, 8), .cross = Matrix::Identity(8, 1), .diagonal = Vector::Ones(1)};
    Vector y = Vector::Constant(8, std::sqrt(0.125));
    y.tail(4) *= -1;
    const auto depth = static_cast<std::size_t>(entry.number("L"));
    for (std::size_t k = 0; k < entry.in.at("gamma").size(); ++k) {
      const double gamma = entry.in.at("gamma")[k], width = 50, c = entry.out.at("c")[k];
      CAPTURE(entry.name, gamma);
      const ScaledKernel kernel = scaled_kernel(problem, y, entry.number("kappa"), gamma * gamma * width);
      const ScaleSaddle saddle = scale_saddle(kernel, std::vector<double>(depth, width), TraceTerm::dropped);
      CHECK(reference::agrees(entry, saddle.scale, c));
      // yᵀΦˡy = qˡ in every layer.
      const auto hidden = hidden_kernels_mean_field(kernel, saddle);
      for (std::size_t l = 0; l < depth; ++l)
        CHECK(y.dot(hidden[l] * y) == Approx(std::pow(saddle.layer[0], static_cast<double>(l + 1))).epsilon(1e-9));
    }
  }
  const auto entry = reference::entries("mean_field_linear").front();
  const auto inputs = inputs_of({30}, entry.number("kappa"), 30 * entry.number("chi_over_N"));
  const Result result = DeepLinear{.method = ScaleMethod::mean_field, .hidden_kernel = HiddenKernel::with}.predict(
      inputs, draw_of(entry));
  CHECK(reference::agrees(entry, row_of(result, Observable::kernel_scale), entry.out.at("Q")[0]));
  CHECK(relative_difference(array_of(result, Observable::predictor), reference::vector(entry.out.at("mean"))) < 1e-10);
  CHECK(relative_difference(array_of(result, Observable::hidden_kernel), reference::vector(entry.out.at("Kbar"))) <
        1e-9);
}

TEST_CASE("hidden kernels at first order: published, and the limit of the exact ones") {
  const auto entry = reference::entries("hidden_kernels_first_order").front();
  const Matrix given = reference::matrix(entry.in.at("G"), 6), labels = reference::matrix(entry.in.at("Y"), 2);
  const ScaledKernel kernel = scaled_kernel({.train = given, .cross = given, .diagonal = given.diagonal()}, labels,
                                            entry.number("kappa"), entry.number("chi"));
  const auto layers = hidden_kernels_first_order(kernel, entry.in.at("widths"));
  for (std::size_t l = 0; l < 3; ++l) {
    const Vector expected = reference::vector(entry.out.at("layers")).segment(36 * static_cast<Index>(l), 36);
    CHECK(relative_difference(layers[l].reshaped(), expected) < 1e-8);
  }
  // One layer: N (exact − K) tends to N (first order − K) as 1/N.
  const ScaledKernel one = scaled(random_draw(3), 0.3, 2);
  const Matrix infinite = one.vectors * one.value.asDiagonal() * one.vectors.transpose();
  double before = 0;
  for (const double width : {200.0, 800.0}) {
    const std::vector<double> widths{width};
    const auto mixture = scale_mixture(one, widths, scale_saddle(one, widths, TraceTerm::kept));
    const Matrix first = hidden_kernels_first_order(one, widths).front();
    const double off = width * (hidden_kernel_exact(one, mixture, width) - first).norm();
    CHECK(off < 0.1 * width * (first - infinite).norm());
    if (before > 0) CHECK(before / off == Approx(4).epsilon(0.1));
    before = off;
  }
}

TEST_CASE("the norms are derivatives of the evidence by the scale of a layer's weights") {
  const data::Draw draw = random_draw(1);
  const auto evidence = [&](double variance) {
    auto inputs = inputs_of({6, 9}, 0.2, 2);
    inputs.kernel.readout_variance = variance;
    return row_of(DeepLinear{}.predict(inputs, draw), Observable::log_evidence);
  };
  const Result result = DeepLinear{}.predict(inputs_of({6, 9}, 0.2, 2), draw);
  constexpr double h = 1e-3;
  const double slope =
      (8 * (evidence(std::exp(h)) - evidence(std::exp(-h))) - evidence(std::exp(2 * h)) + evidence(std::exp(-2 * h))) /
      (12 * h);
  for (const double layer : {1, 2, 3})
    CHECK(row_of(result, Observable::norm_excess, layer) == Approx(2 * slope).epsilon(1e-8));
  CHECK(row_of(result, Observable::kernel_scale) == Approx(1 + 2 * slope / 9).epsilon(1e-8));
}

TEST_CASE("limits of deep linear networks over random problems") {
  double farthest_wide = 0, nearest_narrow = 1e9;
  for (std::uint64_t r = 0; r < 6; ++r) {
    CAPTURE(r);
    const data::Draw draw = random_draw(r);
    const double chi = r % 2 == 0 ? 1 : 3, ridge = 0.05 * static_cast<double>(r + 1);
    const Problem problem = problem_of({.activation = network::Linear{}}, draw);
    const Factor f = factor(problem.train, ridge);
    const Vector mean = problem.cross.transpose() * f.solve(draw.train.label);
    const Vector variance = (problem.diagonal - f.half_solve(problem.cross).colwise().squaredNorm().transpose()) / chi;
    for (const ScaleMethod method : {ScaleMethod::exact, ScaleMethod::saddle, ScaleMethod::mean_field}) {
      const auto of = [&](int width, double kappa) {
        return DeepLinear{.method = method}.predict(inputs_of({width, 2 * width}, kappa, chi), draw);
      };
      const Result wide = of(1'000'000, ridge), narrow = of(10, ridge), strong = of(10, 1e9);
      const auto off = [&](const Result& one) {
        return (array_of(one, Observable::predictor) - mean).norm() / mean.norm();
      };
      farthest_wide = std::max(farthest_wide, off(wide));
      nearest_narrow = std::min(nearest_narrow, off(narrow));
      CHECK(row_of(wide, Observable::kernel_scale) == Approx(1).margin(1e-4));
      CHECK(row_of(wide, Observable::variance_posterior) == Approx(variance.mean()).epsilon(1e-3));
      CHECK(row_of(narrow, Observable::variance_posterior) > 0);
      CHECK(array_of(strong, Observable::predictor).norm() < 1e-6);
    }
  }
  CHECK(farthest_wide < 1e-4);
  CHECK(nearest_narrow > 1e-3);  // negative control: narrow networks are not there
}

TEST_CASE("training points that repeat, and a ridge of zero, are no trouble") {
  data::Draw draw = random_draw(2);
  draw.train.x.row(1) = draw.train.x.row(0);
  for (const double ridge : {0.0, 1e-8, 0.1}) {
    const Result result = DeepLinear{}.predict(inputs_of({9}, ridge, 1), draw);
    CHECK(std::isfinite(row_of(result, Observable::error_train)));
    CHECK(row_of(result, Observable::variance_posterior) > 0);
  }
  // κ → 0 is a limit.
  const double none = row_of(DeepLinear{}.predict(inputs_of({9}, 0, 1), draw), Observable::error_test),
               small = row_of(DeepLinear{}.predict(inputs_of({9}, 1e-7, 1), draw), Observable::error_test);
  CHECK(none == Approx(small).epsilon(1e-4));
}

TEST_CASE("a small ridge beside a kernel of few features learns no rounding") {
  // 12 points of 5 features: seven eigenvalues are rounding.
  const data::Draw draw = random_draw(5);
  const auto at = [&](double ridge) {
    const ScaledKernel kernel = scaled(draw, ridge, 1);
    const ScaleSaddle saddle = scale_saddle(kernel, {40.0}, TraceTerm::kept);
    return scaled_posterior(kernel, mixture_of(saddle, {40.0}));
  };
  const ScaledPosterior limit = at(0);
  for (const double ridge : {1e-8, 1e-10, 1e-12}) {
    CAPTURE(ridge);
    CHECK(relative_difference(at(ridge).mean, limit.mean) < 1e-3);
  }
  CHECK(relative_difference(at(1).mean, limit.mean) > 0.01);  // control: a ridge that matters
}
