#include "fieldscan/theory/finite_width/deep_linear_decay.hpp"

#include <cmath>

#include "catch.hpp"
#include "theory/examples.hpp"
#include "theory/finite_width/draws.hpp"

using namespace fieldscan;
using namespace fieldscan::theory;
using namespace fieldscan::testing;

namespace fieldscan::theory::laws {

namespace {
Setting decaying(int depth, double ridge) {
  return with(small(dynamics::Descent{.rate = 0.01, .anchor = dynamics::Anchor::zero}), [&](Setting& s) {
    s.network.activation = network::Linear{};
    s.network.depth = depth;
    s.network.width = 30;
    s.network.chi = 30;
    s.ridge = ridge;
  });
}
}  // namespace

template <>
std::vector<Example> examples<DeepLinearDecay>() {
  return {{DeepLinearDecay{}, decaying(1, 0.05)}, {DeepLinearDecay{}, decaying(3, 0.01)}};
}

template <>
std::vector<Counterexample> counterexamples<DeepLinearDecay>() {
  const auto changed = [](auto change) { return with(decaying(1, 0.05), change); };
  return {
      {DeepLinearDecay{}, changed([](Setting& s) { s.network.activation = network::Erf{}; }), "the activation is erf"},
      {DeepLinearDecay{}, changed([](Setting& s) { s.dynamics = dynamics::Equilibrium{}; }), "the trainer is"},
      {DeepLinearDecay{}, changed([](Setting& s) { s.dynamics = dynamics::Flow{}; }), "initial parameters"},
      {DeepLinearDecay{}, changed([](Setting& s) { s.ridge = 0; }), "without a ridge"},
      {DeepLinearDecay{}, changed([](Setting& s) { s.network.train = network::Trained::readout; }), "all trained"},
      {DeepLinearDecay{}, changed([](Setting& s) { s.network.centred = true; }), "subtracted"},
      {DeepLinearDecay{}, changed([](Setting& s) { s.network.parameterisation = network::Parameterisation::mup; }),
       "ntk parameterisation"},
      {DeepLinearDecay{}, with(decaying(2, 0.05), [](Setting& s) { s.network.bias_variance = 1; }), "have biases"},
      {DeepLinearDecay{}, online(decaying(1, 0.05)), "fresh examples"}};
}

}  // namespace fieldscan::theory::laws

namespace {

/// The data of the reference entries: x/√d = table/√3, so that x has the rows of the table; tests read the slope β.
data::Draw entry_draw(const std::vector<double>& y) {
  return draw_of(table(5, 3, 1.3), reference::vector(y), std::sqrt(3.0) * Matrix::Identity(3, 3));
}

ScaledKernel scaled(const data::Draw& draw, double ridge, double chi) {
  return scaled_kernel(problem_of({.activation = network::Linear{}}, draw), draw.train.label, ridge, chi);
}

}  // namespace

TEST_CASE("decay towards zero has the reference slopes, at one to three hidden layers") {
  for (const auto& entry : reference::entries("decay_linear")) {
    CAPTURE(entry.name);
    const auto widths = testing::widths_of(entry);
    const DeepLinearDecay::Inputs inputs{
        .kernel = {.depth = static_cast<int>(widths.size()), .activation = network::Linear{}},
        .width = widths,
        .ridge = entry.number("kappa"),
        .chi = entry.number("chi")};
    const Result result = DeepLinearDecay{}.predict(inputs, entry_draw(entry.in.at("y")));
    CHECK(relative_difference(array_of(result, Observable::predictor), reference::vector(entry.out.at("beta"))) < 1e-8);
  }
}

TEST_CASE("one layer is nothing above the collapse edge, and a soft threshold on one point") {
  const auto entry = reference::entries("decay_collapse_edge").front();
  const data::Draw draw = entry_draw(entry.in.at("y"));
  const double edge = entry.out.at("kappa_c")[0];
  for (const double factor : {0.999, 1.001}) {
    const DecayMinimum minimum = decay_minimum(scaled(draw, factor * edge, 20), {20});
    CHECK(minimum.ridge.has_value() == (factor < 1));
    CHECK((minimum.norm > 0) == (factor < 1));
  }
  // f = y (1 − κ/(γ₀ |y|))₊ on a point with |x|² = d.
  const data::Draw point = draw_of(Matrix::Ones(1, 1), Vector::Constant(1, 1.7), Matrix::Ones(1, 1));
  const auto at = [&](double ridge) {
    const ScaledKernel kernel = scaled(point, ridge, 1.69 * 7);
    return kernel.value[0] * kernel.vectors(0, 0) * decay_minimum(kernel, {7}).weights[0];
  };
  CHECK(at(0.4) == Approx(1.3923076923076922).epsilon(1e-12));
  CHECK(at(1.3 * 1.7 * 1.01) == 0);
}

TEST_CASE("the minimum is one of the parameters' loss: brute force over balanced layers") {
  // A network of one unit per layer on one point: f = Π θ_l/√χ at |x|² = d; equal layers, then a scan of them.
  for (const int depth : {1, 2, 3}) {
    const double chi = 2, ridge = 0.2, y = 1.4;
    const data::Draw point = draw_of(Matrix::Ones(1, 1), Vector::Constant(1, y), Matrix::Ones(1, 1));
    const DecayMinimum minimum =
        decay_minimum(scaled(point, ridge, chi), std::vector<double>(static_cast<std::size_t>(depth), 1.0));
    double best = 1e9, at = 0;
    for (double theta = 0; theta < 3; theta += 1e-4) {
      const double f = std::pow(theta, depth + 1) / std::sqrt(chi);
      const double loss = (f - y) * (f - y) / 2 + ridge / (2 * chi) * (depth + 1) * theta * theta;
      if (loss < best) best = loss, at = theta;
    }
    CAPTURE(depth);
    CHECK(minimum.loss == Approx(best).epsilon(1e-7));
    CHECK(std::sqrt(minimum.norm) == Approx(at).margin(2e-4));
  }
}

TEST_CASE("a strong ridge leaves nothing, and none of the layers is larger than the labels ask for") {
  for (std::uint64_t r = 0; r < 5; ++r) {
    const data::Draw draw = random_draw(r);
    const auto size = [&](double ridge, std::vector<double> widths) {
      return decay_minimum(scaled(draw, ridge, 3), widths).norm;
    };
    CHECK(size(1e4, {9, 9}) == 0);
    CHECK(size(0.01, {9}) > size(0.1, {9}));
    CHECK(size(0.01, {9}) > 0);
  }
}
