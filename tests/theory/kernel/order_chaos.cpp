#include "fieldscan/theory/kernel/order_chaos.hpp"

#include <cmath>

#include "catch.hpp"
#include "fieldscan/theory/kernel/kernels.hpp"
#include "fieldscan/theory/list.hpp"
#include "fieldscan/theory/predict.hpp"
#include "theory/examples.hpp"

using namespace fieldscan;
using namespace fieldscan::theory;

namespace {

/// c and q after many layers, by the recursion of the kernels at two inputs of |x|² = d with cosine 0.6.
struct Deep {
  double variance, correlation;
};
Deep deep(const LayerMap& layer, int depth) {
  const KernelSpec spec{.depth = depth,
                        .activation = layer.activation,
                        .weight_variance = layer.weight_variance,
                        .bias_variance = layer.bias_variance};
  Matrix x(2, 2);
  x << std::sqrt(2.0), 0, 0.6 * std::sqrt(2.0), 0.8 * std::sqrt(2.0);
  const Matrix k = nngp_kernel(spec, x);
  const double q = layer.weight_variance * k(0, 0) + layer.bias_variance;
  return {q, (layer.weight_variance * k(0, 1) + layer.bias_variance) / q};
}

}  // namespace

TEST_CASE("deep networks reach the fixed points, at the rates of the slopes") {
  const std::vector<LayerMap> layers{{network::Erf{}, 0.9, 0.1},   {network::Erf{}, 3, 0.1},
                                     {network::Tanh{}, 2.5, 0.05}, {network::Tanh{}, 1.5, 0.2},
                                     {network::Relu{}, 1.5, 0.3},  {network::Gelu{}, 1.2, 0.2},
                                     {network::Sin{}, 3, 0.1}};
  for (const LayerMap& layer : layers) {
    CAPTURE(kind_of(layer.activation), layer.weight_variance, layer.bias_variance);
    const DepthLimit limit = depth_limit(layer);
    REQUIRE(limit.state == DepthState::finite);
    const Deep far = deep(layer, 400);
    CHECK(far.variance == Approx(limit.variance).epsilon(1e-9));
    CHECK(far.correlation == Approx(limit.correlation).epsilon(1e-8).margin(1e-12));
    // The last digits of the way there: the ratio of successive deviations.
    const int l = static_cast<int>(std::max(4.0, 12 * limit.correlation_length()));
    const double before = deep(layer, l).correlation - limit.correlation;
    const double after = deep(layer, l + 1).correlation - limit.correlation;
    if (std::abs(before) > 1e-9 && limit.variance_length() < limit.correlation_length())
      CHECK(after / before == Approx(limit.correlation_slope).epsilon(0.02));
    CHECK((limit.correlation < 1) == (limit.slope_at_equal > 1));
  }
}

TEST_CASE("order and chaos in closed form") {
  // The rectifier: q* = σ_b²/(1 − σ_w²/2), χ_1 = slope of q = σ_w²/2.
  const DepthLimit relu = depth_limit({network::Relu{}, 1.5, 0.3});
  CHECK(relu.variance == Approx(0.3 / 0.25).epsilon(1e-12));
  CHECK(relu.slope_at_equal == 0.75);
  CHECK(relu.variance_slope == Approx(0.75).epsilon(1e-10));
  CHECK(relu.variance_length() == Approx(-1 / std::log(0.75)).epsilon(1e-9));
  // erf without bias: q* solves q = σ_w² (2/π) asin(2q/(1 + 2q)), and the chaotic correlation of an odd φ is zero.
  const DepthLimit erf = depth_limit({network::Erf{}, 3, 0});
  CHECK(erf.variance ==
        Approx(6 / std::acos(-1.0) * std::asin(2 * erf.variance / (1 + 2 * erf.variance))).epsilon(1e-12));
  CHECK(erf.correlation == 0);
  const double q = erf.variance, pi = std::acos(-1.0);
  CHECK(erf.variance_slope ==
        Approx(6 / pi * 2 / ((1 + 2 * q) * std::sqrt(1 + 4 * q))).epsilon(1e-9));  // derivative of the line above
  CHECK(erf.correlation_slope == Approx(3 * 4 / pi / (1 + 2 * q)).epsilon(1e-12));
  // The square without bias has q = 3 σ_w² q² + σ_b².
  const DepthLimit square = depth_limit({network::Quadratic{}, 0.2, 0.05});
  CHECK(square.variance == Approx((1 - std::sqrt(1 - 4 * 0.6 * 0.05)) / 1.2).epsilon(1e-12));
}

TEST_CASE("critical points, signals that die and signals that grow") {
  const DepthLimit he = depth_limit({network::Relu{}, 2, 0});
  CHECK(he.state == DepthState::finite);
  CHECK(he.variance == 2);
  CHECK(he.slope_at_equal == 1);
  CHECK(he.correlation == 1);
  CHECK(he.correlation_length() == std::numeric_limits<double>::infinity());
  CHECK(depth_limit({network::Relu{}, 1.9, 0}).state == DepthState::dies_out);
  CHECK(depth_limit({network::Relu{}, 2.1, 0}).state == DepthState::grows);
  CHECK(depth_limit({network::Relu{}, 2, 0.1}).state == DepthState::grows);
  CHECK(depth_limit({network::Quadratic{}, 1, 0}).state == DepthState::grows);
  // tanh: critical at σ_w² = 1 without bias, where the variance dies out as a power law; no derivative loses it.
  const DepthLimit dead = depth_limit({network::Tanh{}, 1, 0});
  CHECK(dead.state == DepthState::dies_out);
  CHECK(dead.slope_at_equal == Approx(1).epsilon(1e-12));
  CHECK(depth_limit({network::Tanh{}, 1.001, 0}).variance == Approx(0.0005).epsilon(0.01));  // q = σ_w² (q − 2q² + …)
  CHECK(depth_limit({network::Tanh{}, 1.001, 0}).slope_at_equal > 1);
}

TEST_CASE("signal propagation as a theory") {
  Setting s;
  s.dynamics = dynamics::Unlike{};
  s.network.activation = network::Tanh{};
  s.network.weight_variance = 2;
  s.network.bias_variance = 0.1;
  const std::string text = prediction_text(SignalPropagation{}, s);
  s.network.width = 5;
  s.network.depth = 3;
  s.data.train_size = 7;
  CHECK(prediction_text(SignalPropagation{}, s) == text);
  CHECK(predict(SignalPropagation{}, s, 0).rows.size() == 7);
  s.network.weight_variance = PerLayer<double>(std::vector{1.0, 2.0, 1.0});
  CHECK(predict(SignalPropagation{}, s, 0).outcome == Outcome::not_applicable);
  s.network.activation = network::Relu{};
  s.network.weight_variance = 3;
  CHECK(applicability(SignalPropagation{}, s).because.find("without bound") != std::string::npos);
  s.network.weight_variance = 2;
  s.network.bias_variance = 0;
  const Result critical = predict(SignalPropagation{}, s, 0);
  for (const Row& row : critical.rows)
    CHECK((row.flag == Flag::censored) ==
          (row.observable == Observable::variance_length || row.observable == Observable::correlation_length));
  s.network.weight_variance = 1;
  CHECK(predict(SignalPropagation{}, s, 0).rows.size() == 5);
}

namespace fieldscan::theory::laws {

template <>
std::vector<Example> examples<SignalPropagation>() {
  const auto chaotic = [](Setting& s) { s.network.weight_variance = 3; };
  return {{SignalPropagation{}, with(sampler(), chaotic)},
          {SignalPropagation{}, with(online(unlike()), chaotic)},
          {SignalPropagation{}, descent()}};
}

template <>
std::vector<Counterexample> counterexamples<SignalPropagation>() {
  const auto rectifier = [](Setting& s) { s.network.activation = network::Relu{}; };
  return {{SignalPropagation{},
           with(sampler(),
                [](Setting& s) {
                  s.network.weight_variance = PerLayer<double>(std::vector{1.0, 2.0});
                }),
           "different variances"},
          {SignalPropagation{}, with(with(sampler(), rectifier), [](Setting& s) { s.network.weight_variance = 3; }),
           "without bound"}};
}

}  // namespace fieldscan::theory::laws
