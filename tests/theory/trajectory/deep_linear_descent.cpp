#include "fieldscan/theory/trajectory/deep_linear_descent.hpp"

#include <cmath>

#include "catch.hpp"
#include "near.hpp"
#include "theory/random.hpp"
#include "theory/setup.hpp"

using namespace fieldscan;
using namespace fieldscan::theory;
using fieldscan::testing::stream;

namespace deep_linear_descent_tests {

namespace {

std::string key(const std::string& what, std::int64_t step) { return what + "_" + std::to_string(step); }

/// Descent of one network of width N, all weights N(0, 1), h¹ = W¹x/√d, f = w·W^L…/(γ₀ N …): outputs at every step.
Matrix one_network(const Matrix& x, const Vector& y, const DeepLinearDescent& d, Index width, Index steps,
                   std::uint64_t key) {
  const double n = static_cast<double>(width), rate = d.rate * d.richness * d.richness * n;
  std::vector<Matrix> weights, moved, velocity;
  std::vector<double> scale;
  for (int l = 0; l <= d.depth; ++l) {
    const Index in = l == 0 ? x.cols() : width, out = l == d.depth ? 1 : width;
    weights.push_back(testing::normals(stream("deep linear", key * 10 + static_cast<std::uint64_t>(l)), out, in));
    moved.push_back(Matrix::Zero(out, in));
    velocity.push_back(moved.back());
    scale.push_back(l == d.depth ? 1 / (d.richness * n) : 1 / std::sqrt(static_cast<double>(in)));
  }
  Matrix outputs(x.rows(), steps + 1);
  for (Index t = 0; t <= steps; ++t) {
    std::vector<Matrix> layer{x.transpose()};
    for (int l = 0; l <= d.depth; ++l) layer.push_back(scale[l] * (weights[l] + moved[l]) * layer.back());
    outputs.col(t) = layer.back().transpose();
    Matrix back = (y - outputs.col(t)).transpose();
    std::vector<Matrix> gradient(weights.size());
    for (int l = d.depth; l >= 0; --l) {
      gradient[l] = scale[l] * back * layer[l].transpose();
      back = scale[l] * (weights[l] + moved[l]).transpose() * back;
    }
    for (std::size_t l = 0; l < weights.size(); ++l) {
      velocity[l] = d.momentum * velocity[l] + rate * gradient[l] - d.pull * moved[l];
      moved[l] += velocity[l];
    }
  }
  return outputs;
}

}  // namespace

TEST_CASE("the march agrees with the reference numbers over all points and times, and with published ones") {
  for (const auto& entry : reference::entries("linear_march")) {
    const Vector y = reference::vector(entry.in.at("y"));
    const Index points = y.size();
    Matrix kernel;
    if (entry.in.contains("K")) {
      kernel = reference::matrix(entry.in.at("K"), points);
    } else {
      const Matrix x = reference::matrix(entry.in.at("X"), 3);
      kernel = x * x.transpose() / 3;
    }
    const auto steps = static_cast<std::int64_t>(entry.number("steps"));
    std::vector<std::int64_t> at;
    for (std::int64_t t = 0; t <= steps; ++t) at.push_back(t);
    const auto states = deep_linear_descent(
        kernel, y,
        {.depth = static_cast<int>(entry.number("L")), .richness = entry.number("gamma0"), .rate = entry.number("eta")},
        at);
    REQUIRE(states.size() == at.size());
    std::size_t compared = 0;
    const auto compare = [&](const std::string& what, const Matrix& measured) {
      if (!entry.out.contains(what)) return;
      CAPTURE(entry.name, what);
      const Matrix expected = reference::matrix(entry.out.at(what), measured.cols());
      CHECK(near::largest_difference(measured, expected) <= entry.tolerance);
      ++compared;
    };
    for (std::int64_t t = 0; t <= steps; ++t) {
      const DeepLinearState& state = states[static_cast<std::size_t>(t)];
      const Vector f = kernel * state.coefficients;
      compare(key("f", t), f);
      compare(key("residual", t), y - f);
      compare("H_1_" + std::to_string(t), state.hidden.front());
    }
    for (std::size_t l = 0; entry.number("L") > 1 && l < states.back().hidden.size(); ++l)
      compare(key("H", static_cast<std::int64_t>(l + 1)), states.back().hidden[l]);
    CHECK(compared == entry.out.size());
  }
}

TEST_CASE("a little richness is lazy, and the first step goes by the tangent kernel at the start") {
  const Matrix x = testing::normals(stream("lazy linear"), 4, 6);
  const Vector y = testing::normal_vector(stream("lazy labels"), 4);
  const Matrix kernel = x * x.transpose() / 6;
  const double rate = 0.1;
  const auto lazy = deep_linear_descent(kernel, y, {.depth = 2, .richness = 1e-4, .rate = rate}, {0, 1, 30});
  const auto rich = deep_linear_descent(kernel, y, {.depth = 2, .richness = 1, .rate = rate}, {0, 1, 30});
  Vector residual = y;
  for (int t = 0; t < 30; ++t) residual -= rate * 3 * kernel * residual;
  CHECK(near::distance(y - kernel * lazy[2].coefficients, residual) < 1e-6);
  CHECK(near::distance(y - kernel * rich[2].coefficients, residual) > 1e-2);  // features
  CHECK(near::distance(rich[0].tangent, 3 * kernel) < 1e-14);
  CHECK(near::distance(rich[1].coefficients, rate * 3 * y) < 1e-13);
  CHECK(near::distance(lazy[2].tangent, 3 * kernel) < 1e-6);
}

// Means of 16 networks within some 4 of their standard errors and 1/N; off by more where networks are narrow.
TEST_CASE("wide linear networks descend as the march says, with momentum and a ridge; narrow ones do not") {
  const Matrix x = testing::normals(stream("deep x"), 3, 5);
  const Vector y = 1.5 * testing::normal_vector(stream("deep y"), 3);
  const Matrix kernel = x * x.transpose() / 5;
  const Index steps = 12;
  const auto distance = [&](const DeepLinearDescent& d, Index width) {
    const auto states = deep_linear_descent(kernel, y, d, {steps});
    Vector mean = Vector::Zero(3);
    for (std::uint64_t k = 0; k < 16; ++k)
      mean += one_network(x, y, d, width, steps, k + 100 * static_cast<std::uint64_t>(width)).col(steps) / 16;
    return near::distance(mean, kernel * states.at(0).coefficients);
  };
  const DeepLinearDescent plain{.depth = 2, .richness = 1, .rate = 0.1};
  const DeepLinearDescent heavy{.depth = 2, .richness = 1, .rate = 0.05, .momentum = 0.6, .pull = 0.1};
  for (const DeepLinearDescent& d : {plain, heavy}) {
    CAPTURE(d.momentum);
    CHECK(distance(d, 160) < 0.04);
    CHECK(distance(d, 4) > 0.06);
  }
  DeepLinearDescent light = heavy;
  light.momentum = 0;
  const Vector with = deep_linear_descent(kernel, y, heavy, {steps})[0].coefficients,
               without = deep_linear_descent(kernel, y, light, {steps})[0].coefficients;
  CHECK(near::distance(kernel * with, kernel * without) > 0.1);
}

TEST_CASE("a march that grows ends before its last step") {
  const Matrix kernel = Matrix::Identity(2, 2);
  const Vector y = Vector::Ones(2);
  const auto states = deep_linear_descent(kernel, y, {.depth = 1, .richness = 1, .rate = 3}, {0, 1, 40});
  CHECK(states.size() < 3);
  CHECK(states.size() >= 1);
}

}  // namespace deep_linear_descent_tests
