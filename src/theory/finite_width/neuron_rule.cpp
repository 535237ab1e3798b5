#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "neuron.hpp"
#include "neuron_chains.hpp"

namespace fieldscan::theory {

namespace {

/// Nodes that are looked at, those that count, and features at these: 0.4 GB with their copies.
constexpr double most_looked_at = 1e7, most_rule_nodes = 1.2e6, most_rule_features = 2.5e7;
constexpr double rule_good = 1e-7, rule_enough = 1e-3, outside_enough = 1e-11;
constexpr double error_power = 1.5;  ///< of the change, see the header
constexpr double counted_nats = 30;  ///< below the largest density
constexpr Index block_rows = 4096;

/// Nodes of spacing h inside the ball |z| ≤ radius, in rows [m × D], a block at a time.
template <class Do>
void for_each_block(Index dimension, double radius, double spacing, Do&& what) {
  const auto half = static_cast<Index>(std::floor(radius / spacing)), side = 2 * half + 1;
  Matrix block(dimension, block_rows);
  Vector at(dimension);
  Index total = 1, filled = 0;
  for (Index k = 0; k < dimension; ++k) total *= side;
  for (Index cell = 0; cell < total; ++cell) {
    for (Index k = 0, rest = cell; k < dimension; ++k, rest /= side)
      at[k] = spacing * static_cast<double>(rest % side - half);
    if (!(at.squaredNorm() <= radius * radius)) continue;
    block.col(filled++) = at;
    if (filled < block_rows) continue;
    what(Matrix(block.transpose()));
    filled = 0;
  }
  if (filled > 0) what(Matrix(block.leftCols(filled).transpose()));
}

/// The logarithm of p_t, but for a constant.
Vector log_density(const SaddleProblem& problem, const Matrix& z, const Matrix& feature, const Matrix& t) {
  return 0.5 * (problem.strength * (feature * t).rowwise().squaredNorm() - z.rowwise().squaredNorm());
}

/// The nodes of a ball whose density under p_t is not below e^−30 of the largest; without t all of them.
Population ball_nodes(const network::ActivationChoice& activation, const Matrix& inputs, const SaddleProblem& problem,
                      double radius, double spacing, const Matrix* t) {
  const Index dimension = inputs.cols();
  double threshold = -std::numeric_limits<double>::infinity();
  if (t)
    for_each_block(dimension, radius, spacing, [&](const Matrix& z) {
      const Vector density = log_density(problem, z, seen_features(problem, activation, z, inputs), *t);
      threshold = std::max(threshold, density.maxCoeff() - counted_nats);
    });
  std::vector<double> place, feature;
  for_each_block(dimension, radius, spacing, [&](const Matrix& z) {
    const Matrix phi = seen_features(problem, activation, z, inputs);
    const Vector density = t ? log_density(problem, z, phi, *t) : Vector::Zero(z.rows());
    for (Index m = 0; m < z.rows(); ++m) {
      if (!(density[m] >= threshold)) continue;
      for (Index k = 0; k < dimension; ++k) place.push_back(z(m, k));
      for (Index k = 0; k < phi.cols(); ++k) feature.push_back(phi(m, k));
    }
  });
  const Index count = std::ssize(place) / dimension;
  Population out{.z = Eigen::Map<const Matrix>(place.data(), dimension, count).transpose(),
                 .log_weight = {},
                 .feature = Eigen::Map<const Matrix>(feature.data(), problem.labels.rows(), count).transpose(),
                 .chain = 0};
  out.log_weight = -0.5 * out.z.rowwise().squaredNorm();
  return out;
}

/// Weight of the outermost tenth of the ball under p_t.
double weight_outside(const Adaptation& adaptation, double radius) {
  const Vector size = adaptation.population.z.rowwise().norm();
  return (size.array() > 0.9 * radius).select(adaptation.saddle.weight, 0.0).sum();
}

}  // namespace

solve::Solved<Adaptation> adapt_by_rule(const network::ActivationChoice& activation, const Matrix& inputs,
                                        const SaddleProblem& problem, const Matrix& start) {
  const auto dimension = static_cast<double>(inputs.cols()), points = static_cast<double>(inputs.rows());
  double radius = 9, spacing = 0.6;
  bool refined = false;  // since the last time that t was found in this ball
  solve::Solved<Adaptation> out;
  Matrix t = start;
  for (out.steps = 1;; ++out.steps) {
    Population population = ball_nodes(activation, inputs, problem, radius, spacing, refined ? &t : nullptr);
    const auto nodes = static_cast<double>(population.z.rows());
    if (!(nodes <= most_rule_nodes && nodes * points <= most_rule_features)) return out;
    out.value = {.population = std::move(population), .saddle = {}};
    out.value.saddle = find_saddle(problem, out.value.population, t);
    out.residual = problem.labels.isZero(0) ? 0.0 : (out.value.saddle.t - t).norm() / std::max(t.norm(), 1e-300);
    out.value.rule_error = std::pow(out.residual, error_power);
    const bool cut = weight_outside(out.value, radius) > outside_enough;
    out.converged = refined && !cut && out.residual <= rule_enough;
    if (refined && !cut && out.residual <= rule_good) return out;
    t = out.value.saddle.t;
    (cut ? radius : spacing) *= cut ? 1.4 : 1 / 1.5;
    refined = !cut;
    if (!(std::pow(2 * radius / spacing, dimension) <= most_looked_at)) return out;
  }
}

}  // namespace fieldscan::theory
