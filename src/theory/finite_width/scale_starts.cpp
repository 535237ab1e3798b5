#include "scale_starts.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "fieldscan/core/solve/fixed_point.hpp"

namespace fieldscan::theory {

namespace {

constexpr std::array guesses = {0.3, 1.0, 3.0};
constexpr Index most_layers_apart = 6;  ///< 3⁶ starts
constexpr double nats_apart = 1, same_scale = 1e-3;

/// The action and what its derivatives by log q say, N_l (q_l − 1) = pull_l − trace_l.
struct DiagonalAction {
  double value = 0;
  Vector pull, trace;
};
DiagonalAction action_at(const DiagonalKernel& diagonal, const Vector& width, const Vector& log_layer) {
  const ScaledKernel& kernel = diagonal.kernel;
  const Index layers = log_layer.size();
  const Eigen::ArrayXd value = kernel.value.array() * (diagonal.exponent * log_layer.head(layers - 1) +
                                                       Vector::Constant(kernel.value.size(), log_layer[layers - 1]))
                                                          .array()
                                                          .exp();
  const Eigen::ArrayXd total = value + kernel.ridge, square = kernel.label.col(0).array().square();
  const Vector pull = kernel.chi * square * value / total.square(), trace = value / total;
  DiagonalAction out{.pull = Vector(layers), .trace = Vector(layers)};
  out.pull << diagonal.exponent.transpose() * pull, pull.sum();
  out.trace << diagonal.exponent.transpose() * trace, trace.sum();
  const Vector layer = log_layer.array().exp();
  out.value = width.dot(layer - log_layer) / 2 + 0.5 * (kernel.chi * (square / total).sum() + total.log().sum());
  return out;
}

}  // namespace

DiagonalKernel diagonal_kernel(const ScaledKernel& kernel, const std::vector<Matrix>& slope) {
  DiagonalKernel out{.kernel = kernel, .exponent = Matrix(kernel.value.size(), std::ssize(slope))};
  for (Index l = 0; l < out.exponent.cols(); ++l) {
    const Matrix turned = slope[static_cast<std::size_t>(l)] * kernel.vectors;
    const Vector own = kernel.vectors.cwiseProduct(turned).colwise().sum().transpose();
    out.exponent.col(l) =
        (kernel.value.array() > 0).select((own.array() / kernel.value.array()).max(0.0).min(2.0), 0.0);
  }
  return out;
}

std::vector<Vector> scale_starts(const DiagonalKernel& kernel, const Vector& width) {
  const Index layers = width.size(), three = std::ssize(guesses);
  const bool apart = layers <= most_layers_apart;
  const auto count = apart ? static_cast<Index>(std::pow(3.0, static_cast<double>(layers))) : three;
  const auto map = [&](const Vector& log_layer) -> Vector {
    const Vector layer = log_layer.array().exp();
    const DiagonalAction a = action_at(kernel, width, log_layer);
    const Vector off = width.cwiseProduct((layer.array() - 1).matrix()) - a.pull + a.trace;
    return log_layer - off.cwiseQuotient(width.cwiseProduct(layer) + a.pull.cwiseAbs());
  };
  std::vector<std::pair<double, Vector>> found;
  for (Index k = 0; k < count; ++k) {
    Vector start(layers);
    for (Index l = 0, rest = k; l < layers; ++l, rest = apart ? rest / three : rest)
      start[l] = std::log(guesses[static_cast<std::size_t>(rest % three)]);
    const auto solved = solve::fixed_point(map, start, {.tolerance = 1e-6, .steps = 100});
    const auto same = [&](const auto& one) { return (one.second - solved.value).norm() < same_scale; };
    if (solved.converged && std::ranges::none_of(found, same))
      found.emplace_back(action_at(kernel, width, solved.value).value, solved.value);
  }
  if (found.empty()) return {Vector::Ones(layers)};
  std::ranges::sort(found, {}, &std::pair<double, Vector>::first);
  std::vector<Vector> out;
  for (const auto& [action, log_layer] : found)
    if (action <= found.front().first + nats_apart) out.emplace_back(log_layer.array().exp());
  return out;
}

}  // namespace fieldscan::theory
